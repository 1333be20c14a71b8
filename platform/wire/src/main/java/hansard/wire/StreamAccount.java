package hansard.wire;

import java.util.Map;

/**
 * Where every datagram of a stream went. Two sums hold: {@code received = framed + rejected + paused + inFlight}, and {@code
 * expected = distinct authenticated sequence numbers + recovered by RED + lost}. What RTX recovered has its own datagram, which is
 * among those framed, and counts as the one that was lost; a retransmission's own sequence numbers are not expected of anybody.
 *
 * @param received datagrams that reached the socket for the stream
 * @param framed authenticated and used
 * @param rejected by reason
 * @param inFlight received and not yet decided
 * @param expected sequence numbers from the first to the last authenticated one, both counted
 * @param lost expected, never seen, and not recovered
 * @param paused let go unopened because the recording was paused by policy: on no topic and in no object
 * @param recovered what the wire lost and was made good, by what
 */
public record StreamAccount(
        long received,
        long framed,
        Map<RejectReason, Long> rejected,
        long inFlight,
        long expected,
        long lost,
        long paused,
        Map<Repair, Long> recovered) {
    public static final StreamAccount EMPTY = new StreamAccount(0, 0, Map.of(), 0, 0, 0);

    /** Of a stream that was never paused. */
    public StreamAccount(
            long received, long framed, Map<RejectReason, Long> rejected, long inFlight, long expected, long lost) {
        this(received, framed, rejected, inFlight, expected, lost, 0);
    }

    public StreamAccount {
        rejected = Map.copyOf(rejected);
        recovered = recovered == null ? Map.of() : Map.copyOf(recovered); // absent in what earlier releases wrote
    }

    /** Of a stream of which nothing had to be recovered. */
    public StreamAccount(
            long received,
            long framed,
            Map<RejectReason, Long> rejected,
            long inFlight,
            long expected,
            long lost,
            long paused) {
        this(received, framed, rejected, inFlight, expected, lost, paused, Map.of());
    }

    public long rejectedTotal() {
        return rejected.values().stream().mapToLong(Long::longValue).sum();
    }

    public boolean addsUp() {
        return received == framed + rejectedTotal() + paused + inFlight;
    }
}
