package hansard.transcribe;

import hansard.audit.AuditLog;
import hansard.keys.DataKey;
import hansard.keys.Envelopes;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Json;
import hansard.runtime.StageContext;
import hansard.store.ObjectStore;
import hansard.store.SealedObjects;
import hansard.wire.Artifact;
import hansard.wire.Hearing;
import hansard.wire.Redaction;
import hansard.wire.StreamDescription;
import hansard.wire.Topics;
import hansard.wire.Unheard;
import hansard.wire.Utterance;
import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Seals what was said and puts it where it is durable. May be shared by threads. */
final class TranscriptPublisher {
    private static final Logger log = LoggerFactory.getLogger(TranscriptPublisher.class);
    private static final String CONTENT_TYPE = "application/json";

    private final Producer<String, byte[]> producer;
    private final Envelopes envelopes;
    private final SealedObjects objects;
    private final AuditLog audit;
    private final String actor;
    private final BiFunction<StreamDescription, Hearing, String> modelOf;
    private final StageContext context;
    private final Counter utterances;

    TranscriptPublisher(
            Producer<String, byte[]> producer,
            Envelopes envelopes,
            SealedObjects objects,
            AuditLog audit,
            String actor,
            BiFunction<StreamDescription, Hearing, String> modelOf,
            StageContext context) {
        this.producer = producer;
        this.envelopes = envelopes;
        this.objects = objects;
        this.audit = audit;
        this.actor = actor;
        this.modelOf = modelOf;
        this.context = context;
        this.utterances = context.meters().counter("hansard.transcribe.utterances");
    }

    /** Sends without waiting. */
    Future<RecordMetadata> publish(Track track, DataKey key, Spoken spoken) {
        if (!spoken.partial()) {
            utterances.increment();
        }
        return send(track, key, spoken);
    }

    /**
     * Waits until the finals of a stretch are durable.
     *
     * @param sent the sending of each of the finals, in order; what failed is replaced by another
     * @throws HansardException KAFKA_UNAVAILABLE; may be called again with the same
     */
    void settle(Track track, DataKey key, List<Spoken> finals, List<Future<RecordMetadata>> sent) {
        for (int i = 0; i < finals.size(); i++) {
            if (!arrived(sent.get(i))) {
                sent.set(i, send(track, key, finals.get(i)));
                await(sent.get(i));
            }
        }
    }

    /**
     * Makes a finished track durable, whose utterances are: the transcript object, and the word of it. Repeating it changes nothing,
     * so the caller tries again after KAFKA_UNAVAILABLE or STORE_UNAVAILABLE.
     */
    void complete(Track track, DataKey key, List<TrackTranscript.Line> lines) {
        StreamDescription stream = track.stream();
        ObjectStore.Committed stored = store(track, key, lines);
        Artifact.TranscriptStored done = new Artifact.TranscriptStored(
                stream.tenant(),
                stream.callId(),
                context.nowMicros(),
                stream.streamId(),
                track.generation(),
                lines.size(),
                new Artifact.StoredObject(stored.key(), stored.sha256(), stored.length(), CONTENT_TYPE),
                redactions(track, lines),
                unheard(track.unheard(), lines),
                track.hearing());
        await(producer.send(new ProducerRecord<>(Topics.RECORDING_ARTIFACTS, stream.callId(), done.toBytes())));
        audit.note(audit.event(
                stream.tenant(),
                actor,
                "transcript.stored",
                stream.callId(),
                "ok",
                Map.of(
                        "streamId", stream.streamId(),
                        "utterances", Integer.toString(lines.size()),
                        "version", Integer.toString(track.hearing().version()),
                        "model", modelOf.apply(stream, track.hearing()),
                        "sha256", stored.sha256())));
        log.info("{}: transcript stored, {} utterances", track, lines.size());
    }

