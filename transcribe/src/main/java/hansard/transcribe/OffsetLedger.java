package hansard.transcribe;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * How far each partition may be committed. A recogniser's state cannot be saved, so a track is fed again from its Opened record
 * after a crash: a partition is committed up to the oldest Opened whose track is not durably transcribed. Pure; one thread.
 */
final class OffsetLedger {
    private static final class Partition {
        private final Set<Long> opened = new HashSet<>();
        private long next = -1;
        private long committed = -1;

        long committable() {
            return opened.stream().mapToLong(Long::longValue).min().orElse(next);
        }
    }

    private final Map<TopicPartition, Partition> partitions = new HashMap<>();

    /** A record was handed on; what comes next is after it. */
    void read(TopicPartition partition, long offset) {
        of(partition).next = offset + 1;
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

    /** Offsets to commit: of the next record needed, for the partitions where it has moved. */
    Map<TopicPartition, Long> due() {
        Map<TopicPartition, Long> due = new HashMap<>();
        partitions.forEach((partition, state) -> {
            long offset = state.committable();
            if (offset > state.committed) {
                due.put(partition, offset);
            }
        });
        return due;
    }

    void committed(Map<TopicPartition, Long> offsets) {
        offsets.forEach((partition, offset) -> {
            Partition known = partitions.get(partition);
            if (known != null) {
                known.committed = Math.max(known.committed, offset);
            }
        });
    }

    /** The partition is another replica's now. */
    void forget(TopicPartition partition) {
        partitions.remove(partition);
    }

    private Partition of(TopicPartition partition) {
        return partitions.computeIfAbsent(partition, p -> new Partition());
    }
}
