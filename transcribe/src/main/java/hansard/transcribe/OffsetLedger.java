package hansard.transcribe;

import hansard.keys.AwaitedLeave;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How far each partition may be committed: up to the oldest record that began something which is not durable, and whose tenant waits for
 * nobody's leave. What begins is a stretch, whose words are to come, or the end of a track, whose transcript is. Pure; one thread.
 */
final class OffsetLedger {
    private static final class Partition {
        private final Set<Long> begun = new HashSet<>();
        private final AwaitedLeave leave;
        private long next = -1;
        private AwaitedLeave.@Nullable Commit committed;

        Partition(String note) {
            leave = new AwaitedLeave(note);
        }

        long committable() {
            return begun.stream().mapToLong(Long::longValue).min().orElse(next);
        }
    }

    private final Map<TopicPartition, Partition> partitions = new HashMap<>();

    /** The partition is ours now. @param note of the commit that it is read on from */
    void begin(TopicPartition partition, String note) {
        partitions.put(partition, new Partition(note));
    }

    /** Who waits for leave there. */
    AwaitedLeave leave(TopicPartition partition) {
        return of(partition).leave;
    }

    /** A record was handed on; what comes next is after it. */
    void read(TopicPartition partition, long offset) {
        Partition known = of(partition);
        known.next = Math.max(known.next, offset + 1);
    }

    /** The record at this offset began something. */
    void begun(TopicPartition partition, long offset) {
        of(partition).begun.add(offset);
    }

    /** What began there is durable, or nobody wants it any more. */
    void done(TopicPartition partition, long begunOffset) {
        Partition known = partitions.get(partition);
        if (known != null) {
            known.begun.remove(begunOffset);
        }
    }

    /** What to commit: the next record needed and who waits, for the partitions where that has changed. */
    Map<TopicPartition, AwaitedLeave.Commit> due() {
        Map<TopicPartition, AwaitedLeave.Commit> due = new HashMap<>();
        partitions.forEach((partition, state) -> {
            long offset = state.committable();
            AwaitedLeave.Commit commit = state.leave.commit(offset);
            if (offset >= 0 && !commit.equals(state.committed)) {
                due.put(partition, commit);
            }
        });
        return due;
    }

    void committed(Map<TopicPartition, AwaitedLeave.Commit> commits) {
        commits.forEach((partition, commit) -> {
            Partition known = partitions.get(partition);
            if (known != null) {
                known.committed = commit;
            }
        });
    }

    /** The partition is another replica's now. */
    void forget(TopicPartition partition) {
        partitions.remove(partition);
    }

    private Partition of(TopicPartition partition) {
        return partitions.computeIfAbsent(partition, p -> new Partition(""));
    }
}
