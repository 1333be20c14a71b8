package hansard.decrypt;

import hansard.wire.RejectReason;
import hansard.wire.Repair;
import hansard.wire.StreamAccount;
import java.util.EnumMap;
import java.util.Map;

/**
 * Where a stream's datagrams went. Sequence numbers are counted by source and in stretches between pauses, so that neither a new SSRC
 * nor what a pause skipped is called lost. A browser's mute skips them too and counts as lost here: on the wire the two cannot be told
 * apart.
 */
final class Account {
    private long received;
    private long framed;
    private final Map<RejectReason, Long> rejected = new EnumMap<>(RejectReason.class);
    private long authentic;
    private long expected;
    private long paused;
    private final Map<Repair, Long> recovered = new EnumMap<>(Repair.class);

    void received(long datagrams) {
        received += datagrams;
    }

    void framed() {
        framed++;
    }

    /** Let go by policy, unopened. */
    void paused(long datagrams) {
        paused += datagrams;
    }

    /** What was used for a frame that is then refused, to be counted as rejected. */
    void takeBack(long datagrams) {
        framed -= datagrams;
    }

    void rejected(RejectReason reason, long datagrams) {
        if (datagrams > 0) {
            rejected.merge(reason, datagrams, Long::sum);
        }
    }

    /**
     * A packet that was not seen before has authenticated.
     *
     * @param newlyExpected sequence numbers between the lowest and the highest of its stretch that were not between them before
     */
    void authenticated(long newlyExpected) {
        authentic++;
        expected += newlyExpected;
    }

    /** A sequence number that was missing is not any more; {@code by} a packet of its own or, with RED, without one. */
    void recovered(Repair by) {
        recovered.merge(by, 1L, Long::sum);
    }

    /** What RED had recovered came after all. */
    void cameAfterAll() {
        recovered.merge(Repair.RED, -1L, Long::sum);
    }

    boolean hasAuthenticated() {
        return authentic > 0;
    }

    long framedCount() {
        return framed;
    }

    StreamAccount toRecord() {
        long filled = recovered.getOrDefault(Repair.RED, 0L);
        long decided = framed
                + paused
                + rejected.values().stream().mapToLong(Long::longValue).sum();
        Map<Repair, Long> repairs = new EnumMap<>(recovered);
        repairs.values().removeIf(count -> count == 0);
        return new StreamAccount(
                received,
                framed,
                rejected,
                received - decided,
                expected,
                expected - authentic - filled,
                paused,
                repairs);
    }

    void write(StateWriter out) {
        out.i64(received);
        out.i64(framed);
        out.i64(authentic);
        out.i64(expected);
        out.i64(paused);
        out.i32(rejected.size());
        rejected.forEach((reason, count) -> {
            out.text(reason.name());
            out.i64(count);
        });
        for (Repair by : Repair.values()) {
            out.i64(recovered.getOrDefault(by, 0L));
        }
    }

    static Account read(StateReader in) {
        Account account = new Account();
        account.received = in.i64();
        account.framed = in.i64();
        account.authentic = in.i64();
        account.expected = in.i64();
        account.paused = in.i64();
        int reasons = in.count(12);
        for (int i = 0; i < reasons; i++) {
            account.rejected.put(reason(in), in.i64());
        }
        for (Repair by : Repair.values()) {
            account.recovered.put(by, in.i64());
        }
        return account;
    }

    private static RejectReason reason(StateReader in) {
        String name = in.text();
        try {
            return RejectReason.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw in.malformed("no reject reason of that name");
        }
    }
}
