package hansard.keys;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Whose records of one partition wait for leave to use their keys. The partition is read on past them; when leave has come, their records
 * are read again, from the first that waits to where everybody else is, and nobody else's meanwhile. What waits is part of the commit's
 * note, so that it outlives the process and is committed in one step with the offset:
 *
 * <pre>
 * tenant@offset,tenant@offset…      the first record of each that waits
 * </pre>
 *
 * Belongs to the thread that reads the partition.
 */
public final class AwaitedLeave {
    /** Kafka refuses notes above {@code offset.metadata.max.bytes}, 4096. */
    public static final int MAX_NOTE_CHARS = 4_000;

    /** How often to ask for those who wait: certificates are not put right in less. */
    public static final long ASK_NANOS = 5_000_000_000L;

    private final Map<String, Long> firstOf = new TreeMap<>();
    private final Map<String, String> reasons = new HashMap<>();
    private final Set<String> granted = new TreeSet<>();
    private final Set<String> readAgain = new TreeSet<>();
    private long readAgainUntil;

    /**
     * How far a partition may be committed.
     *
     * @param note of what waits; empty when nothing does, or when it would be too long and the offset is that of the first that waits
     */
    public record Commit(long offset, String note) {}

    /** @param note of the commit that is read on from; items in it without an at sign are somebody else's */
    public AwaitedLeave(String note) {
        for (String item : note.split(",", -1)) {
            int at = item.indexOf('@');
            if (at > 0 && item.substring(at + 1).matches("[0-9]{1,18}")) {
                firstOf.put(item.substring(0, at), Long.valueOf(item.substring(at + 1)));
            }
        }
    }

    /** Whether a record is not for now: its tenant waits, or others are being read again and this was dealt with before. */
    public boolean passesOver(String tenant, long offset) {
        Long first = firstOf.get(tenant);
        if (isReadAgain(offset)) {
            return first == null || offset < first || !readAgain.contains(tenant);
        }
        return first != null && !granted.contains(tenant);
    }

    /**
     * The vault refuses a key of this tenant: its records are passed over from now on.
     *
     * @param offset of the first that is to be read again
     */
    public void refused(String tenant, long offset, String reason) {
        firstOf.merge(tenant, offset, Math::min);
        reasons.put(tenant, reason);
        granted.remove(tenant);
        readAgain.remove(tenant);
    }

    /**
     * Asks for those who wait, unless others are still being read again.
     *
     * @param leave {@link Vault#requireLeave}
     * @param next offset of the next record that would be read
     * @return where to read on instead, when leave has come for somebody
     */
    public OptionalLong ask(Consumer<String> leave, long next) {
        if (isReadAgain(next)) {
            return OptionalLong.empty();
        }
        Set<String> given = new TreeSet<>();
        for (String tenant : firstOf.keySet()) {
            if (!granted.contains(tenant) && hasLeave(leave, tenant)) {
                given.add(tenant);
            }
        }
        if (given.isEmpty()) {
            return OptionalLong.empty();
        }
        granted.addAll(given);
        readAgain.clear();
        readAgain.addAll(given);
        readAgainUntil = next;
        return firstOf.entrySet().stream()
                .filter(first -> given.contains(first.getKey()))
                .mapToLong(Map.Entry::getValue)
                .min();
    }

    private boolean hasLeave(Consumer<String> leave, String tenant) {
        try {
            leave.accept(tenant);
            return true;
        } catch (HansardException e) {
            if (!e.code().isRetriable()) {
                throw e;
            }
            if (e.code() == ErrorCode.KEY_REFUSED) {
                reasons.put(tenant, String.valueOf(e.getMessage()));
            }
            return false;
        }
    }

    /** True for a record that everybody else has passed already. */
    public boolean isReadAgain(long offset) {
        return offset < readAgainUntil;
    }

    /** Who has leave again and may have something unfinished of what waited. */
    public Set<String> granted() {
        return Set.copyOf(granted);
    }

    /** Everything of the tenant that waited is durable. */
    public void settled(String tenant) {
        granted.remove(tenant);
        readAgain.remove(tenant);
        firstOf.remove(tenant);
        reasons.remove(tenant);
    }

    /** Offset of the next record that nobody has passed yet. @param offset of a record that was passed now */
    public long after(long offset) {
        return Math.max(offset + 1, readAgainUntil);
    }

    /** All that waits, however long. */
    public String note() {
        return firstOf.entrySet().stream()
                .map(first -> first.getKey() + "@" + first.getValue())
                .collect(Collectors.joining(","));
    }

    /** @param offset as far as everybody else is done */
    public Commit commit(long offset) {
        String note = note();
        if (note.length() <= MAX_NOTE_CHARS) {
            return new Commit(offset, note);
        }
        long first = firstOf.values().stream().mapToLong(Long::longValue).min().orElse(offset);
        return new Commit(Math.min(offset, first), "");
    }

    /** Who waits and why, in the vault's words; empty when nobody does. */
    public Map<String, String> reasons() {
        return Map.copyOf(reasons);
    }
}
