package hansard.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.testkit.TestBroker;
import hansard.wire.SealedSessionKeys;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(OneBroker.class)
class ControlApiTest {
    @TempDir
    static Path directory;

    private static IngestRig rig;

    @BeforeAll
    static void start(TestBroker broker) {
        rig = new IngestRig(
                broker.kafka(),
                "api",
                directory,
                Map.of("ingest.recipients", directory.resolve("recipients.pem").toString()));
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static void refused(String path, Map<String, ?> body, int status, String... told) {
        IngestRig.Answer answer = rig.post(path, body).expect(status);
        for (String what : told) {
            assertTrue(answer.detail().contains(what), what + " in: " + answer.detail());
        }
    }

    private static void refusedWith(String field, Object value, String... told) {
        Map<String, Object> body = IngestRig.opus("refused");
        body.put(field, value);
        String[] all = java.util.Arrays.copyOf(told, told.length + 1);
        all[told.length] = field;
        refused("/v1/calls/validation/streams", body, 400, all);
    }

    @Test
    void everyImpossibleFieldIsNamedWithItsValueAndWhatIsAllowed() {
        rig.openCall("validation");
        refusedWith("streamId", "a/b", "'a/b'", "letters");
        refusedWith("streamId", "x".repeat(65), "1 to 64");
        for (String path : List.of("..", ".", ".hidden", "../x", "a\\b", "a\nb", "%2e%2e")) { // ids become object keys
            refusedWith("streamId", path, "not beginning with '.'");
            refused("/v1/calls", Map.of("callId", path), 400, "callId", "not beginning with '.'");
        }
        for (String made : List.of("mix", "composite", "completeness", "alice.told", "alice.redacted")) {
            refusedWith("streamId", made, "'" + made + "'", "names of what is made of a call");
        }
        refusedWith("participantId", "nobody", "'nobody'", "alice");
        refusedWith("kind", "smell", "'smell'", "audio, video");
        refusedWith("codec", "vp8", "vp8", "audio");
        refusedWith("clockRate", 0, "is 0", "from 1");
        refusedWith("clockRate", "fast", "fast", "whole number");
        refusedWith("channels", 0, "is 0");
        refusedWith("payloadTypes", Map.of("128", "opus"), "'128'", "0 to 127");
        refusedWith("payloadTypes", Map.of(), "missing");
        refusedWith("payloadTypes", "opus", "object");
        refusedWith("headerExtensions", Map.of("0", "urn:x"), "'0'", "1 to 255");
        refusedWith("suite", "F8_128_HMAC_SHA1_80", "F8_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_80, AES_CM_128");
        refusedWith("keyDerivationRate", 3, "is 3", "power of two");
        refusedWith("mki", "0g", "'0g'", "hex");
        refusedWith("frameCipher", "ROT13", "'ROT13'", "AES_128_GCM_SHA256_128");
        refusedWith("frameKeys", Map.of("0", IngestRig.SEALED_KEY), "frameCipher");
        refusedWith("frameKeys", Map.of("-1", IngestRig.SEALED_KEY), "'-1'", "2^64-1");
        refusedWith("initialRoc", -1, "is -1", "4294967295");
        refusedWith("ssrc", 1L << 32, "4294967296");
        refusedWith("port", 1, "is 1");
        refusedWith("sealedKey", "", "0 bytes", "1 to 65536");
        refusedWith("sealedKey", Base64.getEncoder().encodeToString(new byte[65_537]), "65537 bytes");
        refusedWith("captureTimes", "yes", "true or false");
        refusedWith("label", "a\u0000b", "control characters");
        refusedWith("keyInTheClear", "x", "not a field");

        Map<String, Object> several = IngestRig.opus("refused");
        several.remove("suite");
        several.remove("sealedKey");
        several.put("clockRate", -5);
        refused(
                "/v1/calls/validation/streams",
                several,
                400,
                "suite is missing",
                "sealedKey is missing",
                "clockRate is -5");
        refused("/v1/calls", Map.of("callId", "no spaces"), 400, "callId", "'no spaces'");
        refused("/v1/calls", Map.of("labels", Map.of("a", 1)), 400, "labels");
        refused(
                "/v1/calls/validation/participants",
                Map.of(),
                400,
                "participantId is missing",
                "displayName is missing");
        refused("/v1/calls/validation/pause", Map.of(), 400, "reason is missing");
        rig.send("POST", "/v1/calls", "[1".getBytes(StandardCharsets.UTF_8), rig.tokenOf("sfu", "fork it"))
                .expect(400);
        assertEquals(0, rig.get("/v1/calls/validation").body().path("streams").size());
    }

    @Test
    void sealedKeysAreNeverRepeatedInErrors() {
        rig.openCall("secret");
        Map<String, Object> body = IngestRig.opus("secret-1");
        body.put("sealedKey", "VERYSECRET!!");
        String detail = rig.post("/v1/calls/secret/streams", body).expect(400).detail();
        assertTrue(detail.contains("sealedKey is not base64"), detail);
        assertFalse(detail.contains("VERYSECRET"), detail);
        assertFalse(detail.contains("21"), "the position of the wrong character, or its code: " + detail);
    }

    @Test
    void identicalAnnouncementIsIdempotent() {
        rig.openCall("twice");
        int port = rig.announce("twice", IngestRig.opus("twice-1"));
        JsonNode again = rig.post("/v1/calls/twice/streams", IngestRig.opus("twice-1"))
                .expect(200)
                .body();
        assertEquals(port, again.path("port").asInt());
        assertEquals("127.0.0.1", again.path("host").asText());
        assertEquals(3, rig.events("twice").size());
        rig.post("/v1/calls", Map.of("callId", "twice", "title", "A call")).expect(200);
        refused("/v1/calls", Map.of("callId", "twice", "title", "Another"), 409, "twice");
    }

    @Test
    void streamAnnouncedTwiceIsAConflictThatNamesThePort() {
        rig.openCall("conflict");
        int port = rig.announce("conflict", IngestRig.opus("conflict-1"));
        String has = "has port " + port;
        Map<String, Object> otherCodec = IngestRig.opus("conflict-1");
        otherCodec.put("initialRoc", 1);
        refused("/v1/calls/conflict/streams", otherCodec, 409, "conflict-1", has);
        Map<String, Object> otherKey = IngestRig.opus("conflict-1");
        otherKey.put("sealedKey", Base64.getEncoder().encodeToString(new byte[40]));
        refused("/v1/calls/conflict/streams", otherKey, 409, "conflict-1", has);
        Map<String, Object> samePort = IngestRig.opus("conflict-2");
        samePort.put("port", port);
        refused("/v1/calls/conflict/streams", samePort, 409, "port " + port, "conflict-1");
        rig.openCall("conflict-b");
        refused("/v1/calls/conflict-b/streams", IngestRig.opus("conflict-1"), 409, "another call");
        rig.post("/v1/calls/conflict/streams/conflict-1/end", Map.of()).expect(200);
        refused("/v1/calls/conflict/streams", IngestRig.opus("conflict-1"), 409, "ended");
        assertEquals(port, rig.announce("conflict", samePort));
    }

    @Test
    void anotherMasterKeyComesBesideTheEarlierOnes() {
        rig.openCall("rekey");
        rig.announce("rekey", IngestRig.opus("rekey-1"));
        String second = Base64.getEncoder().encodeToString(new byte[] {0x30, 4, 5, 6});
        Map<String, Object> key = Map.of("mki", "0102", "sealedKey", second);
        rig.post("/v1/calls/rekey/streams/rekey-1/keys", key).expect(200);
        rig.post("/v1/calls/rekey/streams/rekey-1/keys", key).expect(200);
        List<SealedSessionKeys> records = rig.keys("rekey-1");
        assertEquals(2, records.size(), "the repeat changed nothing");
        List<SealedSessionKeys.MasterKey> all =
                records.stream().reduce(SealedSessionKeys::with).orElseThrow().masterKeys();
        assertEquals(2, all.size());
        assertEquals(0, all.getFirst().mki().length());
        assertEquals("0102", HexFormat.of().formatHex(all.getLast().mki().array()));
        refused("/v1/calls/rekey/streams/none/keys", key, 404, "none");
        rig.post("/v1/calls/rekey/streams/rekey-1/end", Map.of()).expect(200);
        refused("/v1/calls/rekey/streams/rekey-1/keys", key, 404, "no open stream");
    }

    @Test
    void frameKeysAreReleasedAtOnceLateAndAfterTheCall() {
        rig.openCall("e2ee");
        refused(
                "/v1/calls/e2ee/participants/alice/frame-keys",
                Map.of("frameKeys", Map.of("0", IngestRig.SEALED_KEY)),
                409,
                "frameCipher");
        Map<String, Object> body = IngestRig.opus("e2ee-1");
        body.put("frameCipher", "AES_128_GCM_SHA256_128");
        body.put("frameKeys", Map.of("0", IngestRig.SEALED_KEY));
        rig.announce("e2ee", body);
        rig.announce("e2ee", IngestRig.opus("e2ee-plain"));
        release("18446744073709551615");
        rig.post("/v1/calls/e2ee/end", Map.of()).expect(200);
        release("7");
        List<SealedSessionKeys> records = rig.keys("e2ee-1");
        assertEquals(
                List.of(List.of(0L), List.of(-1L), List.of(7L)),
                records.stream()
                        .map(r -> r.frameKeys().stream()
                                .map(SealedSessionKeys.FrameKey::kid)
                                .toList())
                        .toList());
        assertEquals(
                1, records.stream().mapToInt(r -> r.masterKeys().size()).sum(), "its master key is not sent again");
        assertEquals(1, rig.keys("e2ee-plain").size());
    }

    private static void release(String kid) {
        JsonNode streams = rig.post(
                        "/v1/calls/e2ee/participants/alice/frame-keys",
                        Map.of("frameKeys", Map.of(kid, IngestRig.SEALED_KEY)))
                .expect(200)
                .body()
                .path("streams");
        assertEquals("[\"e2ee-1\"]", streams.toString());
    }

    @Test
    void unknownCodecIsKeptAndSaid() {
        rig.openCall("codec");
        Map<String, Object> body = IngestRig.opus("codec-1");
        body.put("codec", "G729");
        body.put("clockRate", 8_000);
        body.put("payloadTypes", Map.of("18", "G729"));
        JsonNode answer = rig.post("/v1/calls/codec/streams", body).expect(201).body();
        assertEquals(
                "codec g729 is unknown: its packets are kept sealed and not turned into media; supported: opus, pcmu, pcma, g722, vp8, vp9, h264, av1",
                answer.path("warnings").path(0).asText());
        rig.sendAll("codec", "codec-1", answer.path("port").asInt(), IngestServiceTest.rtps(1, 3));
        rig.awaitStream("codec", "codec-1", "durable", 3);
        Map<String, Object> wrongClock = IngestRig.opus("codec-2");
        wrongClock.put("clockRate", 16_000);
        assertTrue(rig.post("/v1/calls/codec/streams", wrongClock)
                .expect(201)
                .body()
                .path("warnings")
                .path(0)
                .asText()
                .contains("48000"));
    }

    @Test
    void portInUseIsNamed() throws Exception {
        rig.openCall("port");
        int port = rig.announce("port", IngestRig.opus("port-1"));
        rig.post("/v1/calls/port/streams/port-1/end", Map.of()).expect(200);
        try (DatagramSocket other = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
            Map<String, Object> body = IngestRig.opus("port-2");
            body.put("port", other.getLocalPort());
            IngestRig.Answer answer = rig.post("/v1/calls/port/streams", body).expect(500);
            assertEquals("PORT_IN_USE", answer.body().path("title").asText());
            assertTrue(answer.detail().contains(Integer.toString(port)), answer.detail());
            body.remove("port");
            assertTrue(rig.announce("port", body) != port);
        }
    }

    @Test
    void aClosedCallTakesNothingMore() {
        rig.openCall("closed");
        rig.post("/v1/calls/closed/end", Map.of("reason", "over")).expect(200);
        refused("/v1/calls/closed/streams", IngestRig.opus("closed-1"), 409, "closed");
        refused("/v1/calls/closed/participants", Map.of("participantId", "b", "displayName", "B"), 409, "closed");
        refused("/v1/calls/closed/pause", Map.of("reason", "x"), 409, "closed");
        refused("/v1/calls/closed/notice", Map.of("notice", "x"), 409, "closed");
        refused("/v1/calls", Map.of("callId", "closed", "title", "A call"), 409, "taken");
    }

    @Test
    void participantsComeAndGo() {
        rig.openCall("people");
        rig.post("/v1/calls/people/participants", Map.of("participantId", "alice", "displayName", "Alice"))
                .expect(200);
        refused(
                "/v1/calls/people/participants",
                Map.of("participantId", "alice", "displayName", "Malice"),
                409,
                "taken by Alice");
        rig.delete("/v1/calls/people/participants/alice").expect(204);
        rig.delete("/v1/calls/people/participants/alice").expect(204);
        refused("/v1/calls/people/streams", IngestRig.opus("people-1"), 400, "participantId");
        rig.post("/v1/calls/people/notice", Map.of("notice", "This call is recorded"))
                .expect(200);
        assertEquals(4, rig.events("people").size());
    }

    @Test
    void onlyConnectorsOfTheTenantGetIn() {
        rig.openCall("mine");
        rig.send("GET", "/v1/calls/mine", null, null).expect(401);
        rig.send("GET", "/v1/calls/mine", null, rig.tokenOf("kim", "read it")).expect(403);
        rig.send("GET", "/v1/recipients", null, rig.tokenOf("kim", "read it")).expect(403);
        String foreign = rig.tokenOf("foreign", "spy it");
        rig.send("GET", "/v1/calls/mine", null, foreign).expect(404);
        rig.post("/v1/calls/mine/end", Map.of(), foreign).expect(404);
        rig.post("/v1/calls", Map.of("tenant", "default"), foreign).expect(403);
        assertEquals("open", rig.get("/v1/calls/mine").body().path("state").asText());
        assertEquals(
                0,
                rig.send("GET", "/v1/calls", null, foreign)
                        .expect(200)
                        .body()
                        .path("calls")
                        .size());
    }

    @Test
    void recipientsAreGivenAndNeverAPrivateKey() throws Exception {
        Path pem = directory.resolve("recipients.pem");
        Files.deleteIfExists(pem);
        rig.get("/v1/recipients").expect(503);
        String certificate = "-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n";
        Files.writeString(pem, certificate);
        assertEquals(certificate, rig.get("/v1/recipients").expect(200).body().asText());
        Files.writeString(pem, certificate + "-----BEGIN PRIVATE KEY-----\nMII=\n-----END PRIVATE KEY-----\n");
        assertFalse(rig.get("/v1/recipients").expect(500).detail().contains("MII"));
    }

    @Test
    void healthAndMetricsAreOpenAndSayHowItGoes() {
        assertTrue(rig.send("GET", "/health", null, null)
                .expect(200)
                .body()
                .path("healthy")
                .asBoolean());
        assertTrue(rig.send("GET", "/metrics", null, null)
                .expect(200)
                .body()
                .asText()
                .contains("hansard_ingest_datagrams"));
        rig.get("/v1/calls?state=everything").expect(400);
        rig.get("/v1/calls?state=all").expect(200);
    }
}
