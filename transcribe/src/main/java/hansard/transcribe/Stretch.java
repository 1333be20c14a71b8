package hansard.transcribe;

import hansard.wire.SpeechRecord;
import hansard.wire.Unheard;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of speech between its Began record and the moment its words are durable: what it consists of, as far as it was read.
 * The reader adds, one worker takes. Its pieces are kept, sealed, until it is done, so that it can be heard again if the
 * recogniser crashes; one that waits may be told to let go of them, and is read again when its turn comes.
 */
final class Stretch {
    private final Track track;
    private final long startMicros;
    private final long offset;
    private final long producedMillis;
    private final boolean readAgain;
    private final List<SpeechRecord.Speech> pieces = new ArrayList<>();
    private long samples;
    private long bytes;
    private long endOffset = Long.MAX_VALUE;
    private long heardSamples;
    private boolean dropped;
    private boolean abandoned;

    /**
     * @param offset of its Began record
     * @param producedMillis when that was written
     * @param readAgain its tenant had to wait for leave, and everybody else is further on in the partition
     */
    Stretch(Track track, long startMicros, long offset, long producedMillis, boolean readAgain) {
        this.track = track;
        this.startMicros = startMicros;
        this.offset = offset;
        this.producedMillis = producedMillis;
        this.readAgain = readAgain;
    }

    Track track() {
        return track;
    }

    long startMicros() {
        return startMicros;
    }

    long offset() {
        return offset;
    }

    long producedMillis() {
        return producedMillis;
    }

    boolean isReadAgain() {
        return readAgain;
    }

    /** That there are no words of it. @param fromMicros up to where there are, if there are any */
    synchronized Unheard unheard(long fromMicros, String reason) {
        long endMicros = startMicros + samples * 1_000_000L / SpeechRecord.SAMPLE_RATE;
        return new Unheard(Math.clamp(fromMicros, startMicros, endMicros), endMicros, reason);
    }

    /** @return how many bytes more it keeps now */
    synchronized long add(SpeechRecord.Speech piece) {
        samples += samplesOf(piece);
        long kept = 0;
        if (!dropped) {
            pieces.add(piece);
            kept = piece.sealed().array().length;
            bytes += kept;
        }
        notifyAll();
        return kept;
    }

    /** How much a piece says it has, within what it can have. */
    static int samplesOf(SpeechRecord.Speech piece) {
        return Math.clamp(piece.samples(), 0, Pcm.MAX_SAMPLES);
    }

    /** All of it was read. @param offset of the record that says so */
    synchronized void complete(long offset) {
        endOffset = offset;
        notifyAll();
    }

    synchronized boolean isComplete() {
        return endOffset != Long.MAX_VALUE;
    }

    /** Of the record that ends it. */
    synchronized long endOffset() {
        return endOffset;
    }

    /** Nothing more is to be done with it: its track was begun anew, or its partition is another's, or its tenant is refused. */
    synchronized void abandon() {
        abandoned = true;
        notifyAll();
    }

    synchronized boolean isAbandoned() {
        return abandoned;
    }

    /** Waits for a piece. @return null when there are no more, or it was abandoned */
    synchronized SpeechRecord.@Nullable Speech piece(int number) throws InterruptedException {
        while (number >= pieces.size() && endOffset == Long.MAX_VALUE && !abandoned) {
            wait();
        }
        return abandoned || number >= pieces.size() ? null : pieces.get(number);
    }

    /** Lets go of what it keeps. @return how many bytes that was */
    synchronized long drop() {
        dropped = true;
        return release();
    }

    /** @return how many bytes it kept */
    synchronized long release() {
        long freed = bytes;
        pieces.clear();
        bytes = 0;
        return freed;
    }

    synchronized boolean isDropped() {
        return dropped;
    }

    /** The pieces that it let go; they count no more among those that wait. */
    synchronized void restore(List<SpeechRecord.Speech> again) {
        dropped = false;
        pieces.clear();
        pieces.addAll(again);
    }

    /** So much of it was recognised so far. */
    synchronized void heard(long samples) {
        heardSamples = samples;
    }

    /** How many samples were read and are not recognised. */
    synchronized long waitingSamples() {
        return Math.max(0, samples - heardSamples);
    }

    @Override
    public String toString() {
        return track + " at " + startMicros;
    }
}
