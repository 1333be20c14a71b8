package hansard.index;

import java.util.Map;

/** What was said of a call when it began. */
record Opening(long openedMicros, String title, String department, String client, Map<String, String> labels) {
    Opening {
        labels = Map.copyOf(labels);
    }

    /** What may be known of a purged call. */
    Opening stripped() {
        return new Opening(openedMicros, "", department, "", Map.of());
    }
}
