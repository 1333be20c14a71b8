package hansard.transcode;

import hansard.wire.Frame;
import hansard.wire.ToneEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * The telephone events of one track. An event is told by many packets under one timestamp, each saying how long it has lasted, and its
 * end three times (RFC 4733 section 2.5.1.4): one event here.
 */
final class Tones {
    /** Somebody who holds a key down all day has been heard enough. */
    private static final int MAX_EVENTS = 100_000;
    /** Section 2.5.1.3: an event longer than the duration field holds goes on as another, which begins where that one ended. */
    private static final int FULL_DURATION = 0xffff;
    /** So many back may a packet that comes late belong. */
    private static final int LOOK_BACK = 16;

    private final List<Tone> tones = new ArrayList<>();

    private static final class Tone {
        final int event;
        final long startMicros;
        final long rtpStart;
        final int clockRate;
        long duration;
        boolean ended;

        Tone(int event, Frame frame, int clockRate) {
            this.event = event;
            this.startMicros = frame.mediaMicros();
            this.rtpStart = frame.rtpTimestamp();
            this.clockRate = Math.max(1, clockRate);
        }
    }

    /**
     * Takes a frame of an event; false when it is none, or there are too many.
     *
     * @param clockRate of its timestamps
     */
    boolean add(Frame frame, int clockRate) {
        byte[] bytes = frame.payload().array();
        if (bytes.length != 4) {
            return false;
        }
        int event = bytes[0] & 0xff;
        boolean end = (bytes[1] & 0x80) != 0;
        int duration = (bytes[2] & 0xff) << 8 | bytes[3] & 0xff;
        Tone tone = toneOf(event, frame);
        if (tone == null) {
            if (tones.size() == MAX_EVENTS) {
                return false;
            }
            tone = new Tone(event, frame, clockRate);
            tones.add(tone);
        }
        tone.duration = Math.max(tone.duration, frame.rtpTimestamp() - tone.rtpStart + duration);
        tone.ended |= end;
        return true;
    }

    private @org.jspecify.annotations.Nullable Tone toneOf(int event, Frame frame) {
        for (int i = tones.size() - 1; i >= Math.max(0, tones.size() - LOOK_BACK); i--) {
            Tone tone = tones.get(i);
            long since = frame.rtpTimestamp() - tone.rtpStart;
            boolean goesOn = !tone.ended && since > 0 && since % FULL_DURATION == 0 && since <= tone.duration;
            if (tone.event == event && (since == 0 || goesOn)) {
                return tone;
            }
        }
        return null;
    }

    int count() {
        return tones.size();
    }

    /** The events, by their beginnings. */
    List<ToneEvent> events() {
        return tones.stream()
                .map(t -> new ToneEvent(t.event, t.startMicros, t.duration * 1_000_000 / t.clockRate, t.ended))
                .sorted(java.util.Comparator.comparingLong(ToneEvent::startMicros))
                .toList();
    }
}
