package hansard.ingest;

import static hansard.fuzz.Promises.hold;
import static hansard.fuzz.Promises.readOrRefused;
import static hansard.fuzz.Promises.same;

import com.fasterxml.jackson.databind.node.ObjectNode;
import hansard.fuzz.FuzzTarget;
import hansard.fuzz.Seeds;
import hansard.runtime.Json;
import hansard.runtime.Settings;
import hansard.wire.SealedSessionKeys;
import hansard.wire.StreamDescription;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/** A stream that is announced is described within the bounds that docs/api.md gives, and comes back from the topic the same. */
public final class AnnouncementFuzz implements FuzzTarget {
    private static final IngestConfig CONFIG =
            IngestConfig.from(Settings.of(Map.of("ingest.replay", "true", "ingest.udp.shared-port", "0")));
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    @Override
    public List<byte[]> seeds() {
        String sealed = Seeds.base64(new byte[40]);
        return List.of(
                bytes("""
                        {"participantId":"p1","kind":"audio","codec":"opus","clockRate":48000,"channels":2,
                         "payloadTypes":{"111":"opus"},"headerExtensions":{"1":"urn:ietf:params:rtp-hdrext:ssrc-audio-level"},
                         "suite":"AES_CM_128_HMAC_SHA1_80","sealedKey":"%s","ssrc":1420953751,"mki":"0a1b",
                         "keyDerivationRate":65536,"initialRoc":1,"label":"mid 0","captureTimes":true}
                        """.formatted(sealed)), bytes("""
                        {"streamId":"s1","participantId":"p1","kind":"video","codec":"vp8","clockRate":90000,
                         "payloadTypes":{"96":"vp8","97":"rtx"},"suite":"AEAD_AES_256_GCM","sealedKey":"%s","port":20000,
                         "frameCipher":"AES_128_GCM_SHA256_128","frameKeys":{"18446744073709551615":"%s"}}
                        """.formatted(sealed, sealed)), bytes("""
                        {"participantId":"p1","kind":"video","content":"screen","suite":"AES_CM_128_HMAC_SHA1_80","sealedKey":"%s",
                         "codecs":[{"payloadType":96,"name":"vp8","clockRate":90000},{"payloadType":102,"name":"h264","clockRate":90000}],
                         "headerExtensions":{"10":"urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"},
                         "layers":[{"rid":"h"},{"rid":"m","ssrc":7},{"rid":"l"}],"keepLayer":"lowest"}
                        """.formatted(sealed)));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void run(byte[] input) {
        Announcement announced =
                readOrRefused(() -> Announcement.from(new Fields(Json.request(input, ObjectNode.class)), CONFIG));
        if (announced == null) {
            return;
        }
        hold(announced.streamId() == null || ID.matcher(announced.streamId()).matches(), "the stream's id");
        hold(ID.matcher(announced.participantId()).matches(), "the participant's id");
        hold(announced.label().chars().noneMatch(Character::isISOControl), "the label is one line");
        CodecFields codecs = announced.codecs();
        hold(codecs.codec().chars().noneMatch(Character::isISOControl), "the codec is one line");
        hold(codecs.clockRate() > 0 && codecs.channels() >= 0 && codecs.channels() <= 255, "its numbers");
        IntPredicate isType = type -> type >= 0 && type <= 127;
        hold(codecs.payloadTypes().keySet().stream().allMatch(isType::test), "payload types of 7 bits");
        hold(announced.frameKeys().isEmpty() || !announced.frameCipher().isEmpty(), "frame keys without a cipher");
        StreamDescription stream = announced.describe("s", "c", "default", 20_000);
        SealedSessionKeys keys = new SealedSessionKeys(stream, List.of(announced.masterKey()), announced.frameKeys());
        same(keys, SealedSessionKeys.fromBytes(keys.toBytes()), "what the topic gives back");
    }
}
