package hansard.index;

import hansard.keys.AwaitedLeave;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Whose utterances wait for leave in each partition of {@code transcripts}. Belongs to the journal thread. */
final class WaitingUtterances {
    private static final String FACT = "leave/";

    private final Map<Integer, AwaitedLeave> partitions = new TreeMap<>();

    AwaitedLeave in(int partition) {
        return partitions.computeIfAbsent(partition, p -> new AwaitedLeave(""));
    }

    /** Whether a fact of Lucene's commit is one of these. */
    static boolean isFact(String name) {
        return name.startsWith(FACT);
    }

    void restore(String name, String note) {
        partitions.put(Integer.valueOf(name.substring(FACT.length())), new AwaitedLeave(note));
    }

    /** Facts for the commit that holds the offsets. */
    void addTo(Map<String, String> facts) {
        partitions.forEach((partition, leave) -> facts.put(FACT + partition, leave.note()));
    }

    /**
     * @param requireLeave {@link hansard.keys.Vault#requireLeave}
     * @param next offset of the record that would be applied next
     * @return where to read on instead, when leave has come
     */
    OptionalLong ask(Consumer<String> requireLeave, int partition, long next) {
        return in(partition).ask(requireLeave, next);
    }

    /** Notes who has caught up. @return whether somebody has */
    boolean settle(int partition, long next) {
        AwaitedLeave leave = in(partition);
        if (leave.granted().isEmpty() || leave.isReadAgain(next)) {
            return false;
        }
        leave.granted().forEach(leave::settled);
        return true;
    }
}
