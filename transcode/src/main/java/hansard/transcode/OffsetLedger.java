package hansard.transcode;

import hansard.keys.AwaitedLeave;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How far a partition may be committed: never past the Opened of a track that is not finished, because an unfinished track is
 * made anew from its first record. Tracks that finished beyond that point are named in the commit's note, so that one long
 * call does not make all the short ones beside it be done again.
 */
final class OffsetLedger {
    /** What does not fit is done again after a restart. */
    static final int MAX_NOTE_CHARS = AwaitedLeave.MAX_NOTE_CHARS;

    /** @param note who waits for leave, and finished tracks whose Ended is at or after the offset, comma separated */
    record Commit(long offset, String note) {}

    private final Map<String, Long> unfinished = new LinkedHashMap<>();
    private final Map<String, Long> finished = new HashMap<>();
    private final Set<String> finishedEarlier = new HashSet<>();
    private long next;

    /** @param note of the commit that the partition is read on from; empty for none */
    OffsetLedger(String note) {
        for (String streamId : note.split(",", -1)) {
            if (!streamId.isEmpty() && streamId.indexOf('@') < 0) {
                finishedEarlier.add(streamId);
            }
        }
    }

    void opened(String streamId, long offset) {
        unfinished.putIfAbsent(streamId, offset);
    }

    void finished(String streamId, long endedOffset) {
        unfinished.remove(streamId);
        finished.put(streamId, endedOffset);
    }

    /** The track is made anew later, and others are not to wait for it. */
    void setAside(String streamId) {
        unfinished.remove(streamId);
    }

    /** True for a track that was finished before a restart and whose records are read again for another's sake. */
    boolean isFinished(String streamId) {
        return finishedEarlier.contains(streamId) || finished.containsKey(streamId);
    }

    /** The record at this offset is dealt with. An Ended that is read again tells where a finished track ends. */
    void passed(long offset) {
        next = Math.max(next, offset + 1);
    }

    Commit commit(AwaitedLeave leave) {
        AwaitedLeave.Commit first = leave.commit(
                unfinished.values().stream().mapToLong(Long::longValue).min().orElse(next));
        long offset = first.offset();
        finished.values().removeIf(ended -> ended < offset);
        if (unfinished.isEmpty()) {
            finishedEarlier.clear();
        }
        List<String> named = new ArrayList<>(finishedEarlier);
        finished.keySet().stream().filter(id -> !finishedEarlier.contains(id)).forEach(named::add);
        named.sort(null);
        StringBuilder note = new StringBuilder(first.note());
        for (String streamId : named) {
            if (note.length() + streamId.length() < MAX_NOTE_CHARS) {
                note.append(note.isEmpty() ? "" : ",").append(streamId);
            }
        }
        return new Commit(offset, note.toString());
    }
}
