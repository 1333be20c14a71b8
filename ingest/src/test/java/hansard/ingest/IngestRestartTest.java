package hansard.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.testkit.TestBroker;
import hansard.wire.CallEvent;
import hansard.wire.SrtpRecord;
import hansard.wire.StreamDescription;
import hansard.wire.Topics;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(OneBroker.class)
class IngestRestartTest {
    @TempDir
    Path directory;

    private final TestBroker broker;

    IngestRestartTest(TestBroker broker) {
        this.broker = broker;
    }

    private IngestRig rig(String name) {
        return new IngestRig(broker.kafka(), name, directory, Map.of());
    }

    @Test
    void keysGivenBeforeARestartAreKnownByTheirDigests() {
        try (IngestRig rig = rig("rekeyed")) {
            rig.openCall("rekeyed");
            rig.announce("rekeyed", IngestRig.opus("rekeyed-1"));
            Map<String, Object> second = Map.of("mki", "0102", "sealedKey", "MAQFBg==");
            rig.post("/v1/calls/rekeyed/streams/rekeyed-1/keys", second).expect(200);
            rig.stop();
            rig.restart();

            rig.post("/v1/calls/rekeyed/streams", IngestRig.opus("rekeyed-1")).expect(200);
            rig.post("/v1/calls/rekeyed/streams/rekeyed-1/keys", second).expect(200);
            assertEquals(2, rig.keys("rekeyed-1").size(), "neither repeat wrote anything");
            Map<String, Object> another = IngestRig.opus("rekeyed-1");
            another.put("sealedKey", "MAQFBg==");
            rig.post("/v1/calls/rekeyed/streams", another).expect(409);
        }
    }

    @Test
    void restartReopensPortsAndContinuesOrdinals() {
        try (IngestRig rig = rig("restart")) {
            rig.openCall("restart");
            rig.openCall("ended");
            rig.announce("ended", IngestRig.opus("ended-1"));
            rig.post("/v1/calls/ended/end", Map.of()).expect(200);
            int port = rig.announce("restart", IngestRig.opus("restart-1"));
            for (byte[] packet : IngestServiceTest.rtps(1, 60)) { // not waited for: the stop flushes what was received
                rig.sendTo(port, packet);
            }
            rig.stop();
            rig.restart();

            assertEquals(
                    "closed",
                    rig.get("/v1/calls/ended").expect(200).body().path("state").asText());
            assertEquals(60, rig.stream("restart", "restart-1").path("durable").asLong());
            assertEquals(60, rig.stream("restart", "restart-1").path("received").asLong());
            rig.sendAll("restart", "restart-1", port, IngestServiceTest.rtps(61, 40));
            rig.post("/v1/calls/restart/streams", IngestRig.opus("restart-1")).expect(200);
            rig.post("/v1/calls/restart/end", Map.of()).expect(200);
            assertEquals(100, rig.datagrams("restart-1").size());
            assertEquals(
                    0,
                    assertInstanceOf(
                                    SrtpRecord.Closed.class,
                                    rig.media("restart-1").getLast())
                            .notDurable());
        }
    }

    @Test
    void aPauseOutlivesTheProcess() {
        try (IngestRig rig = rig("pausing")) {
            rig.openCall("pausing");
            int port = rig.announce("pausing", IngestRig.opus("pausing-1"));
            rig.sendAll("pausing", "pausing-1", port, IngestServiceTest.rtps(1, 5));
            rig.post("/v1/calls/pausing/pause", Map.of("reason", "card number")).expect(200);
            rig.stop();
            rig.restart();
            rig.sendAll("pausing", "pausing-1", port, IngestServiceTest.rtps(6, 5));
            rig.post("/v1/calls/pausing/resume", Map.of()).expect(200);
            rig.post("/v1/calls/pausing/end", Map.of()).expect(200);
            assertEquals(5, rig.datagrams("pausing-1").size());
            assertEquals(
                    List.of("Datagrams", "Paused", "Resumed", "Closed"),
                    rig.media("pausing-1").stream()
                            .map(r -> r.getClass().getSimpleName())
                            .toList());
        }
    }

    @Test
    void anEndThatWasCutShortIsFinishedByTheNextRequest() throws Exception {
        try (IngestRig rig = rig("halfway")) {
            rig.openCall("halfway");
            rig.announce("halfway", IngestRig.opus("halfway-1"));
            rig.stop();
            try (KafkaProducer<String, byte[]> producer =
                    new KafkaProducer<>(rig.kafka().producer(), new StringSerializer(), new ByteArraySerializer())) {
                producer.send(new ProducerRecord<>(
                                Topics.MEDIA_SRTP, "halfway-1", new SrtpRecord.Closed(5, 0, "killed here").toBytes()))
                        .get();
            }
            rig.restart();
            assertEquals(
                    "open", rig.get("/v1/calls/halfway").body().path("state").asText());
            rig.post("/v1/calls/halfway/end", Map.of()).expect(200);
            assertEquals(List.of(new SrtpRecord.Closed(5, 0, "killed here")), rig.media("halfway-1"));
            List<CallEvent> events = rig.events("halfway");
            assertInstanceOf(CallEvent.StreamEnded.class, events.get(events.size() - 2));
            assertInstanceOf(CallEvent.CallClosed.class, events.getLast());
        }
    }

    @Test
    void aPortTakenMeanwhileIsNamedWithItsStream() throws Exception {
        try (IngestRig rig = rig("taken")) {
            rig.openCall("taken");
            int port = rig.announce("taken", IngestRig.opus("taken-1"));
            rig.stop();
            try (DatagramSocket other = new DatagramSocket(port, InetAddress.getLoopbackAddress())) {
                HansardException refused = assertThrows(HansardException.class, rig::restart);
                assertEquals(ErrorCode.PORT_IN_USE, refused.code());
                String said = String.valueOf(refused.getMessage());
                assertTrue(said.contains("taken-1") && said.contains(Integer.toString(other.getLocalPort())), said);
            }
            rig.restart();
            rig.post("/v1/calls/taken/end", Map.of()).expect(200);
        }
    }

    @Test
    void anAnnouncementThatWasNeverAnsweredTakesNobodysPort() throws Exception {
        try (IngestRig rig = rig("ghost")) {
            rig.openCall("ghost");
            int port = rig.announce("ghost", IngestRig.opus("ghost-real"));
            rig.stop();
            CallEvent.StreamAnnounced real =
                    (CallEvent.StreamAnnounced) rig.events("ghost").getLast();
            StreamDescription d = real.stream();
            StreamDescription unanswered = new StreamDescription(
                    "ghost-unanswered",
                    d.callId(),
                    d.tenant(),
                    d.participantId(),
                    d.kind(),
                    d.codec(),
                    d.clockRate(),
                    d.channels(),
                    d.payloadTypes(),
                    d.headerExtensions(),
                    d.srtp(),
                    null,
                    port,
                    false,
                    "",
                    "");
            try (Journal journal = new Journal(rig.kafka())) {
                journal.write(new CallEvent.StreamAnnounced(
                        "late", real.tenant(), real.callId(), real.atMicros() - 1, unanswered, ""));
            }
            rig.restart();
            rig.sendAll("ghost", "ghost-real", port, IngestServiceTest.rtps(1, 5));
            rig.post("/v1/calls/ghost/end", Map.of()).expect(200);
            assertEquals(5, rig.datagrams("ghost-real").size());
            assertInstanceOf(
                    SrtpRecord.Closed.class, rig.media("ghost-unanswered").getLast());
        }
    }
}
