package hansard.wire;

import hansard.runtime.Json;
import java.util.List;

/**
 * What a recording consists of, by digest: the content of the CMS SignedData (RFC 5652 section 5) {@code TENANT/CALL/record.p7m}. Holds
 * names and digests of sealed bytes, nothing of what was said.
 *
 * @param completenessSha256 of the completeness document itself, before it was sealed, lower-case hex
 * @param objects sealed objects as they are in the store, sorted by key
 */
public record RecordManifest(
        String format,
        String tenant,
        String callId,
        int round,
        long atMicros,
        String completenessSha256,
        List<Artifact.StoredObject> objects) {
    public static final String FORMAT = "hansard record 1";
    public static final String OBJECT_NAME = "record.p7m";
    public static final String CONTENT_TYPE = "application/pkcs7-mime";

    public RecordManifest {
        objects = List.copyOf(objects);
    }

    public byte[] toBytes() {
        return Json.bytes(this);
    }

    public static RecordManifest fromBytes(byte[] json) {
        RecordManifest read = Json.read(json, RecordManifest.class);
        return Names.checked(read, read.tenant(), read.callId());
    }
}
