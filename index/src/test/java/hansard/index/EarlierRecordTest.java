package hansard.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.Json;
import hansard.wire.Artifact;
import hansard.wire.StreamAccount;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What an earlier release wrote into an index is read by this one. */
class EarlierRecordTest {
    @Test
    void aTrackThatKnewNothingOfRedactionIsGivenAsItIs() {
        Artifact.StoredObject object = new Artifact.StoredObject("k", "00", 1, "audio/webm");
        CallRecord call = CallRecord.unknown(Desk.TENANT, "c1")
                .apply(new Artifact.TrackStored(
                        Desk.TENANT, "c1", 9, Desk.stream("c1", "p1"), 0, StreamAccount.EMPTY, 1, 2, 0, object));
        String kept = new String(Json.bytes(call), StandardCharsets.UTF_8);
        String earlier = kept.replace(",\"withheld\":false", "").replace(",\"redactions\":{}", "");
        assertTrue(kept.length() - earlier.length() > 30, kept);
        CallRecord read = Json.read(earlier.getBytes(StandardCharsets.UTF_8), CallRecord.class);
        assertEquals(call, read);
        assertEquals(
                new Audible.Original(),
                Audible.of(read, read.tracks().values().iterator().next()));
    }
}
