package hansard.wire;

import hansard.runtime.Json;
import java.util.List;

/**
 * A key that somebody pressed, or another telephone event (RFC 4733 section 2.3). Content: keys pressed may be a card's number.
 *
 * @param event RFC 4733 section 3.2: 0 to 9 are digits, 10 is *, 11 is #, 12 to 15 are A to D, others are not keys
 * @param startMicros on the track's timeline
 * @param durationMicros as far as the sender said; of one whose end never came, as long as it was seen
 * @param ended whether its end was seen
 */
public record ToneEvent(int event, long startMicros, long durationMicros, boolean ended) {
    private static final String KEYS = "0123456789*#ABCD";

    /** The key as it is printed on a telephone, or {@code event N}. */
    public String key() {
        return event >= 0 && event < KEYS.length() ? KEYS.substring(event, event + 1) : "event " + event;
    }

    /** All of a track, in order: what a stored object of {@link Artifact.Part#TONES} holds. */
    public record OfTrack(List<ToneEvent> events) {
        public OfTrack {
            events = List.copyOf(events);
        }

        public byte[] toBytes() {
            return Json.bytes(this);
        }

        public static OfTrack fromBytes(byte[] json) {
            return Json.read(json, OfTrack.class);
        }
    }

    @Override
    public String toString() {
        return "ToneEvent[" + durationMicros + " us]";
    }
}
