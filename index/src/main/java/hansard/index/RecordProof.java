package hansard.index;

import hansard.keys.KeyRef;
import hansard.keys.RecordSignature;
import hansard.keys.Vault;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.store.ObjectStore;
import hansard.store.SealedObjects;
import hansard.wire.Artifact.CompletenessStored;
import hansard.wire.Artifact.StoredObject;
import hansard.wire.Completeness;
import hansard.wire.Octets;
import hansard.wire.RecordManifest;
import hansard.wire.RetentionOrder.DiscardOrdered;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads what a recording says of itself, and checks it: the signature, each object's digest, and that the spans add up. */
final class RecordProof {
    private static final int MAX_DOCUMENT_BYTES = 64 << 20;
    private static final int CHUNK = 64 * 1024;

    private final ObjectStore store;
    private final SealedObjects objects;
    private final Vault vault;

    RecordProof(ObjectStore store, SealedObjects objects, Vault vault) {
        this.store = store;
        this.objects = objects;
        this.vault = vault;
    }

    /**
     * @param holds nothing is wrong
     * @param signedBy subject of the signer's certificate; empty when there is no signature that holds
     * @param signedAt ISO 8601; empty likewise
     * @param checked what was found to be right, in sentences
     * @param problems what is wrong, in sentences
     */
    record Finding(
            String callId,
            boolean holds,
            String signedBy,
            String signedAt,
            List<String> checked,
            List<String> problems) {}

    /** The completeness of a call, opened. @throws HansardException NOT_FOUND until it is stated */
    Completeness completeness(CallRecord call) {
        CompletenessStored stated = call.completeness();
        StoredObject object = stated == null ? null : stated.object();
        if (object == null) {
            throw new HansardException(
                    ErrorCode.NOT_FOUND,
                    "the completeness of recording " + call.callId()
                            + " is not stated: it is when the recording is sealed");
        }
        return Completeness.fromBytes(document(call, object));
    }

    private byte[] document(CallRecord call, StoredObject object) {
        KeyRef ref = new KeyRef(call.tenant(), call.callId(), KeyRef.COMPLETENESS);
        try (SeekableByteChannel content = objects.open(object.objectKey(), ref)) {
            return whole(content);
        } catch (IOException e) {
            throw new HansardException(ErrorCode.STORE_UNAVAILABLE, object.objectKey() + " cannot be read: " + e, e);
        }
    }

    /** Checks everything there is to check; what is wrong does not end it. */
    Finding verify(CallRecord call) {
        List<String> checked = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        CompletenessStored stated = call.completeness();
        if (stated == null) {
            problems.add("nothing is stated of this recording yet: it is signed when it is sealed");
            return finding(call, null, checked, problems);
        }
        RecordSignature signature = signature(stated, problems);
        RecordManifest manifest = signature == null ? null : manifest(call, signature, problems);
        if (manifest != null) {
            checked.add("the signature holds, and is of this organisation");
            digests(call, manifest, checked, problems);
            nothingBesides(call, manifest, problems);
        }
        spans(call, stated, manifest, checked, problems);
        return finding(call, manifest == null ? null : signature, checked, problems);
    }

    private static Finding finding(
            CallRecord call, @Nullable RecordSignature signature, List<String> checked, List<String> problems) {
        return new Finding(
                call.callId(),
                problems.isEmpty(),
                signature == null
                        ? ""
                        : signature.signer().getSubjectX500Principal().getName(),
                signature == null ? "" : signature.at().toString(),
                checked,
                problems);
    }

    private @Nullable RecordSignature signature(CompletenessStored stated, List<String> problems) {
        StoredObject object = stated.signature();
        if (object == null) {
            problems.add(stated.signer());
            return null;
        }
        try (SeekableByteChannel stored = store.open(object.objectKey())) {
            return vault.checkSignature(Octets.of(whole(stored)));
        } catch (HansardException e) {
            problems.add(object.objectKey() + ": " + e.getMessage());
        } catch (IOException e) {
            problems.add(object.objectKey() + " cannot be read: " + e);
        }
        return null;
    }

