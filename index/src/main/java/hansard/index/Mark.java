package hansard.index;

import java.util.List;

/**
 * Something that happened to a call at one moment and is shown on its timeline.
 *
 * @param kind {@code notice}, {@code paused} or {@code resumed}; {@code partly-paused} and {@code partly-resumed} are of some
 *     participants only
 */
record Mark(String eventId, String kind, long atMicros, String by, String text) {
    /** @param participants whom it is about; empty for everybody */
    static String kind(String what, List<String> participants) {
        return participants.isEmpty() ? what : "partly-" + what;
    }
}
