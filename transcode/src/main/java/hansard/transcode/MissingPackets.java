package hansard.transcode;

import hansard.wire.Observation.Found;
import hansard.wire.Observation.Missing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The packets of a track that are missing by their sequence numbers: told as missing, and not found later. */
final class MissingPackets {
    /** By source, then by the first sequence number of a run. */
    private final Map<Integer, TreeMap<Long, Missing>> runs = new HashMap<>();

    void add(Missing missing) {
        runs.computeIfAbsent(missing.source(), source -> new TreeMap<>()).put(missing.fromSequence(), missing);
    }

    void remove(Found found) {
        TreeMap<Long, Missing> ofSource = runs.get(found.source());
        Map.Entry<Long, Missing> run = ofSource == null ? null : ofSource.floorEntry(found.sequence());
        if (ofSource == null || run == null || run.getValue().toSequence() < found.sequence()) {
            return;
        }
        Missing whole = run.getValue();
        ofSource.remove(run.getKey());
        rest(ofSource, whole, whole.fromSequence(), found.sequence() - 1);
        rest(ofSource, whole, found.sequence() + 1, whole.toSequence());
    }

    private static void rest(TreeMap<Long, Missing> runs, Missing whole, long from, long to) {
        if (from <= to) {
            runs.put(from, new Missing(whole.source(), from, to, whole.afterMicros(), whole.beforeMicros()));
        }
    }

    /** In order of time. */
    List<Missing> inOrder() {
        List<Missing> all = new ArrayList<>();
        runs.values().forEach(ofSource -> all.addAll(ofSource.values()));
        all.sort(Comparator.comparingLong(Missing::afterMicros)
                .thenComparingInt(Missing::source)
                .thenComparingLong(Missing::fromSequence));
        return all;
    }
}
