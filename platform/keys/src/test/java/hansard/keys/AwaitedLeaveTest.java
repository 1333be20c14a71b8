package hansard.keys;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class AwaitedLeaveTest {
    private final Set<String> refused = new TreeSet<>();
    private final AwaitedLeave leave = new AwaitedLeave("");

    private void require(String tenant) {
        if (refused.contains(tenant)) {
            throw new HansardException(ErrorCode.KEY_REFUSED, "not " + tenant);
        }
    }

    @Test
    void onlyTheRefusedArePassedOver() {
        leave.refused("bank", 5, "no group");
        assertTrue(leave.passesOver("bank", 6));
        assertFalse(leave.passesOver("acme", 6));
        assertEquals(Map.of("bank", "no group"), leave.reasons());
    }

    @Test
    void whoHasLeaveAgainIsReadAgainFromItsFirstAndNobodyElseIs() {
        leave.refused("bank", 5, "no group");
        assertEquals(OptionalLong.of(5), leave.ask(this::require, 20));
        assertFalse(leave.passesOver("bank", 5));
        assertTrue(leave.passesOver("acme", 19));
        assertFalse(leave.passesOver("acme", 20));
        assertFalse(leave.passesOver("bank", 20));
        assertEquals(20, leave.after(6));
        leave.settled("bank");
        assertEquals(new AwaitedLeave.Commit(21, ""), leave.commit(21));
        assertEquals(Map.of(), leave.reasons());
    }

    @Test
    void whatWaitsOutlivesTheProcess() {
        leave.refused("bank", 5, "no group");
        AwaitedLeave.Commit commit = leave.commit(20);
        assertEquals(20, commit.offset());
        AwaitedLeave restarted = new AwaitedLeave("stream-1," + commit.note() + ",stream-2");
        assertTrue(restarted.passesOver("bank", 20));
        assertEquals(OptionalLong.of(5), restarted.ask(this::require, 20));
        assertEquals(new AwaitedLeave.Commit(20, "bank@5"), restarted.commit(20), "until it is durable");
    }

    @Test
    void whoIsStillRefusedWaitsOnWhileAnotherIsReadAgain() {
        refused.add("mill");
        leave.refused("bank", 5, "no group");
        leave.refused("mill", 3, "no group");
        assertEquals(OptionalLong.of(5), leave.ask(this::require, 20));
        assertTrue(leave.passesOver("mill", 6));
        assertTrue(leave.passesOver("mill", 21));
        refused.clear();
        assertEquals(OptionalLong.empty(), leave.ask(this::require, 10), "one after the other");
        // a call of the bank goes on for hours; the mill does not wait for it
        assertEquals(OptionalLong.of(3), leave.ask(this::require, 30));
        assertTrue(leave.passesOver("bank", 6), "it was read again already");
        assertFalse(leave.passesOver("mill", 6));
        assertFalse(leave.passesOver("bank", 30));
        assertEquals(Set.of("bank", "mill"), leave.granted());
    }

    @Test
    void leaveThatIsTakenAgainLosesNothing() {
        leave.refused("bank", 5, "no group");
        leave.ask(this::require, 20);
        leave.refused("bank", 12, "expired");
        assertTrue(leave.passesOver("bank", 13));
        assertEquals(OptionalLong.empty(), leave.ask(this::require, 13));
        assertEquals(OptionalLong.of(5), leave.ask(this::require, 20));
    }

    @Test
    void whatDoesNotFitIntoANoteHoldsTheCommitBack() {
        String name = "t".repeat(190);
        for (int i = 0; i < 30; i++) {
            leave.refused(name + i, 100 + i, "no group");
        }
        assertEquals(new AwaitedLeave.Commit(100, ""), leave.commit(500));
    }

    /** A reader of a partition whose tenants lose and get leave and which is killed, all at moments that a seed chooses. */
    private static final class Partition {
        private static final int RECORDS = 80;
        private static final List<String> TENANTS = List.of("acme", "bank", "mill");

        private final Random random;
        private final Set<String> refused = new TreeSet<>();
        private final Map<String, List<Long>> done = new TreeMap<>();
        private final String[] records = new String[RECORDS];
        private AwaitedLeave leave = new AwaitedLeave("");
        private AwaitedLeave.Commit committed = leave.commit(0);
        private long next;
        private long passed;

        Partition(long seed) {
            random = new Random(seed);
            for (int i = 0; i < RECORDS; i++) {
                records[i] = TENANTS.get(random.nextInt(TENANTS.size()));
            }
        }

        void read() {
            for (int turn = 0; turn < 1_000; turn++) {
                switch (random.nextInt(12)) {
                    case 0 -> refused.add(TENANTS.get(random.nextInt(TENANTS.size())));
                    case 1 -> refused.remove(TENANTS.get(random.nextInt(TENANTS.size())));
                    case 2 -> kill();
                    case 3 -> ask();
                    case 4 -> committed = leave.commit(passed);
                    default -> readOne();
                }
            }
            refused.clear();
            while (next < RECORDS || !leave.note().isEmpty()) {
                ask();
                readOne();
            }
        }

        private void kill() {
            leave = new AwaitedLeave(committed.note());
            next = committed.offset();
            passed = next;
        }

        private void ask() {
            leave.ask(
                            tenant -> {
                                if (refused.contains(tenant)) {
                                    throw new HansardException(ErrorCode.KEY_REFUSED, "not " + tenant);
                                }
                            },
                            next)
                    .ifPresent(from -> next = from);
        }

        private void readOne() {
            if (!leave.granted().isEmpty() && !leave.isReadAgain(next)) {
                leave.granted().forEach(leave::settled);
            }
            if (next == RECORDS) {
                return;
            }
            String tenant = records[(int) next];
            if (!leave.passesOver(tenant, next)) {
                if (refused.contains(tenant)) {
                    leave.refused(tenant, next, "not " + tenant);
                } else {
                    done.computeIfAbsent(tenant, t -> new ArrayList<>()).add(next);
                }
            }
            passed = Math.max(passed, leave.after(next));
            next++;
        }

        void assertEverythingIsDoneInOrder(long seed) {
            for (String tenant : TENANTS) {
                List<Long> sent = LongStream.range(0, RECORDS)
                        .filter(i -> records[(int) i].equals(tenant))
                        .boxed()
                        .toList();
                List<Long> firstTimes =
                        done.getOrDefault(tenant, List.of()).stream().distinct().toList();
                assertEquals(sent, firstTimes, "seed " + seed + ", tenant " + tenant);
            }
        }
    }

    @Test
    void whoeverIsRefusedOrKilledWheneverNothingIsLeftOutAndEachTenantsOrderIsKept() {
        for (long seed = 0; seed < 2_000; seed++) {
            Partition partition = new Partition(seed);
            partition.read();
            partition.assertEverythingIsDoneInOrder(seed);
        }
    }
}
