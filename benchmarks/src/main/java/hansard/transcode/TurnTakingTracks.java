package hansard.transcode;

import hansard.wire.Frame;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Makes the stored tracks of a call of people who take turns, for {@code mix-vs-ffmpeg}. */
public final class TurnTakingTracks {
    private TurnTakingTracks() {}

    /** @param arguments the folder, the speakers, the seconds, the noise ({@link RoomTone}), {@code dtx} or {@code steady} */
    public static void main(String[] arguments) throws IOException {
        TurnTaking call = TurnTaking.of(
                Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]), RoomTone.of(arguments[3]));
        for (int i = 0; i < call.tracks().size(); i++) {
            write(call.tracks().get(i), arguments[4].equals("dtx"), Path.of(arguments[0], "v" + (i + 1) + ".webm"));
        }
    }

    static void write(short[] track, boolean dtx, Path path) throws IOException {
        FrameGate gate = FrameGate.of("opus", 2).orElseThrow();
        try (TrackFile file = new TrackFile();
                FileChannel to = FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            for (Frame frame : ChromiumEncoder.frames(track, dtx)) {
                file.add(frame, (FrameGate.Usable) gate.look(frame.payload().array()));
            }
            file.finish();
            file.copyTo(to);
        }
    }
}
