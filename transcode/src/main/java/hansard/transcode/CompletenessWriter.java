package hansard.transcode;

import hansard.audit.AuditLog;
import hansard.keys.KeyRef;
import hansard.keys.Vault;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.store.ObjectStore;
import hansard.wire.Artifact;
import hansard.wire.Artifact.StoredObject;
import hansard.wire.Completeness;
import hansard.wire.Octets;
import hansard.wire.RecordManifest;
import hansard.wire.TrackCoverage;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** States a recording's completeness when all its parts are there, seals it, and has the vault sign what the recording consists of. */
final class CompletenessWriter {
    private static final Logger log = LoggerFactory.getLogger(CompletenessWriter.class);

    private final Vault vault;
    private final MediaObjects objects;
    private final ObjectStore store;
    private final AuditLog audit;
    private final String actor;
    private final LongSupplier nowMicros;

    CompletenessWriter(
            Vault vault,
            MediaObjects objects,
            ObjectStore store,
            AuditLog audit,
            String actor,
            LongSupplier nowMicros) {
        this.vault = vault;
        this.objects = objects;
        this.store = store;
        this.audit = audit;
        this.actor = actor;
        this.nowMicros = nowMicros;
    }

    /** For {@link WorkReader}: the parts of a recording are work, once they are all there. */
    Optional<WorkReader.Work> work(byte[] record) {
        return Artifact.fromBytes(record) instanceof Artifact.PartsComplete call
                ? Optional.of(new WorkReader.Work(call.tenant(), stopped -> write(call)))
                : Optional.empty();
    }

    /** @throws HansardException VAULT_UNAVAILABLE or STORE_UNAVAILABLE: try again later */
    Artifact.CompletenessStored write(Artifact.PartsComplete call) {
        Completeness stated = new Reconciliation(call, coverages(call)).completeness(nowMicros.getAsLong());
        stated.faults()
                .forEach(fault -> log.error("call {}: its completeness does not add up: {}", call.callId(), fault));
        log.info("call {}: {}", call.callId(), stated.verdict().sentence());
        try {
            return stored(call, stated);
        } catch (HansardException e) {
            if (e.code() != ErrorCode.KEY_GONE) {
                throw e;
            }
            return made(call, stated, null, null, "the call's keys were destroyed before it could be signed");
        }
    }

    private Artifact.CompletenessStored stored(Artifact.PartsComplete call, Completeness stated) {
        byte[] document = stated.toBytes();
        KeyRef ref = new KeyRef(call.tenant(), call.callId(), KeyRef.COMPLETENESS);
        StoredObject object = objects.store(
                vault.newDataKey(ref),
                Completeness.OBJECT_NAME,
                Completeness.CONTENT_TYPE,
                to -> MediaObjects.write(to, document));
        RecordManifest manifest = new RecordManifest(
                RecordManifest.FORMAT,
                call.tenant(),
                call.callId(),
                call.round(),
                nowMicros.getAsLong(),
                sha256(document),
                Stream.concat(call.parts().stream().flatMap(CompletenessWriter::objectsOf), Stream.of(object))
                        .sorted(Comparator.comparing(StoredObject::objectKey))
                        .toList());
        Optional<Octets> signed = vault.sign(call.tenant(), manifest.toBytes());
        if (signed.isEmpty()) {
            log.warn("call {}: not signed, the keeper of this worker's key signs nothing", call.callId());
            return made(call, stated, object, null, "not signed: the keeper of the worker's key signs nothing");
        }
        StoredObject signature = stored(call, signed.get());
        audit.note(audit.event(
                call.tenant(),
                actor,
                "record.signed",
                call.callId(),
                "ok",
                Map.of(
                        "object", signature.objectKey(),
                        "sha256", signature.sha256(),
                        "verdict", stated.verdict().state().name(),
                        "parts", Integer.toString(manifest.objects().size()))));
        return made(call, stated, object, signature, vault.identity());
    }

    /** As it is: it holds digests and is to be read by who has no key. */
    private StoredObject stored(Artifact.PartsComplete call, Octets signed) {
        String objectKey = call.tenant() + "/" + call.callId() + "/" + RecordManifest.OBJECT_NAME;
        try (ObjectStore.Upload upload = store.create(objectKey)) {
            MediaObjects.write(upload.channel(), signed.array());
            ObjectStore.Committed committed = upload.commit();
            return new StoredObject(objectKey, committed.sha256(), committed.length(), RecordManifest.CONTENT_TYPE);
        } catch (IOException e) {
            throw new HansardException(
                    ErrorCode.STORE_UNAVAILABLE, objectKey + " was not stored, will be tried again: " + e, e);
        }
    }

    private Artifact.CompletenessStored made(
            Artifact.PartsComplete call,
            Completeness stated,
            @Nullable StoredObject object,
            @Nullable StoredObject signature,
            String signer) {
        return new Artifact.CompletenessStored(
                call.tenant(),
                call.callId(),
                nowMicros.getAsLong(),
                call.round(),
                stated.verdict(),
                stated.tracks().stream()
                        .collect(Collectors.toMap(
                                Completeness.TrackTime::streamId, Completeness.TrackTime::verdict, (a, b) -> b)),
                object,
                signature,
                signer);
    }

    private Map<String, TrackCoverage> coverages(Artifact.PartsComplete call) {
        Map<String, TrackCoverage> coverages = new HashMap<>();
        for (Artifact part : call.parts()) {
            if (part instanceof Artifact.CoverageStored stored) {
                KeyRef ref = KeyRef.told(call.tenant(), call.callId(), stored.streamId());
                try {
                    coverages.put(
                            stored.streamId(),
                            TrackCoverage.fromBytes(objects.read(stored.object().objectKey(), ref)));
                } catch (HansardException e) {
                    if (e.code().isRetriable()) {
                        throw e;
                    }
                    log.warn("call {} stream {}: {}", call.callId(), stored.streamId(), e.getMessage());
                }
            }
        }
        return coverages;
    }

    private static Stream<StoredObject> objectsOf(Artifact part) {
        List<Artifact.Segment> files = part instanceof Artifact.TrackStored track
                ? track.files()
                : part instanceof Artifact.RedactionStored redacted ? redacted.files() : List.of();
        return files.isEmpty()
                ? Stream.ofNullable(objectOf(part))
                : files.stream().flatMap(file -> file.objects().stream());
    }

    private static @Nullable StoredObject objectOf(Artifact part) {
        return switch (part) {
            case Artifact.TrackStored a -> a.object();
            case Artifact.FramesStored a -> a.object();
            case Artifact.PartStored a -> a.object();
            case Artifact.CoverageStored a -> a.object();
            case Artifact.MixStored a -> a.object();
            case Artifact.TranscriptStored a -> a.object();
            case Artifact.CompletenessStored a -> a.object();
            case Artifact.TrackBegun ignored -> null;
            case Artifact.HeardAgain ignored -> null;
            case Artifact.TrackUnopened ignored -> null;
            case Artifact.TrackEmpty ignored -> null;
            case Artifact.RedactionDue ignored -> null;
            case Artifact.RedactionStored ignored -> null;
            case Artifact.TracksComplete ignored -> null;
            case Artifact.PartsComplete ignored -> null;
            case Artifact.CompositeProgress ignored -> null;
            case Artifact.CompositeStored ignored -> null;
            case Artifact.RecordingSealed ignored -> null;
        };
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
