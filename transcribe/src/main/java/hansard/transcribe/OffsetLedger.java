package hansard.transcribe;

import hansard.keys.AwaitedLeave;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * How far each partition may be committed. A recogniser's state cannot be saved, so a track is fed again from its Opened record
 * after a crash: a partition is committed up to the oldest Opened whose track is not durably transcribed and waits for nobody's leave.
 * Pure; one thread.
 */
final class OffsetLedger {
    private static final class Partition {
        private final Set<Long> opened = new HashSet<>();
        private final AwaitedLeave leave;
        private long next = -1;
        private AwaitedLeave.@Nullable Commit committed;

        Partition(String note) {
            leave = new AwaitedLeave(note);
        }

        long committable() {
            return opened.stream().mapToLong(Long::longValue).min().orElse(next);
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

    /** The record at this offset began a track. */
    void opened(TopicPartition partition, long offset) {
        of(partition).opened.add(offset);
    }

    /** The track that began there is durable, or abandoned for one that began later. */
    void closed(TopicPartition partition, long openedOffset) {
        Partition known = partitions.get(partition);
        if (known != null) {
            known.opened.remove(openedOffset);
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
