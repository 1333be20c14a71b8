package hansard.transcode;

import hansard.audit.AuditLog;
import hansard.keys.DataKey;
import hansard.keys.Envelopes;
import hansard.keys.KeyRef;
import hansard.keys.Vault;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.Artifact;
import hansard.wire.Codec;
import hansard.wire.RecordingOrder;
import hansard.wire.RecordingOrder.TranscriptOrdered;
import hansard.wire.RecordingOrder.Voice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SeekableByteChannel;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens the stored tracks of a sealed recording and gives their sound to the recogniser once more, as it was ordered: the same decoder, the same
 * gate, the same records as when the track was made. Nothing that is stored changes.
 */
final class Rehearing {
    private static final Logger log = LoggerFactory.getLogger(Rehearing.class);
    /** What trying again does not mend: the order or the objects it names are not what they should be, or are being erased. */
    private static final Set<ErrorCode> GIVEN_UP = EnumSet.of(
            ErrorCode.MEDIA_FAILED,
            ErrorCode.NOT_AUTHENTIC,
            ErrorCode.MALFORMED,
            ErrorCode.BAD_REQUEST,
            ErrorCode.KEY_GONE,
            ErrorCode.NOT_FOUND);

    private final Vault vault;
    private final Envelopes envelopes;
    private final MediaObjects objects;
    private final AuditLog audit;
    private final String actor;
    private final Output output;
    private final LongSupplier nowMicros;

    /**
     * @param actor who we are in the audit
     * @param output where the speech goes, and what the work comes to
     */
    Rehearing(
            Vault vault,
            Envelopes envelopes,
            MediaObjects objects,
            AuditLog audit,
            String actor,
            Output output,
            LongSupplier nowMicros) {
        this.vault = vault;
        this.envelopes = envelopes;
        this.objects = objects;
        this.audit = audit;
        this.actor = actor;
        this.output = output;
        this.nowMicros = nowMicros;
    }

    /** The records of {@code recording.orders} that ask for it. */
    Optional<WorkReader.Work> work(byte[] record) {
        return RecordingOrder.fromBytes(record) instanceof TranscriptOrdered order
                ? Optional.of(new WorkReader.Work(order.tenant(), stopped -> heard(order, stopped)))
                : Optional.empty();
    }

    /**
     * Done again after a kill, it writes all of it once more, from each track's first record on.
     *
     * @throws HansardException VAULT_UNAVAILABLE, STORE_UNAVAILABLE: try again later; KEY_REFUSED
     */
    Artifact.HeardAgain heard(TranscriptOrdered order, BooleanSupplier stopped) {
        List<Voice> voices = order.tracks().stream()
                .filter(voice -> SoundDecoder.hears(voice.stream()))
                .toList();
        if (voices.isEmpty()) {
            return outcome(order, voices, "none of its tracks is in a codec that can be heard");
        }
        output.early(outcome(order, voices, ""));
        try {
            for (Voice voice : voices) {
                hear(order, voice, stopped);
            }
        } catch (HansardException e) {
            if (!GIVEN_UP.contains(e.code())) {
                throw e;
            }
            log.warn("call {}: not heard again: {}", order.callId(), e.getMessage());
            return outcome(order, voices, String.valueOf(e.getMessage()));
        }
        log.info(
                "call {}: {} tracks are heard again with {}",
                order.callId(),
                voices.size(),
                order.hearing().model());
        return outcome(order, voices, "");
    }

    private Artifact.HeardAgain outcome(TranscriptOrdered order, List<Voice> voices, String failure) {
        return new Artifact.HeardAgain(
                order.tenant(),
                order.callId(),
                nowMicros.getAsLong(),
                order.hearing(),
                order.by(),
                order.reason(),
                voices.stream().map(voice -> voice.stream().streamId()).toList(),
                failure);
    }

    private void hear(TranscriptOrdered order, Voice voice, BooleanSupplier stopped) {
        check(order, voice);
        String streamId = voice.stream().streamId();
        KeyRef track = new KeyRef(order.tenant(), order.callId(), streamId);
        audit.require(audit.event(
                order.tenant(),
                actor,
                "transcript.track-opened",
                order.callId(),
                "ok",
                Map.of(
                        "streamId", streamId,
                        "orderId", order.orderId(),
                        "by", order.by(),
                        "reason", order.reason(),
                        "model", order.hearing().model())));
        DataKey key = vault.newDataKey(track);
        LostPackets lost = lost(voice, track);
        try (TrackSpeech speech =
                new TrackSpeech(voice.stream(), voice.generation(), order.hearing(), lost, envelopes, output)) {
            try {
                for (Artifact.Segment file : voice.files()) {
                    hear(file, track, key, speech, stopped);
                }
            } catch (HansardException e) {
                if (GIVEN_UP.contains(e.code())) {
                    speech.finish(); // else it is begun anew, and half of it is no transcript
                }
                throw e;
            }
            speech.finish();
        }
    }

    /** An order's objects are those of its own call: the key of another would be opened for it. */
    private static void check(TranscriptOrdered order, Voice voice) {
        String folder = order.tenant() + "/" + order.callId() + "/";
        boolean ofTheCall = voice.stream().tenant().equals(order.tenant())
                && voice.stream().callId().equals(order.callId())
                && voice.files().stream()
                        .allMatch(file -> file.object().objectKey().startsWith(folder));
        if (!ofTheCall) {
            throw new HansardException(
                    ErrorCode.BAD_REQUEST, "track " + voice.stream().streamId() + " is none of call " + order.callId());
        }
    }

    private void hear(Artifact.Segment file, KeyRef track, DataKey key, TrackSpeech speech, BooleanSupplier stopped) {
        Codec codec = new Codec(file.codec(), 0, file.channels());
        try (SeekableByteChannel content = objects.sealed().open(file.object().objectKey(), track);
                Demuxer demuxer = new Demuxer(content)) {
            for (Optional<Demuxer.Packet> next = demuxer.next(); next.isPresent(); next = demuxer.next()) {
                if (stopped.getAsBoolean()) {
                    throw new HansardException(
                            ErrorCode.INTERNAL, "the stage stops; what is heard again is begun anew");
                }
                speech.add(
                        file.startMicros() + next.get().atMicros(), next.get().payload(), codec, key);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private LostPackets lost(Voice voice, KeyRef track) {
        LostPackets lost = new LostPackets();
        objects.coverage(track, voice.generation()).ifPresent(coverage -> {
            coverage.losses().forEach(loss -> lost.add(loss.atMicros(), loss.packets()));
            coverage.pauses().forEach(pause -> lost.pause(pause.fromMicros(), pause.toMicros()));
        });
        return lost;
    }
}
