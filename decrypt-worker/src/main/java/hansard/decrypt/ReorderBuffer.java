package hansard.decrypt;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Verified packets that wait for earlier ones, by order. Time is the arrival times in the records, never a clock, so that a
 * repeat of the same records gives the same order.
 */
final class ReorderBuffer {
    static final int MAX_PACKETS = 1_024;
    static final int MAX_BYTES = 1 << 20;
    private static final long UNKNOWN = -1;

    private final List<SealedPacket> waiting;
    private int bytes;
    /** The order after the last one handed on; unknown at the start and after a pause. */
    private long next;

    ReorderBuffer() {
        this(new ArrayList<>(), UNKNOWN);
    }

    private ReorderBuffer(List<SealedPacket> waiting, long next) {
        this.waiting = waiting;
        this.next = next;
        waiting.forEach(p -> bytes += p.datagram().length);
    }

    /** True when the packet's place was given up already. */
    boolean isLate(long order) {
        return next != UNKNOWN && order < next;
    }

    void add(SealedPacket packet) {
        int at = waiting.size();
        while (at > 0 && waiting.get(at - 1).order() > packet.order()) {
            at--;
        }
        waiting.add(at, packet);
        bytes += packet.datagram().length;
    }

    /** The packet whose turn it is, left where it is; null when it must be waited for. */
    @Nullable
    SealedPacket due(long nowMicros, long windowMicros) {
        if (waiting.isEmpty()) {
            return null;
        }
        SealedPacket head = waiting.getFirst();
        if (head.order() == next || isFull() || oldestArrival() <= nowMicros - windowMicros) {
            return head;
        }
        return null;
    }

    /** The first that waits, whether or not its turn has come. */
    @Nullable
    SealedPacket head() {
        return waiting.isEmpty() ? null : waiting.getFirst();
    }

    private long oldestArrival() {
        long oldest = Long.MAX_VALUE;
        for (SealedPacket p : waiting) {
            oldest = Math.min(oldest, p.arrivalMicros());
        }
        return oldest;
    }

    boolean isFull() {
        return waiting.size() > MAX_PACKETS || bytes > MAX_BYTES;
    }

    /** True when the head does not follow what was handed on before: something before it is missing. */
    boolean hasGapBeforeHead() {
        return next != UNKNOWN && !waiting.isEmpty() && waiting.getFirst().order() != next;
    }

    /** How many packets are missing right before the head, as far as anybody can tell; 0 at the start. */
    long missingBeforeHead() {
        return hasGapBeforeHead() ? waiting.getFirst().order() - next : 0;
    }

    /** Takes the head out. */
    SealedPacket take() {
        SealedPacket head = waiting.removeFirst();
        bytes -= head.datagram().length;
        next = head.order() + 1;
        return head;
    }

    /** What waits, in order. */
    List<SealedPacket> waiting() {
        return waiting;
    }

    /** After a pause: whatever comes next is next. */
    void forgetPosition() {
        next = UNKNOWN;
    }

    void write(StateWriter out) {
        out.i64(next);
        SealedPacket.writeAll(waiting, out);
    }

    static ReorderBuffer read(StateReader in) {
        long next = in.i64();
        return new ReorderBuffer(SealedPacket.readAll(in), next);
    }
}
