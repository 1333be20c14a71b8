package hansard.transcode;

import hansard.wire.Frame;
import hansard.wire.FrameRecord;
import hansard.wire.KeptFrames;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.WritableByteChannel;

/**
 * All frames of a track that is sealed end to end, in sealed scratch while the track lasts, and how many of them nobody could open. They are
 * kept for as long as there is one such: the track is made anew from them when its key is released.
 */
final class UnopenedFrames implements AutoCloseable {
    private final long generation;
    private final SealedScratch scratch = SealedScratch.create();
    private long unopened;
    private long firstMicros = Long.MAX_VALUE;
    private long lastMicros = Long.MIN_VALUE;

    UnopenedFrames(long generation) {
        this.generation = generation;
    }

    /** @param bundle as {@link Frame#toBytes} made it */
    void add(byte[] bundle) {
        try {
            KeptFrames.write(scratch, bundle);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A frame of the bundle is still sealed. */
    void leftSealed(Frame frame) {
        unopened++;
        firstMicros = Math.min(firstMicros, frame.mediaMicros());
        lastMicros = Math.max(lastMicros, frame.mediaMicros());
    }

    long count() {
        return unopened;
    }

    /** Of the first frame that is still sealed; only when there is one. */
    long startMicros() {
        return firstMicros;
    }

    /** From the first frame that is still sealed to the last. */
    long durationMicros() {
        return lastMicros - firstMicros;
    }

    /** Whether the track's kept frames must be written: there are some, or an earlier generation had some that are opened now. */
    boolean mustBeStored() {
        return unopened > 0 || generation > 0;
    }

    /** Writes the object's content: every frame, or none once all are opened. May be repeated. */
    void copyTo(WritableByteChannel to, FrameRecord.Ended ended) {
        try {
            new KeptFrames(ended.stream(), generation, ended.account(), ended.endedMicros(), ended.reason())
                    .writeTo(to);
            if (unopened > 0) {
                FastStart.copyRange(scratch, 0, scratch.size(), to);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            scratch.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