    private static @Nullable RecordManifest manifest(
            CallRecord call, RecordSignature signature, List<String> problems) {
        RecordManifest manifest;
        try {
            manifest = RecordManifest.fromBytes(signature.content().array());
        } catch (HansardException e) {
            problems.add("what is signed is no record's manifest: " + e.getMessage());
            return null;
        }
        if (!manifest.callId().equals(call.callId()) || !manifest.tenant().equals(call.tenant())) {
            problems.add("the signature is of another call: " + manifest.callId());
            return null;
        }
        return manifest;
    }

    private void digests(CallRecord call, RecordManifest manifest, List<String> checked, List<String> problems) {
        Map<String, DiscardOrdered> discarded = new HashMap<>();
        call.orders().discards().forEach(order -> order.objects().forEach(object -> discarded.put(object, order)));
        Map<String, Integer> goneBy = new TreeMap<>();
        int right = 0;
        for (StoredObject object : manifest.objects()) {
            try (SeekableByteChannel stored = store.open(object.objectKey())) {
                String found = sha256(stored);
                if (found.equals(object.sha256())) {
                    right++;
                } else {
                    problems.add(object.objectKey() + " was altered: its SHA-256 is " + found + ", signed was "
                            + object.sha256());
                }
            } catch (HansardException e) {
                DiscardOrdered order = discarded.get(object.objectKey());
                if (e.code() == ErrorCode.NOT_FOUND && order != null) {
                    goneBy.merge(order.policy() + ", " + instant(order.atMicros()), 1, Integer::sum);
                } else {
                    problems.add(object.objectKey() + " is gone: " + e.getMessage());
                }
            } catch (IOException e) {
                problems.add(object.objectKey() + " cannot be read: " + e);
            }
        }
        goneBy.forEach((policy, count) ->
                checked.add(count + " of the signed objects were originals and are gone, by policy " + policy));
        checked.add(right + " of " + manifest.objects().size() + " objects are as they were signed");
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).truncatedTo(ChronoUnit.SECONDS);
    }

    /** What this index plays must be what was signed. */
    private static void nothingBesides(CallRecord call, RecordManifest manifest, List<String> problems) {
        Map<String, String> signed = new HashMap<>();
        manifest.objects().forEach(o -> signed.put(o.objectKey(), o.sha256()));
        List<@Nullable StoredObject> played = new ArrayList<>();
        call.tracks().values().forEach(t -> t.files().forEach(file -> played.addAll(file.objects())));
        call.redactions().values().forEach(r -> r.files().forEach(file -> played.addAll(file.objects())));
        Mix mix = call.mix();
        played.add(mix == null ? null : mix.object());
        for (StoredObject object : played) {
            if (object != null && !object.sha256().equals(signed.get(object.objectKey()))) {
                problems.add(object.objectKey() + " is part of the recording, and is not signed as it is");
            }
        }
    }

    private void spans(
            CallRecord call,
            CompletenessStored stated,
            @Nullable RecordManifest manifest,
            List<String> checked,
            List<String> problems) {
        StoredObject object = stated.object();
        if (object == null) {
            problems.add("the completeness was not kept: " + stated.signer());
            return;
        }
        try {
            byte[] document = document(call, object);
            if (manifest != null && !sha256(document).equals(manifest.completenessSha256())) {
                problems.add("the completeness is another than the one that was signed");
            }
            Completeness completeness = Completeness.fromBytes(document);
            List<String> faults = completeness.faults();
            problems.addAll(faults);
            if (faults.isEmpty()) {
                checked.add("the spans of " + completeness.tracks().size()
                        + " tracks cover the whole call without overlap, and every packet is accounted for");
            }
        } catch (HansardException e) {
            problems.add(object.objectKey() + ": " + e.getMessage());
        }
    }

    private static byte[] whole(SeekableByteChannel content) throws IOException {
        if (content.size() > MAX_DOCUMENT_BYTES) {
            throw new IOException("it has " + content.size() + " bytes, more than a document has");
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) content.size());
        while (bytes.hasRemaining() && content.read(bytes) >= 0) {}
        return bytes.array();
    }

    private static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(digest().digest(bytes));
    }

    private static String sha256(SeekableByteChannel content) throws IOException {
        MessageDigest digest = digest();
        ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
        while (content.read(buffer.clear()) >= 0) {
            digest.update(buffer.flip());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
