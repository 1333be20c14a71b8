package hansard.ingest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.rtp.Pcap;
import hansard.testkit.Captures;
import hansard.testkit.TestBroker;
import hansard.wire.AuditEvent;
import hansard.wire.CallEvent;
import hansard.wire.MediaKind;
import hansard.wire.SrtpRecord;
import hansard.wire.Topics;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(OneBroker.class)
class IngestServiceTest {
    @TempDir
    Path directory;

    private final TestBroker broker;

    IngestServiceTest(TestBroker broker) {
        this.broker = broker;
    }

    private IngestRig rig(String name, String... settings) {
        Map<String, String> more = new java.util.HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            more.put(settings[i], settings[i + 1]);
        }
        return new IngestRig(broker.kafka(), name, directory, more);
    }

    static byte[] rtp(int sequence, long ssrc) {
        ByteBuffer packet = ByteBuffer.allocate(60);
        packet.put((byte) 0x80).put((byte) 111).putShort((short) sequence);
        packet.putInt(sequence * 960).putInt((int) ssrc);
        return packet.array();
    }

    static List<byte[]> rtps(int firstSequence, int count) {
        List<byte[]> packets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            packets.add(rtp(firstSequence + i, 7));
        }
        return packets;
    }

    @Test
    void datagramsArriveOnKafkaExactlyAsReceivedWithOrderAndTimes() {
        List<byte[]> sent = Captures.load("opus-only-32").datagrams().stream()
                .filter(d -> d.destinationPort() == 20_000)
                .map(Pcap.Datagram::payload)
                .filter(p -> p.length > 0)
                .limit(1_000)
                .toList();
        try (IngestRig rig = rig("exactly")) {
            rig.openCall("exactly");
            int port = rig.announce("exactly", IngestRig.opus("exactly-1"));
            long before = System.currentTimeMillis() * 1_000;
            rig.sendAll("exactly", "exactly-1", port, sent);
            rig.awaitStream("exactly", "exactly-1", "durable", sent.size());
            long after = System.currentTimeMillis() * 1_000 + 1_000;

            List<SrtpRecord.Datagram> kept = rig.datagrams("exactly-1");
            assertEquals(sent.size(), kept.size());
            for (int i = 0; i < sent.size(); i++) {
                assertArrayEquals(sent.get(i), kept.get(i).bytes().array(), "datagram " + i);
                long arrival = kept.get(i).arrivalMicros();
                assertTrue(arrival >= before && arrival <= after, "arrival of datagram " + i);
            }
            rig.post("/v1/calls/exactly/end", Map.of("reason", "over")).expect(200);
        }
    }

    @Test
    void endOfACallEndsItsStreamsFirstAndIsDoneOnce() {
        try (IngestRig rig = rig("ends")) {
            rig.openCall("ends");
            int port = rig.announce("ends", IngestRig.opus("ends-1"));
            rig.announce("ends", IngestRig.opus("ends-2"));
            for (byte[] packet : rtps(1, 50)) { // not waited for: the end takes in what is in the socket
                rig.sendTo(port, packet);
            }
            rig.post("/v1/calls/ends/end", Map.of("reason", "over")).expect(200);
            rig.post("/v1/calls/ends/end", Map.of()).expect(200);
            rig.post("/v1/calls/ends/streams/ends-1/end", Map.of()).expect(200);

            assertEquals(50, rig.datagrams("ends-1").size());
            SrtpRecord.Closed mark = assertInstanceOf(
                    SrtpRecord.Closed.class, rig.media("ends-1").getLast());
            assertEquals(0, mark.notDurable());
            assertEquals("over", mark.reason());
            assertEquals(1, rig.media("ends-2").size());
            List<CallEvent> events = rig.events("ends");
            assertEquals(
                    List.of(
                            "CallOpened",
                            "ParticipantJoined",
                            "StreamAnnounced",
                            "StreamAnnounced",
                            "StreamEnded",
                            "StreamEnded",
                            "CallClosed"),
                    events.stream().map(e -> e.getClass().getSimpleName()).toList());
            CallEvent.CallClosed closed = assertInstanceOf(CallEvent.CallClosed.class, events.getLast());
            assertEquals(List.of("ends-1", "ends-2"), closed.streamIds());
            assertEquals(
                    "closed", rig.get("/v1/calls/ends").body().path("state").asText());
        }
    }

    @Test
    void pausedMediaIsNotKept() {
        try (IngestRig rig = rig("paused")) {
            rig.openCall("paused");
            int port = rig.announce("paused", IngestRig.opus("paused-1"));
            rig.sendAll("paused", "paused-1", port, rtps(65_500, 20));
            rig.post("/v1/calls/paused/pause", Map.of("reason", "card number")).expect(200);
            assertEquals(
                    "paused", rig.get("/v1/calls/paused").body().path("state").asText());
            rig.sendAll("paused", "paused-1", port, rtps(65_520, 30));
            rig.post("/v1/calls/paused/resume", Map.of()).expect(200);
            rig.sendAll("paused", "paused-1", port, rtps(65_550, 10));
            rig.post("/v1/calls/paused/end", Map.of()).expect(200);

            assertEquals(30, rig.stream("paused", "paused-1").path("discarded").asInt());
            List<byte[]> kept = rig.datagrams("paused-1").stream()
                    .map(d -> d.bytes().array())
                    .toList();
            assertEquals(30, kept.size());
            assertArrayEquals(rtp(65_519, 7), kept.get(19));
            assertArrayEquals(rtp(65_550, 7), kept.get(20));
            List<SrtpRecord> marks = rig.media("paused-1").stream()
                    .filter(r -> !(r instanceof SrtpRecord.Datagrams))
                    .toList();
            assertInstanceOf(SrtpRecord.Paused.class, marks.get(0));
            SrtpRecord.Resumed resumed = assertInstanceOf(SrtpRecord.Resumed.class, marks.get(1));
            assertEquals(30, resumed.discarded());
            assertEquals(1, resumed.sequenceWraps());
            CallEvent.RecordingPaused paused = (CallEvent.RecordingPaused) rig.events("paused").stream()
                    .filter(CallEvent.RecordingPaused.class::isInstance)
                    .findFirst()
                    .orElseThrow();
            assertEquals("connector/sfu", paused.by());
            assertEquals("card number", paused.reason());
            assertEquals(
                    List.of("call.opened", "stream.announced", "recording.paused", "recording.resumed", "call.closed"),
                    audit(rig, "paused").stream().map(AuditEvent::action).toList());
        }
    }

    @Test
    void whatWaitsInTheSocketsWhenAPauseEndsArrivedDuringIt() {
        try (IngestRig rig = rig("edges")) {
            rig.openCall("edges");
            int port = rig.announce("edges", IngestRig.opus("edges-1"));
            rig.sendAll("edges", "edges-1", port, rtps(1, 5));
            for (int round = 0; round < 10; round++) {
                rig.post("/v1/calls/edges/pause", Map.of("reason", "card number"))
                        .expect(200);
                for (byte[] packet : rtps(1_000, 60)) { // not waited for: some are in the socket when it resumes
                    rig.sendTo(port, packet);
                }
                rig.post("/v1/calls/edges/resume", Map.of()).expect(200);
            }
            rig.sendAll("edges", "edges-1", port, rtps(6, 5));
            rig.post("/v1/calls/edges/end", Map.of()).expect(200);
            assertEquals(10, rig.datagrams("edges-1").size());
            assertEquals(600, rig.stream("edges", "edges-1").path("discarded").asInt());
        }
    }

    @Test
    void aPauseOfOneParticipantHoldsForStreamsTheyAnnounceLaterAndForNobodyElse() {
        try (IngestRig rig = rig("one")) {
            rig.openCall("one");
            rig.post("/v1/calls/one/participants", Map.of("participantId", "bob", "displayName", "Bob"))
                    .expect(201);
            int alice = rig.announce("one", IngestRig.opus("one-alice"));
            Map<String, Object> ofBob = IngestRig.opus("one-bob");
            ofBob.put("participantId", "bob");
            int bob = rig.announce("one", ofBob);
            Map<String, Object> pause = Map.of("reason", "card number", "by", "anna", "participants", List.of("alice"));
            rig.post("/v1/calls/one/pause", pause).expect(200);
            rig.post("/v1/calls/one/pause", pause).expect(200);
            int later = rig.announce("one", IngestRig.opus("one-later"));
            rig.sendAll("one", "one-alice", alice, rtps(1, 5));
            rig.sendAll("one", "one-later", later, rtps(1, 5));
            rig.sendAll("one", "one-bob", bob, rtps(1, 5));
            assertEquals(
                    "alice",
                    rig.get("/v1/calls/one")
                            .body()
                            .path("pausedParticipants")
                            .path(0)
                            .asText());
            rig.post("/v1/calls/one/resume", Map.of("participants", List.of("alice")))
                    .expect(200);
            rig.sendAll("one", "one-alice", alice, rtps(6, 3));
            rig.post("/v1/calls/one/pause", Map.of("reason", "x", "participants", List.of("nobody")))
                    .expect(400);
            rig.post("/v1/calls/one/pause", Map.of("reason", "all")).expect(200);
            rig.post("/v1/calls/one/resume", Map.of("participants", List.of("bob")))
                    .expect(409);
            rig.post("/v1/calls/one/resume", Map.of()).expect(200);
            rig.post("/v1/calls/one/end", Map.of()).expect(200);
            assertEquals(3, rig.datagrams("one-alice").size());
            assertEquals(0, rig.datagrams("one-later").size());
            assertEquals(5, rig.datagrams("one-bob").size());
            List<CallEvent.RecordingPaused> pauses = rig.events("one").stream()
                    .filter(CallEvent.RecordingPaused.class::isInstance)
                    .map(CallEvent.RecordingPaused.class::cast)
                    .toList();
            assertEquals(2, pauses.size(), "the repeat said nothing");
            assertEquals(List.of("alice"), pauses.getFirst().participants());
            assertEquals("anna, through connector/sfu", pauses.getFirst().by());
        }
    }

    @Test
    void aPauseThatNobodyEndsEndsWithTheCallAndItsDatagramsAreCounted() {
        try (IngestRig rig = rig("unended")) {
            rig.openCall("unended");
            int port = rig.announce("unended", IngestRig.opus("unended-1"));
            rig.post("/v1/calls/unended/pause", Map.of("reason", "card number")).expect(200);
            rig.sendAll("unended", "unended-1", port, rtps(1, 7));
            rig.post("/v1/calls/unended/end", Map.of()).expect(200);
            List<SrtpRecord> marks = rig.media("unended-1");
            assertEquals(
                    List.of("Paused", "Resumed", "Closed"),
                    marks.stream().map(r -> r.getClass().getSimpleName()).toList());
            assertEquals(7, ((SrtpRecord.Resumed) marks.get(1)).discarded());
        }
    }

    @Test
    void whatTheMediaServerKnowsOfAParticipantIsAnEventOfTheCall() {
        try (IngestRig rig = rig("news")) {
            rig.openCall("news");
            String events = "/v1/calls/news/participants/alice/events";
            Map<String, Object> muted = Map.of("event", "muted", "kind", "audio", "at", "2026-01-02T03:04:05.678Z");
            rig.post(events, muted).expect(200);
            rig.post(events, muted).expect(200);
            rig.post(events, Map.of("event", "unmuted")).expect(200);
            rig.post(events, Map.of("event", "danced")).expect(400);
            rig.post(events, Map.of("event", "muted", "at", "2126-01-02T03:04:05Z"))
                    .expect(400);
            rig.post("/v1/calls/news/participants/nobody/events", Map.of("event", "muted"))
                    .expect(400);
            List<CallEvent.ParticipantChanged> told = rig.events("news").stream()
                    .filter(CallEvent.ParticipantChanged.class::isInstance)
                    .map(CallEvent.ParticipantChanged.class::cast)
                    .toList();
            assertEquals(3, told.size());
            assertEquals(told.get(0), told.get(1), "a repeat is the same event");
            assertEquals(1_767_323_045_678_000L, told.get(0).atMicros());
            assertEquals(MediaKind.AUDIO, told.get(0).kind());
            assertEquals(CallEvent.Change.UNMUTED, told.get(2).change());
        }
    }

    @Test
    void aStreamThatWasAnnouncedAndDoesNotComeIsAnAlarmOnce() {
        try (IngestRig rig = rig("silent", "ingest.silent-after", "1s")) {
            rig.openCall("silent");
            rig.announce("silent", IngestRig.opus("silent-1"));
            int port = rig.announce("silent", IngestRig.opus("silent-2"));
            rig.sendAll("silent", "silent-2", port, rtps(1, 3));
            IngestRig.await(
                    () -> rig.meters
                                    .get("hansard.ingest.streams.silent")
                                    .gauge()
                                    .value()
                            == 1,
                    () -> "one of two streams to be silent");
            rig.post("/v1/calls/silent/end", Map.of()).expect(200);
            IngestRig.await(
                    () -> rig.meters
                                    .get("hansard.ingest.streams.silent")
                                    .gauge()
                                    .value()
                            == 0,
                    () -> "an ended stream not to be silent");
            List<AuditEvent> alarms = audit(rig, "silent").stream()
                    .filter(e -> e.action().equals("alarm.no-media"))
                    .toList();
            assertEquals(1, alarms.size());
            assertEquals("silent-1", alarms.getFirst().detail().get("stream"));
        }
    }

    private static List<AuditEvent> audit(IngestRig rig, String callId) {
        List<AuditEvent> events = new ArrayList<>();
        new TopicReplay(rig.kafka()).read(Topics.AUDIT_EVENTS, 0, r -> {
            AuditEvent event = AuditEvent.fromBytes(r.value());
            if (event.callId().equals(callId)) {
                events.add(event);
            }
        });
        return events;
    }

    @Test
    void truncatedAndRandomDatagramsAreKeptAndCostNobodyElse() {
        Random random = new Random(11);
        List<byte[]> garbage = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            byte[] bytes = new byte[1 + random.nextInt(i % 50 == 0 ? 60_000 : 200)];
            random.nextBytes(bytes);
            garbage.add(bytes);
        }
        try (IngestRig rig = rig("garbage")) {
            rig.openCall("garbage");
            int bad = rig.announce("garbage", IngestRig.opus("garbage-bad"));
            int good = rig.announce("garbage", IngestRig.opus("garbage-good"));
            rig.sendTo(bad, new byte[0]);
            for (int i = 0; i < garbage.size(); i += 10) {
                rig.sendAll("garbage", "garbage-bad", bad, garbage.subList(i, i + 10));
                rig.sendAll("garbage", "garbage-good", good, rtps(i, 10));
            }
            rig.post("/v1/calls/garbage/end", Map.of()).expect(200);
            List<SrtpRecord.Datagram> kept = rig.datagrams("garbage-bad");
            assertEquals(garbage.size(), kept.size());
            for (int i = 0; i < garbage.size(); i++) {
                assertArrayEquals(garbage.get(i), kept.get(i).bytes().array());
            }
            assertEquals(300, rig.datagrams("garbage-good").size());
            assertEquals(1, rig.meters.counter("hansard.ingest.empty").count());
        }
    }

    @Test
    void sharedPortTellsStreamsApartBySsrc() {
        int shared = IngestRig.freePort();
        try (IngestRig rig = rig("shared", "ingest.udp.shared-port", Integer.toString(shared))) {
            rig.openCall("shared");
            for (int ssrc = 1; ssrc <= 2; ssrc++) {
                Map<String, Object> body = IngestRig.opus("shared-" + ssrc);
                body.put("ssrc", ssrc);
                assertEquals(shared, rig.announce("shared", body));
            }
            Map<String, Object> again = IngestRig.opus("shared-3");
            again.put("ssrc", 2);
            assertTrue(rig.post("/v1/calls/shared/streams", again)
                    .expect(409)
                    .detail()
                    .contains("shared-2"));
            for (int i = 0; i < 30; i++) {
                rig.sendTo(shared, rtp(i, 1 + i % 3)); // the third is nobody's
            }
            rig.awaitStream("shared", "shared-1", "received", 10);
            rig.awaitStream("shared", "shared-2", "received", 10);
            IngestRig.await(
                    () -> rig.meters.counter("hansard.ingest.unknown.ssrc").count() == 10, () -> "ten of unknown SSRC");
            rig.post("/v1/calls/shared/streams/shared-1/end", Map.of()).expect(200);
            rig.sendTo(shared, rtp(99, 1));
            rig.sendTo(shared, rtp(99, 2));
            rig.awaitStream("shared", "shared-2", "durable", 11);
            rig.post("/v1/calls/shared/end", Map.of()).expect(200);
            assertEquals(10, rig.datagrams("shared-1").size());
            assertEquals(11, rig.datagrams("shared-2").size());
        }
    }

    @Test
    void captureTimesNeedTheSetting() {
        Map<String, Object> body = IngestRig.opus("replay-1");
        body.put("captureTimes", true);
        try (IngestRig rig = rig("noreplay")) {
            rig.openCall("noreplay");
            assertTrue(rig.post("/v1/calls/noreplay/streams", body)
                    .expect(400)
                    .detail()
                    .contains("ingest.replay"));
            rig.post("/v1/calls/noreplay/end", Map.of()).expect(200);
        }
        try (IngestRig rig = rig("replay", "ingest.replay", "true")) {
            rig.openCall("replay");
            int port = rig.announce("replay", body);
            byte[] packet = rtp(1, 7);
            rig.sendTo(port, new byte[7]);
            rig.sendTo(
                    port,
                    ByteBuffer.allocate(68).putLong(1_234_567_890L).put(packet).array());
            rig.sendTo(port, ByteBuffer.allocate(68).putLong(-1).put(packet).array()); // a time nobody believes
            rig.awaitStream("replay", "replay-1", "durable", 2);
            rig.post("/v1/calls/replay/end", Map.of()).expect(200);
            List<SrtpRecord.Datagram> kept = rig.datagrams("replay-1");
            assertArrayEquals(packet, kept.get(0).bytes().array());
            assertEquals(1_234_567_890L, kept.get(0).arrivalMicros());
            assertEquals(-1, kept.get(1).arrivalMicros());
            assertEquals(1, rig.meters.counter("hansard.ingest.malformed").count());
        }
    }

    @Test
    void callsNobodyHearsOfAreEndedWhenAsked() {
        try (IngestRig rig = rig("abandoned", "ingest.abandoned-after", "3s")) {
            rig.openCall("abandoned");
            rig.announce("abandoned", IngestRig.opus("abandoned-1"));
            IngestRig.await(
                    () -> rig.get("/v1/calls/abandoned")
                            .body()
                            .path("state")
                            .asText()
                            .equals("closed"),
                    () -> "the call to be closed");
            CallEvent.CallClosed closed = assertInstanceOf(
                    CallEvent.CallClosed.class, rig.events("abandoned").getLast());
            assertEquals("abandoned", closed.reason());
        }
    }
}
