package hansard.decrypt;

import hansard.wire.Frame;
import hansard.wire.Observation;
import hansard.wire.RejectReason;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What came of one record of a stream. Holds plaintext frames: handed on sealed, then dropped. */
final class Outcome {
    final List<Frame> frames = new ArrayList<>();
    final Map<RejectReason, Tally> rejected = new EnumMap<>(RejectReason.class);
    final List<Alarm> alarms = new ArrayList<>();
    /** What befell the track besides, in order. */
    final List<Observation> observations = new ArrayList<>();

    private int incompleteFrames;

    void reject(RejectReason reason, Tally tally) {
        if (tally.count() > 0) {
            rejected.merge(reason, tally, Tally::plus);
        }
    }

    void incompleteFrame() {
        incompleteFrames++;
    }

    /** Video frames of which a packet was missing or made no sense. */
    int incompleteFrames() {
        return incompleteFrames;
    }
}
