package hansard.retention;

import hansard.wire.RetentionOrder;
import hansard.wire.RetentionOrder.DiscardOrdered;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The purges and discards of one partition that are not done yet. One that fails waits, longer each time, without keeping the others from
 * being done; the partition is committed only up to the first that is not done. Pure: time is a parameter. One thread.
 */
final class PendingErasures {
    private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

    private final TreeMap<Long, Pending> byOffset = new TreeMap<>();

    /** @param problem what went wrong the last time, empty before the first */
    record Pending(RetentionOrder order, long offset, Instant notBefore, int failures, String problem) {}

    void add(long offset, RetentionOrder order) {
        byOffset.put(offset, new Pending(order, offset, Instant.MIN, 0, ""));
    }

    int size() {
        return byOffset.size();
    }

    /** The one to be tried now, if any. */
    Optional<Pending> next(Instant now) {
        return byOffset.values().stream()
                .filter(p -> !p.notBefore().isAfter(now))
                .findFirst();
    }

    void done(Pending pending) {
        byOffset.remove(pending.offset());
    }

    void failed(Pending p, Instant now, String problem) {
        int doublings = Math.min(p.failures(), 20);
        Duration wait = FIRST_WAIT.multipliedBy(1L << doublings);
        Duration bounded = wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
        byOffset.put(p.offset(), new Pending(p.order(), p.offset(), now.plus(bounded), p.failures() + 1, problem));
    }

    /** What may be committed, when everything before {@code position} was read. */
    long committable(long position) {
        Map.Entry<Long, Pending> first = byOffset.firstEntry();
        return first == null ? position : first.getKey();
    }

    /** A sentence on the first that has failed, empty when none has. */
    String problem() {
        return byOffset.values().stream()
                .filter(p -> p.failures() > 0)
                .findFirst()
                .map(p -> (p.order() instanceof DiscardOrdered d ? "the discard of track " + d.streamId() : "the purge")
                        + " of call " + p.order().callId() + " has failed " + p.failures()
                        + " times and is tried again: " + p.problem())
                .orElse("");
    }
}
