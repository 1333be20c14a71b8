package hansard.transcode;

import hansard.audit.AuditLog;
import hansard.keys.DataKey;
import hansard.keys.KeyRef;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.store.ObjectStore;
import hansard.store.SealedObjects;
import hansard.wire.Artifact.StoredObject;
import hansard.wire.TrackCoverage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Seals finished files into the store and notes it in the audit. Thread-safe. */
final class MediaObjects {
    private final SealedObjects objects;
    private final AuditLog audit;
    private final String actor;

    /** @param actor who we are in the audit */
    MediaObjects(SealedObjects objects, AuditLog audit, String actor) {
        this.objects = objects;
        this.audit = audit;
        this.actor = actor;
    }

    SealedObjects sealed() {
        return objects;
    }

    /** Stores what {@code copy} writes as {@code TENANT/CALL/NAME}, whole and durable, or throws. */
    StoredObject store(DataKey key, String name, String contentType, Consumer<WritableByteChannel> copy) {
        String objectKey = key.ref().tenant() + "/" + key.ref().callId() + "/" + name;
        ObjectStore.Committed committed;
        try (var upload = objects.create(objectKey, key)) {
            copy.accept(upload.channel());
            committed = upload.commit();
        } catch (UncheckedIOException e) {
            throw new HansardException(
                    ErrorCode.STORE_UNAVAILABLE,
                    objectKey + " was not stored, will be tried again: " + e.getMessage(),
                    e);
        }
        audit.note(audit.event(
                key.ref().tenant(),
                actor,
                "media.stored",
                key.ref().callId(),
                "ok",
                Map.of("object", objectKey, "sha256", committed.sha256())));
        return new StoredObject(objectKey, committed.sha256(), committed.length(), contentType);
    }

    /** The whole of a small object, opened. */
    byte[] read(String objectKey, KeyRef ref) {
        try (SeekableByteChannel content = objects.open(objectKey, ref)) {
            ByteBuffer whole = ByteBuffer.allocate(Math.toIntExact(content.size()));
            while (whole.hasRemaining() && content.read(whole) >= 0) {}
            return whole.array();
        } catch (IOException e) {
            throw new HansardException(
                    ErrorCode.STORE_UNAVAILABLE, objectKey + " cannot be read, will be tried again: " + e, e);
        }
    }

    /** What a track's packets tell of its time; empty when it is not there to be read: then what was lost is silence. */
    Optional<TrackCoverage> coverage(KeyRef track, long generation) {
        String objectKey =
                track.tenant() + "/" + track.callId() + "/" + TrackCoverage.objectName(track.track(), generation);
        try {
            KeyRef told = KeyRef.told(track.tenant(), track.callId(), track.track());
            return Optional.of(TrackCoverage.fromBytes(read(objectKey, told)));
        } catch (HansardException e) {
            if (e.code().isRetriable() || e.code() == ErrorCode.KEY_GONE) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** For {@link #store}: all of some bytes. */
    static void write(WritableByteChannel to, byte[] bytes) {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        try {
            while (left.hasRemaining()) {
                to.write(left);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Raises the alarm that a native part failed on a track's media. */
    void alarm(String tenant, String callId, String track, String reason) {
        audit.note(audit.event(
                tenant, actor, "alarm.media-failed", callId, "failed", Map.of("track", track, "reason", reason)));
    }
}
