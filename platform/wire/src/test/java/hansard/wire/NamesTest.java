package hansard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Names on the topics become object keys and file names. */
class NamesTest {
    private static final List<String> PATHS =
            List.of("", ".", "..", "../x", "a/b", "/a", "a\\b", "a\u0000", "a\nb", ".a", "a b", "ä", "x".repeat(201));

    private static void refused(Function<byte[], ?> reader, byte[] record) {
        HansardException refusal = assertThrows(HansardException.class, () -> reader.apply(record));
        assertEquals(ErrorCode.MALFORMED, refusal.code());
        assertFalse(String.valueOf(refusal.getMessage()).contains("../x"), refusal.getMessage());
    }

    @Test
    void noRecordNamesATenantOrACallThatIsAPath() {
        for (String path : PATHS) {
            for (boolean tenant : new boolean[] {true, false}) {
                String t = tenant ? path : "acme";
                String c = tenant ? "c" : path;
                refused(CallEvent::fromBytes, new CallEvent.ParticipantLeft("e", t, c, 1, "p").toBytes());
                refused(Artifact::fromBytes, new Artifact.RecordingSealed(t, c, 1, 2, 3, 4).toBytes());
                refused(RetentionOrder::fromBytes, new RetentionOrder.PurgeOrdered("o", t, c, 1, "p").toBytes());
                refused(Receipt::fromBytes, new Receipt("o", t, c, 1, "objects", "retention", 3, "").toBytes());
                refused(
                        Utterance::fromBytes,
                        new Utterance("u", t, c, "s", 0, "p", 1, 2, false, "m", RecordsTest.BYTES).toBytes());
            }
        }
    }

    @Test
    void noStreamIsDescribedByAPath() {
        String good = new String(
                SealedSessionKeys.of(RecordsTest.STREAM, RecordsTest.BYTES).toBytes(), StandardCharsets.UTF_8);
        for (Map.Entry<String, String> field :
                Map.of("streamId", "s-1", "callId", "c-1", "tenant", "acme").entrySet()) {
            String was = "\"" + field.getKey() + "\":\"" + field.getValue() + "\"";
            assertEquals(2, good.split(java.util.regex.Pattern.quote(was), -1).length, was);
            String hostile = good.replace(was, "\"" + field.getKey() + "\":\"../x\"");
            refused(SealedSessionKeys::fromBytes, hostile.getBytes(StandardCharsets.UTF_8));
        }
    }
}
