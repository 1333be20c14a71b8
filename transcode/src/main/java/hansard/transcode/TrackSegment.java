package hansard.transcode;

import hansard.wire.Codec;
import hansard.wire.Frame;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What of a track is in one codec: its file, and what goes with it. */
final class TrackSegment implements AutoCloseable {
    private final Codec codec;
    private final FrameGate gate;
    private final TrackFile file = new TrackFile();
    private @Nullable Rendition rendition;

    TrackSegment(Codec codec, FrameGate gate) {
        this.codec = codec;
        this.gate = gate;
    }

    Codec codec() {
        return codec;
    }

    FrameGate.Verdict look(Frame frame) {
        return gate.look(frame.payload().array());
    }

    /** Muxes a frame, in order of media time. @return as {@link TrackFile#add} */
    OptionalLong add(Frame frame, FrameGate.Usable look) {
        OptionalLong leftOut = file.add(frame, look);
        if (leftOut.isEmpty()) {
            return leftOut;
        }
        if (file.format() instanceof TrackFormat.G722) {
            if (rendition == null) {
                rendition = new Rendition(codec, file.startMicros());
            }
            rendition.add(frame);
        }
        return leftOut;
    }

    TrackFile file() {
        return file;
    }

    /** The same in a form that browsers play, where they do not play it as it came. */
    @Nullable
    Rendition rendition() {
        return rendition;
    }

    /** Writes the rest. A repeat does nothing. */
    void finish() {
        file.finish();
        if (rendition != null) {
            rendition.finish();
        }
    }

    @Override
    public void close() {
        if (rendition != null) {
            rendition.close();
        }
        file.close();
    }
}
