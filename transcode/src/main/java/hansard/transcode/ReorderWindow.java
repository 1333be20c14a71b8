package hansard.transcode;

import hansard.wire.Frame;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Puts frames in the order of their media time. A frame waits until one that is later by the window has come, so the order
 * depends on the frames alone and never on when they were read. Frames of the same time keep the order in which they came.
 *
 * <p>Sound that goes on where the frame before it ended does not wait: nothing can come in between.
 */
final class ReorderWindow {
    /** More than a network reorders; a listener of the live transcript notices it, where something is missing. */
    static final long WINDOW_MICROS = 200_000;

    /** The call's clock moves a frame by less, and no packet of speech is shorter. */
    private static final long BETWEEN_MICROS = 5_000;

    private static final int MAX_FRAMES = 512;

    private record Waiting(Frame frame, long soundMicros, long order) {}

    private final PriorityQueue<Waiting> waiting = new PriorityQueue<>(
            Comparator.comparingLong((Waiting w) -> w.frame.mediaMicros()).thenComparingLong(Waiting::order));
    private long newestMicros = Long.MIN_VALUE;
    private long releasedMicros = Long.MIN_VALUE;
    private long goesOnMicros = Long.MIN_VALUE;
    private long order;
    private long late;

    /**
     * The frames that are now in place. A frame that comes after a later one was given out is counted and not given.
     *
     * @param soundMicros for how long it sounds, 0 when it is no sound or that is not known
     */
    List<Frame> add(Frame frame, long soundMicros) {
        if (frame.mediaMicros() < releasedMicros) {
            late++;
            return List.of();
        }
        waiting.add(new Waiting(frame, soundMicros, order++));
        newestMicros = Math.max(newestMicros, frame.mediaMicros());
        List<Frame> ready = new ArrayList<>();
        while (!waiting.isEmpty()
                && (waiting.size() > MAX_FRAMES
                        || oldestMicros() <= newestMicros - WINDOW_MICROS
                        || oldestMicros() <= goesOnMicros)) {
            ready.add(take());
        }
        return ready;
    }

    /** Everything that still waits, in order. */
    List<Frame> drain() {
        List<Frame> rest = new ArrayList<>(waiting.size());
        while (!waiting.isEmpty()) {
            rest.add(take());
        }
        return rest;
    }

    /** Frames that came too late to be placed. */
    long late() {
        return late;
    }

    private long oldestMicros() {
        Waiting oldest = waiting.peek();
        return oldest == null ? Long.MAX_VALUE : oldest.frame.mediaMicros();
    }

    private Frame take() {
        Waiting first = waiting.remove();
        releasedMicros = first.frame.mediaMicros();
        goesOnMicros = first.soundMicros > 0 ? releasedMicros + first.soundMicros + BETWEEN_MICROS : Long.MIN_VALUE;
        return first.frame;
    }
}
