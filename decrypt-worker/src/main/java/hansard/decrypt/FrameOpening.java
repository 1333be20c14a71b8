package hansard.decrypt;

import hansard.wire.Frame;

/** What became of a frame that its sender sealed end to end. */
sealed interface FrameOpening {
    /** It verified, for the first time. */
    record Opened(Frame frame) implements FrameOpening {}

    /**
     * There is no key for it, or only one that has never opened anything: it is kept as it came.
     *
     * @param keyDoubted a key is there for its identifier, and does not open it
     */
    record LeftSealed(Frame frame, boolean keyDoubted) implements FrameOpening {}

    /** Forged, altered or replayed: nothing of it is kept. */
    record Refused() implements FrameOpening {}
}
