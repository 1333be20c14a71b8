package hansard.transcode;

import hansard.wire.Frame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** One track's container in a sealed scratch. Begins with the first frame that a track can begin with. */
final class TrackFile implements AutoCloseable {
    /** What the last video frame is shown for when it is the only one. */
    private static final long LONE_FRAME_MICROS = 33_333;

    private static final long MAX_LAST_FRAME_MICROS = 1_000_000;

    private final SealedScratch scratch = SealedScratch.create();
    private @Nullable Muxer muxer;
    private @Nullable TrackFormat format;
    private @Nullable Pending pending;
    private @Nullable SampleFill fill;
    private long startMicros;
    private long endMicros;
    private long soundEndMicros = Long.MIN_VALUE;
    private long lastStepMicros = LONE_FRAME_MICROS;
    private long written;

    /** A frame whose duration is known when the next one comes. */
    private record Pending(Frame frame, boolean keyframe) {}

    /**
     * Muxes a frame, in order of media time.
     *
     * @return how much of it nobody hears because other sound is there, in microseconds; empty when no key frame has come yet
     */
    OptionalLong add(Frame frame, FrameGate.Usable look) {
        if (muxer == null) {
            Optional<TrackFormat> start = look.start();
            if (start.isEmpty()) {
                return OptionalLong.empty();
            }
            format = start.get();
            startMicros = frame.mediaMicros();
            muxer = new Muxer(format, scratch);
            fill = format instanceof TrackFormat.G711 g711 ? new SampleFill(g711, startMicros) : null;
        }
        if (fill != null) {
            return fill.add(frame, this::write);
        }
        boolean keyframe = look.start().isPresent();
        if (look.durationMicros().isPresent()) {
            long duration = look.durationMicros().get();
            write(frame, duration, keyframe);
            boolean heard = frame.mediaMicros() + duration > soundEndMicros; // or some of it
            soundEndMicros = Math.max(soundEndMicros, frame.mediaMicros() + duration);
            return OptionalLong.of(heard ? 0 : duration);
        } else {
            writePending(frame.mediaMicros());
            pending = new Pending(frame, keyframe);
        }
        return OptionalLong.of(0);
    }

    boolean isEmpty() {
        return muxer == null;
    }

    long startMicros() {
        return startMicros;
    }

    /** From the first frame's start to the last one's end. */
    long durationMicros() {
        return endMicros - startMicros;
    }

    long written() {
        return written;
    }

    /** What it is. Only when not empty. */
    TrackFormat format() {
        return Native.present(format, "a track's format");
    }

    /** Writes the last frame and the index. A repeat does nothing. */
    void finish() {
        if (muxer != null) {
            if (pending != null) {
                long last = Math.clamp(lastStepMicros, 1_000, MAX_LAST_FRAME_MICROS);
                writePending(pending.frame.mediaMicros() + last);
            }
            muxer.finish();
        }
    }

    /** Copies the finished file, index first. May be repeated. */
    void copyTo(WritableByteChannel to) {
        try {
            if (format instanceof TrackFormat.H264) {
                FastStart.copy(scratch, to);
            } else {
                FastStart.copyRange(scratch, 0, scratch.size(), to);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void writePending(long nextMicros) {
        Pending last = pending;
        if (last != null) {
            pending = null;
            lastStepMicros = nextMicros - last.frame.mediaMicros();
            write(last.frame, lastStepMicros, last.keyframe);
        }
    }

    private void write(Frame frame, long durationMicros, boolean keyframe) {
        write(frame.payload().array(), frame.mediaMicros() - startMicros, durationMicros, keyframe);
        written++;
    }

    private void write(byte[] payload, long atMicros, long durationMicros, boolean keyframe) {
        Native.present(muxer, "a muxer").write(payload, atMicros, durationMicros, keyframe);
        endMicros = Math.max(endMicros, startMicros + atMicros + durationMicros);
    }

    @Override
    public void close() {
        if (muxer != null) {
            muxer.close();
        }
        try {
            scratch.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