    /** What was removed: a word stands for it; and what nobody could look at. */
    private List<Redaction> redactions(Track track, List<TrackTranscript.Line> lines) {
        List<Redaction> removed = new ArrayList<>();
        if (modelOf.apply(track.stream(), track.hearing()).isEmpty()) { // also what another process gave up
            long end = track.unheard().stream()
                    .mapToLong(Unheard::endMicros)
                    .reduce(Math.max(track.startMicros() + 1, context.nowMicros()), Math::max);
            return List.of(new Redaction(track.startMicros(), end, Redaction.Kind.UNHEARD));
        }
        track.unheard().stream()
                .filter(u -> u.endMicros() > u.startMicros())
                .forEach(u -> removed.add(new Redaction(u.startMicros(), u.endMicros(), Redaction.Kind.UNHEARD)));
        for (TrackTranscript.Line line : lines) {
            for (Utterance.Word word : line.words()) {
                for (Redaction.Kind kind : Redaction.Kind.values()) {
                    if (word.word().equals(kind.word()) && word.endMicros() > word.startMicros()) {
                        removed.add(new Redaction(word.startMicros(), word.endMicros(), kind));
                    }
                }
            }
        }
        removed.sort(Comparator.comparingLong(Redaction::startMicros));
        return removed;
    }

    /** One for what follows on another for the same reason, pauses between them included: of a whole track in a foreign language. */
    static List<Unheard> unheard(List<Unheard> stretches, List<TrackTranscript.Line> lines) {
        List<Unheard> together = new ArrayList<>();
        for (Unheard next : stretches) {
            if (!together.isEmpty() && goesOn(together.getLast(), next, lines)) {
                Unheard last = together.removeLast();
                together.add(new Unheard(last.startMicros(), next.endMicros(), next.reason()));
            } else {
                together.add(next);
            }
        }
        return together;
    }

    private static boolean goesOn(Unheard last, Unheard next, List<TrackTranscript.Line> lines) {
        return last.reason().equals(next.reason())
                && lines.stream()
                        .noneMatch(line ->
                                line.startMicros() >= last.startMicros() && line.startMicros() < next.endMicros());
    }

    private Future<RecordMetadata> send(Track track, DataKey key, Spoken spoken) {
        StreamDescription stream = track.stream();
        Utterance utterance = new Utterance(
                spoken.utteranceId(),
                stream.tenant(),
                stream.callId(),
                stream.streamId(),
                track.generation(),
                stream.participantId(),
                spoken.startMicros(),
                spoken.endMicros(),
                spoken.partial(),
                modelOf.apply(stream, track.hearing()),
                envelopes.seal(key, Topics.TRANSCRIPTS, spoken.utteranceId(), Json.bytes(spoken.text())),
                track.hearing());
        return producer.send(new ProducerRecord<>(Topics.TRANSCRIPTS, stream.callId(), utterance.toBytes()));
    }

    private ObjectStore.Committed store(Track track, DataKey key, List<TrackTranscript.Line> lines) {
        StreamDescription stream = track.stream();
        TrackTranscript transcript = new TrackTranscript(
                stream.tenant(),
                stream.callId(),
                stream.streamId(),
                stream.participantId(),
                modelOf.apply(stream, track.hearing()),
                lines,
                track.unheard());
        String objectKey = stream.tenant() + "/" + stream.callId() + "/" + stream.streamId()
                + track.hearing().suffix() + ".transcript.json";
        try (SealedObjects.SealedUpload upload = objects.create(objectKey, key)) {
            ByteBuffer json = ByteBuffer.wrap(Json.bytes(transcript));
            while (json.hasRemaining()) {
                upload.channel().write(json);
            }
            return upload.commit();
        } catch (IOException e) {
            throw new HansardException(
                    ErrorCode.STORE_UNAVAILABLE, objectKey + " cannot be written: " + e.getMessage(), e);
        }
    }

    private static boolean arrived(Future<RecordMetadata> sent) {
        try {
            await(sent);
            return true;
        } catch (HansardException e) {
            if (e.code() == ErrorCode.KAFKA_UNAVAILABLE) {
                return false;
            }
            throw e;
        }
    }

    private static void await(Future<RecordMetadata> sent) {
        try {
            sent.get();
        } catch (ExecutionException e) {
            throw new HansardException(
                    ErrorCode.KAFKA_UNAVAILABLE, "Kafka did not take a transcript: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HansardException(ErrorCode.INTERNAL, "interrupted while a transcript was sent", e);
        }
    }
}
