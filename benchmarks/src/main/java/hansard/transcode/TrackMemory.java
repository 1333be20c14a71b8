package hansard.transcode;

import hansard.wire.Frame;
import hansard.wire.MediaKind;
import hansard.wire.Observation;
import hansard.wire.StreamDescription;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What a track in the making holds in memory, hour by hour, in accelerated time: real speech as in {@link TurnTaking}, over and over, through
 * all parts of a track that remember anything (the window that puts frames in order, the file, the decoder and cutter for the recogniser, the
 * coverage), with a packet lost every ten seconds. To be run with a heap of a fixed size that is all touched: then what the process grows by is native.
 */
public final class TrackMemory implements SpeechGate.Sink {
    private static final long PACKET_MICROS = 20_000;
    private static final int PACKETS_BETWEEN_LOSSES = 500;
    private static final int PACKETS_A_MINUTE = 3_000;
    private static final long EPOCH_MICROS = 1_795_132_800_000_000L;

    private final ReorderWindow window = new ReorderWindow();
    private final TrackFile file = new TrackFile();
    private final LostPackets lost = new LostPackets();
    private final CoverageLog coverage = new CoverageLog(stream());
    private final FrameGate gate = FrameGate.of("opus", 2).orElseThrow();
    private final SpeechCutter cutter = new SpeechCutter(this, new OpusDecoder(SoundDecoder.TO_RECOGNISE), lost);
    private long spokenSamples;

    private TrackMemory() {}

    /** @param arguments minutes of call, minutes from one line to the next */
    public static void main(String[] arguments) throws IOException {
        int minutes = Integer.parseInt(arguments[0]);
        int step = Integer.parseInt(arguments[1]);
        List<Frame> frames = ChromiumEncoder.frames(
                TurnTaking.of(2, 120, RoomTone.of("-66")).tracks().getFirst(), false);
        TrackMemory track = new TrackMemory();
        System.out.printf("%8s %12s %14s %16s %12s%n", "minutes", "heap, KiB", "process, KiB", "packets", "heard, s");
        for (int minute = 0; minute < minutes; minute++) {
            for (int i = 0; i < PACKETS_A_MINUTE; i++) {
                track.add(frames, (long) minute * PACKETS_A_MINUTE + i);
            }
            if (minute == 0 || (minute + 1) % step == 0) {
                track.print(minute + 1);
            }
        }
    }

    private void add(List<Frame> frames, long number) {
        Frame once = frames.get((int) (number % frames.size()));
        long at = EPOCH_MICROS + number * PACKET_MICROS;
        if (number % PACKETS_BETWEEN_LOSSES == PACKETS_BETWEEN_LOSSES - 1) {
            List<Observation> missing =
                    List.of(new Observation.Missing(0, number, number, at - PACKET_MICROS, at + PACKET_MICROS));
            lost.observed(missing);
            coverage.observed(missing);
            return;
        }
        Frame now = new Frame(
                at, number * OpusEncoder.FRAME_SAMPLES, at, 1, true, false, -1, Frame.OF_THE_CODEC, once.payload());
        for (Frame frame : window.add(now, 20_000)) {
            byte[] payload = frame.payload().array();
            file.add(frame, (FrameGate.Usable) gate.look(payload));
            coverage.heard(frame, PACKET_MICROS, cutter.add(frame.mediaMicros(), payload));
        }
    }

    @Override
    public void began(long startMicros) {}

    @Override
    public void speech(long startMicros, int samples, byte[] pcm) {
        spokenSamples += samples;
    }

    @Override
    public void paused(long startMicros) {}

    private void print(int minutes) throws IOException {
        System.gc();
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        System.out.printf(
                "%8d %12d %14d %16d %12d%n",
                minutes, heap >> 10, residentKibibytes(), file.written(), spokenSamples / 16_000);
    }

    private static long residentKibibytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return 0;
    }

    private static StreamDescription stream() {
        return new StreamDescription(
                "s",
                "c",
                "t",
                "p",
                MediaKind.AUDIO,
                "opus",
                48_000,
                2,
                Map.of(111, "opus"),
                Map.of(),
                StreamDescription.Srtp.fresh("AES_CM_128_HMAC_SHA1_80"),
                null,
                0,
                false,
                "",
                "");
    }
}
