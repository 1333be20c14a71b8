package hansard.index;

import hansard.keys.KeyRef;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.store.SealedObjects;
import hansard.wire.Artifact;
import hansard.wire.ToneEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The keys that were pressed in a call. They may be a card's number, so they are opened for who asks and kept by nobody. */
final class PressedKeys {
    /** Far above what the most events that a track keeps take. */
    private static final long MAX_BYTES = 32 << 20;

    private final SealedObjects objects;

    PressedKeys(SealedObjects objects) {
        this.objects = objects;
    }

    /**
     * One telephone event; times in ms on the call's clock.
     *
     * @param key {@code 0} to {@code 9}, {@code *}, {@code #}, {@code A} to {@code D}, or {@code event N}
     * @param ended false when its end was not seen
     */
    record Pressed(
            String trackId,
            String participant,
            String participantId,
            String key,
            long startMs,
            long durationMs,
            boolean ended) {
        @Override
        public String toString() {
            return "Pressed[" + trackId + ", " + startMs + " ms]";
        }
    }

    /** Of all tracks but what people may not hear and what went with an original, in the order in which they were pressed. @throws HansardException KEY_GONE, VAULT_UNAVAILABLE, STORE_UNAVAILABLE */
    List<Pressed> of(CallRecord call) {
        List<Pressed> pressed = new ArrayList<>();
        for (Track track : call.tracks().values()) {
            Artifact.PartStored tones = call.part(track, Artifact.Part.TONES);
            if (tones != null
                    && call.orders().discard(track.stream().streamId()).isEmpty()) {
                Audible audible = Audible.of(call, track);
                for (ToneEvent event : events(call, track, tones).events()) {
                    if (!isGiven(audible, event)) {
                        continue;
                    }
                    pressed.add(new Pressed(
                            track.stream().streamId(),
                            call.nameOf(track.stream().participantId()),
                            track.stream().participantId(),
                            event.key(),
                            Times.onClock(event.startMicros(), call.zeroMicros()),
                            event.durationMicros() / 1_000,
                            event.ended()));
                }
            }
        }
        pressed.sort(Comparator.comparingLong(Pressed::startMs));
        return pressed;
    }

    private static boolean isGiven(Audible audible, ToneEvent event) {
        long end = event.startMicros() + Math.max(1, event.durationMicros());
        return switch (audible) {
            case Audible.Original ignored -> true;
            case Audible.Redacted redacted ->
                redacted.silent().stream().noneMatch(s -> s.startMicros() < end && s.endMicros() > event.startMicros());
            case Audible.Withheld ignored -> false;
        };
    }

    private ToneEvent.OfTrack events(CallRecord call, Track track, Artifact.PartStored tones) {
        String name = tones.object().objectKey();
        KeyRef ref = new KeyRef(call.tenant(), call.callId(), track.stream().streamId());
        try (SeekableByteChannel content = objects.open(name, ref)) {
            if (content.size() > MAX_BYTES) {
                throw new HansardException(ErrorCode.MALFORMED, name + " is longer than any track's events are");
            }
            ByteBuffer bytes = ByteBuffer.allocate((int) content.size());
            while (bytes.hasRemaining() && content.read(bytes) >= 0) {
                // until it is whole
            }
            return ToneEvent.OfTrack.fromBytes(bytes.array());
        } catch (IOException e) {
            throw new HansardException(ErrorCode.STORE_UNAVAILABLE, name + " cannot be read: " + e.getMessage(), e);
        }
    }
}
