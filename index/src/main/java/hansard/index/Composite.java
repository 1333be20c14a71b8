package hansard.index;

import hansard.wire.Artifact.StoredObject;
import org.jspecify.annotations.Nullable;

/**
 * The picture of all participants that somebody ordered last.
 *
 * @param thousandths how far it is
 * @param object null until it is made
 * @param reason why it could not be made; empty while it may still be
 */
record Composite(
        String orderId,
        long atMicros,
        int thousandths,
        long startMicros,
        long durationMicros,
        @Nullable StoredObject object,
        String reason) {
    private static final int ALL = 1_000;

    static Composite ordered(String orderId, long atMicros, int thousandths) {
        return new Composite(orderId, atMicros, thousandths, 0, 0, null, "");
    }

    static Composite made(
            String orderId,
            long atMicros,
            long startMicros,
            long durationMicros,
            @Nullable StoredObject object,
            String reason) {
        return new Composite(orderId, atMicros, ALL, startMicros, durationMicros, object, reason);
    }

    /** Nothing more will come of the order. */
    boolean isDone() {
        return object != null || !reason.isEmpty();
    }
}
