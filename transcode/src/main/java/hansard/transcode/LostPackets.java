package hansard.transcode;

import hansard.wire.Observation;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;

/** Where packets of a track are missing by their numbers. What was let go by policy is not lost, and nothing near it is. */
final class LostPackets {
    /** Between a pause and media on either side of it lies what was on its way. */
    private static final long PAUSE_EDGE_MICROS = 500_000;
    /** A sender whose stream never ends tells of as many pauses as there were, and of losses until they are asked for. */
    private static final int MOST = 100_000;

    private record Pause(long fromMicros, long toMicros) {}

    private final TreeMap<Long, Long> packets = new TreeMap<>();
    private final Deque<Pause> pauses = new ArrayDeque<>();

    void observed(List<Observation> observations) {
        for (Observation observation : observations) {
            switch (observation) {
                case Observation.Missing m -> add(m.afterMicros(), m.toSequence() - m.fromSequence() + 1);
                case Observation.Paused p -> pause(p.fromMicros(), p.toMicros());
                case Observation.Found
                        ignored -> {} // its sound is there, or too late: then the hole is longer than what is missing
                case Observation.Refused ignored -> {}
            }
        }
    }

    /** @param atMicros not before the start of the last packet that came, and before the next one's */
    void add(long atMicros, long count) {
        packets.merge(atMicros, count, Long::sum);
        if (packets.size() > MOST) {
            packets.pollFirstEntry();
        }
    }

    void pause(long fromMicros, long toMicros) {
        pauses.add(new Pause(fromMicros, toMicros));
        if (pauses.size() > MOST) { // the newest matter: time goes forward
            pauses.removeFirst();
        }
    }

    /** How many are missing between two times, and 0 near a pause. What is earlier is forgotten: time goes forward. */
    long between(long fromMicros, long toMicros) {
        packets.headMap(fromMicros).clear();
        long count =
                packets.headMap(toMicros).values().stream().mapToLong(n -> n).sum();
        return count > 0 && pauses.stream().anyMatch(p -> isNear(p, fromMicros, toMicros)) ? 0 : count;
    }

    private static boolean isNear(Pause pause, long fromMicros, long toMicros) {
        return pause.fromMicros - PAUSE_EDGE_MICROS < toMicros && fromMicros < pause.toMicros + PAUSE_EDGE_MICROS;
    }
}
