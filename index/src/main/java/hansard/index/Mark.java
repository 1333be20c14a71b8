package hansard.index;

/**
 * Something that happened to a call at one moment and is shown on its timeline.
 *
 * @param kind {@code notice}, {@code paused} or {@code resumed}
 */
record Mark(String eventId, String kind, long atMicros, String by, String text) {}
