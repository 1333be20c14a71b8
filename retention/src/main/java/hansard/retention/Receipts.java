package hansard.retention;

import hansard.wire.Receipt;
import hansard.wire.RetentionOrder;
import hansard.wire.RetentionOrder.PurgeOrdered;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The kinds of receipt, and when a call's are complete. */
final class Receipts {
    static final String OBJECTS = "objects";
    static final String DATA_KEYS = "data-keys";
    static final String SESSION_KEYS = "session-keys";
    static final String INDEX = "index";
    static final String ORIGINAL = "original";
    static final String CALL = "call";
    static final String BY = "retention";

    private Receipts() {}

    static Receipt of(RetentionOrder order, long atMicros, String what, Collection<String> evidence) {
        return new Receipt(
                order.orderId(),
                order.tenant(),
                order.callId(),
                atMicros,
                what,
                BY,
                evidence.size(),
                String.join(" ", evidence));
    }

    /** The receipt for the whole call, once every holder of copies has given its own. */
    static Optional<Receipt> whole(CallState call, int expectedIndexReplicas, long atMicros) {
        PurgeOrdered order = call.orders().purge();
        List<Receipt> in = call.receipts();
        if (order == null
                || !has(in, OBJECTS)
                || !has(in, DATA_KEYS)
                || !has(in, SESSION_KEYS)
                || count(in, INDEX) < expectedIndexReplicas) {
            return Optional.empty();
        }
        String evidence = in.stream()
                .map(r -> r.what() + " by " + r.by() + ": " + r.count())
                .sorted()
                .collect(Collectors.joining("; "));
        return Optional.of(new Receipt(
                order.orderId(),
                order.tenant(),
                order.callId(),
                atMicros,
                CALL,
                BY,
                in.size(),
                order.policy() + "; " + evidence));
    }

    private static boolean has(List<Receipt> in, String what) {
        return count(in, what) > 0;
    }

    private static long count(List<Receipt> in, String what) {
        return in.stream().filter(r -> r.what().equals(what)).count();
    }
}
