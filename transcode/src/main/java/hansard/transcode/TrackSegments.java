package hansard.transcode;

import hansard.wire.Codec;
import hansard.wire.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A track's files, one for each time that its sender changed the codec. A codec that is announced takes over with the first frame that a file
 * may begin with; until then the one before may go on.
 */
final class TrackSegments implements AutoCloseable {
    /** A sender that changes more often is no sender; what comes then in another codec is counted. */
    static final int MOST = 64;

    private final List<TrackSegment> segments = new ArrayList<>();
    /** Of another codec than the last of them, and without a frame yet. */
    private @Nullable TrackSegment next;

    /** What became of a frame. */
    sealed interface Taken {}

    /** @param leftOutMicros of its sound, because other sound is there */
    record Muxed(FrameGate.Usable look, long leftOutMicros) implements Taken {}

    /** No key frame has come yet. */
    record Unkeyed() implements Taken {}

    record Bad(String why) implements Taken {}

    /** Nobody here can mux it. */
    record Elsewhere(String why) implements Taken {}

    /** Takes the next frame, in order of media time. */
    Taken add(Frame frame, Codec codec) {
        TrackSegment segment = of(codec);
        if (segment == null) {
            return new Elsewhere(
                    segments.size() < MOST
                            ? "frames in " + codec.name() + " cannot be put into a file"
                            : "the codec changed more than " + MOST + " times");
        }
        return switch (segment.look(frame)) {
            case FrameGate.Bad bad -> new Bad(bad.why());
            case FrameGate.Usable usable -> {
                OptionalLong leftOut = segment.add(frame, usable);
                if (leftOut.isEmpty()) {
                    yield new Unkeyed();
                }
                if (segment == next) {
                    takesOver(segment);
                }
                yield new Muxed(usable, leftOut.getAsLong());
            }
        };
    }

    private @Nullable TrackSegment of(Codec codec) {
        TrackSegment last = segments.isEmpty() ? null : segments.getLast();
        if (last != null && last.codec().equals(codec)) {
            return last;
        }
        TrackSegment candidate = next;
        if (candidate == null || !candidate.codec().equals(codec)) {
            FrameGate gate = segments.size() == MOST
                    ? null
                    : FrameGate.of(codec.name(), codec.channels()).orElse(null);
            if (gate == null) {
                return null;
            }
            if (candidate != null) {
                candidate.close();
            }
            candidate = new TrackSegment(codec, gate);
            next = candidate;
        }
        return candidate;
    }

    private void takesOver(TrackSegment segment) {
        next = null;
        TrackSegment before = segments.isEmpty() ? null : segments.getLast();
        segments.add(segment);
        if (before != null) {
            before.finish();
        }
    }

    boolean isEmpty() {
        return segments.isEmpty();
    }

    /** Those with media, in order. */
    List<TrackSegment> all() {
        return segments;
    }

    long startMicros() {
        return segments.getFirst().file().startMicros();
    }

    /** From the first frame's start to the last one's end. */
    long durationMicros() {
        TrackFile last = segments.getLast().file();
        return last.startMicros() + last.durationMicros() - startMicros();
    }

    /** Frames in all of them. */
    long written() {
        return segments.stream().mapToLong(s -> s.file().written()).sum();
    }

    /** Writes the rest. A repeat does nothing. */
    void finish() {
        segments.forEach(TrackSegment::finish);
    }

    @Override
    public void close() {
        segments.forEach(TrackSegment::close);
        if (next != null) {
            next.close();
        }
    }
}
