package hansard.transcribe;

import hansard.keys.DataKey;
import hansard.keys.Envelopes;
import hansard.keys.Vault;
import hansard.runtime.StageContext;
import hansard.wire.SpeechRecord;
import hansard.wire.Topics;
import io.micrometer.core.instrument.Counter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * One track in the hands of its worker: opens its speech, has it recognised, publishes what was said. One thread.
 *
 * <p>Each step may throw a retriable {@link hansard.runtime.HansardException} and may then be called again with the same record:
 * speech is fed only after all that can fail has not.
 */
final class TrackSession implements AutoCloseable {
    /** What all sessions share. */
    record Shared(
            SpeechModel model, Vault vault, Envelopes envelopes, TranscriptPublisher publisher, StageContext context) {}

    private final LiveTrack track;
    private final Shared shared;
    private final TrackTranscriber transcriber;
    private final List<Future<RecordMetadata>> sentFinals = new ArrayList<>();
    private final Counter audioSeconds;
    private @Nullable DataKey key;
    private boolean finished;

    TrackSession(LiveTrack track, Shared shared) {
        this.track = track;
        this.shared = shared;
        this.transcriber = new TrackTranscriber(track.name(), shared.model()::recogniser);
        this.audioSeconds = shared.context().meters().counter("hansard.transcribe.audio.seconds");
    }

    /** @throws hansard.runtime.HansardException MALFORMED, NOT_AUTHENTIC, KEY_GONE or VAULT_UNAVAILABLE; nothing was heard then */
    void hear(SpeechRecord.Speech speech) {
        String subject = track.stream().streamId() + "/" + speech.startMicros();
        Pcm pcm =
                Pcm.of(speech, shared.envelopes().open(track.keyRef(), Topics.MEDIA_SPEECH, subject, speech.sealed()));
        DataKey sealUnder = key;
        if (sealUnder == null) {
            sealUnder = shared.envelopes().keyOf(track.keyRef(), speech.sealed());
            key = sealUnder;
        }
        publish(sealUnder, transcriber.hear(pcm, shared.context().nowMicros()));
        audioSeconds.increment((double) pcm.samples() / SpeechRecord.SAMPLE_RATE);
    }

    /** Ends the track and makes its transcript durable. */
    void end() {
        DataKey sealUnder = key;
        if (sealUnder == null) { // nobody spoke, so no key came with the speech
            sealUnder = shared.vault().newDataKey(track.keyRef());
            key = sealUnder;
        }
        if (!finished) {
            publish(sealUnder, transcriber.finish());
            finished = true;
        }
        shared.publisher().complete(track.stream(), track.generation(), sealUnder, transcriber.finals(), sentFinals);
    }

    private void publish(DataKey sealUnder, List<Spoken> known) {
        for (Spoken spoken : known) {
            if (!track.isAbandoned()) {
                Future<RecordMetadata> sent =
                        shared.publisher().publish(track.stream(), track.generation(), sealUnder, spoken);
                if (!spoken.partial()) {
                    sentFinals.add(sent);
                }
            }
        }
    }

    @Override
    public void close() {
        transcriber.close();
    }
}
