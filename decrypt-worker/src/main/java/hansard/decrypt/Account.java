package hansard.decrypt;

import hansard.wire.RejectReason;
import hansard.wire.StreamAccount;
import java.util.EnumMap;
import java.util.Map;

/**
 * Where a stream's datagrams went. Sequence numbers are counted in stretches between pauses, so that what a pause skipped is
 * not called lost. A browser's mute skips them too and counts as lost here: on the wire the two cannot be told apart.
 */
final class Account {
    private long received;
    private long framed;
    private final Map<RejectReason, Long> rejected = new EnumMap<>(RejectReason.class);
    private long authentic;
    private long expectedBefore;
    private long lowest = -1;
    private long highest = -1;

    void received(long datagrams) {
        received += datagrams;
    }

    void framed() {
        framed++;
    }

    /** What was used for a frame that is then refused, to be counted as rejected. */
    void takeBack(long datagrams) {
        framed -= datagrams;
    }

    void rejected(RejectReason reason, long datagrams) {
        rejected.merge(reason, datagrams, Long::sum);
    }

    /** A distinct index has authenticated. */
    void authenticated(long index) {
        authentic++;
        lowest = lowest < 0 ? index : Math.min(lowest, index);
        highest = Math.max(highest, index);
    }

    /** A pause begins: the stretch of sequence numbers ends. */
    void pause() {
        expectedBefore = expected();
        lowest = -1;
        highest = -1;
    }

    private long expected() {
        return expectedBefore + (lowest < 0 ? 0 : highest - lowest + 1);
    }

    boolean hasAuthenticated() {
        return authentic > 0;
    }

    long framedCount() {
        return framed;
    }

    StreamAccount toRecord() {
        long decided =
                framed + rejected.values().stream().mapToLong(Long::longValue).sum();
        return new StreamAccount(received, framed, rejected, received - decided, expected(), expected() - authentic);
    }

    void write(StateWriter out) {
        out.i64(received);
        out.i64(framed);
        out.i64(authentic);
        out.i64(expectedBefore);
        out.i64(lowest);
        out.i64(highest);
        out.i32(rejected.size());
        rejected.forEach((reason, count) -> {
            out.text(reason.name());
            out.i64(count);
        });
    }

    static Account read(StateReader in) {
        Account account = new Account();
        account.received = in.i64();
        account.framed = in.i64();
        account.authentic = in.i64();
        account.expectedBefore = in.i64();
        account.lowest = in.i64();
        account.highest = in.i64();
        int reasons = in.count(12);
        for (int i = 0; i < reasons; i++) {
            account.rejected.put(reason(in), in.i64());
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
