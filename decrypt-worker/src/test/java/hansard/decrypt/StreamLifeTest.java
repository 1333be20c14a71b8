package hansard.decrypt;

import static hansard.decrypt.SyntheticStream.START;
import static hansard.decrypt.SyntheticStream.closed;
import static hansard.decrypt.SyntheticStream.payload;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.keys.Pkcs12Vault;
import hansard.keys.Vault;
import hansard.runtime.HansardException;
import hansard.testkit.SrtpSender;
import hansard.wire.AuditEvent;
import hansard.wire.Frame;
import hansard.wire.FrameRecord;
import hansard.wire.Observation;
import hansard.wire.Octets;
import hansard.wire.RejectReason;
import hansard.wire.SrtpRecord;
import hansard.wire.StreamAccount;
import hansard.wire.StreamDescription;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a stream goes through between its first datagram and its end. */
class StreamLifeTest extends ThroughTheWorker {
    private final SyntheticStream stream = new SyntheticStream(id);

    @Test
    void lateKeyIsProcessed() {
        worker.send(id, stream.bundle(0, 50));
        worker.send(id, stream.bundle(50, 100));
        assertEquals(List.of(), worker.records);
        worker = worker.restarted();
        worker.key(stream.description, stream.keyAndSalt);
        worker.send(id, stream.bundle(100, 150));
        worker.send(id, closed());
        assertFrames(LongStream.range(0, 150).toArray());
        assertEquals(new StreamAccount(150, 150, Map.of(), 0, 150, 0), account());
    }

    @Test
    void streamThatNeverGetsAKeyIsCountedAndNothingElse() {
        worker.send(id, stream.bundle(0, 50));
        worker.send(id, closed());
        assertEquals(List.of(), worker.records);
        assertEquals(Map.of(RejectReason.NO_SESSION, 50L), worker.rejectedSums(id));
        worker.key(stream.description, stream.keyAndSalt);
        worker.send(id, stream.bundle(50, 60));
        assertEquals(Map.of(RejectReason.NO_SESSION, 60L), worker.rejectedSums(id));
        assertEquals(List.of(), worker.audit);
    }

    @Test
    void whatWaitsForAKeyIsBounded() {
        worker.close();
        int fits = 200;
        long bytes = 0;
        for (int i = 0; i < fits; i++) {
            bytes += stream.bundle(i, i + 1).toBytes().length;
        }
        worker = new DrivenWorker(directory.resolve(id + "-bounded"), vault, bytes + 50);
        for (int i = 0; i < fits + 10; i++) {
            worker.send(id, stream.bundle(i, i + 1));
        }
        worker.key(stream.description, stream.otherKey(99));
        worker.send(id, stream.bundle(fits + 10, fits + 13));
        worker.key(stream.description, new byte[0], stream.keyAndSalt);
        worker.send(id, closed());
        StreamAccount account = account();
        assertEquals(Map.of(RejectReason.NO_SESSION, 10L, RejectReason.AUTH_FAILED, 3L), account.rejected());
        assertEquals(worker.rejectedSums(id), account.rejected());
        assertEquals(fits, account.framed());
        assertTrue(account.addsUp());
    }

    @Test
    void keySealedForOthersWaitsForTheRightOne() {
        try (Vault others = Pkcs12Vault.open(directory.resolve("strangers"))) {
            worker.key(stream.description, stream.keyAndSalt, others.recipients());
            worker.send(id, stream.bundle(0, 30));
            assertEquals(List.of("alarm.key-refused"), worker.auditActions()); // at once
            worker = worker.restarted();
            worker.send(id, stream.bundle(30, 60));
            worker = worker.restarted();
            worker.key(stream.description, stream.keyAndSalt);
            assertEquals(60, worker.opened(stream.description).size());
            worker.send(id, stream.bundle(60, 90));
            worker.send(id, closed());
            assertFrames(LongStream.range(0, 90).toArray());
            assertEquals(new StreamAccount(90, 90, Map.of(), 0, 90, 0), account());
            assertEquals(List.of("alarm.key-refused", "key.opened"), worker.auditActions());
        }
    }

    @Test
    void keyThatIsNoCmsAndKeyOfAnotherLengthWaitForTheRightOne() {
        worker.key(stream.description, new byte[0], Octets.of(new byte[] {1, 2, 3}));
        worker.send(id, stream.bundle(0, 30));
        worker.key(stream.description, new byte[46]);
        worker.send(id, stream.bundle(30, 40));
        worker.key(stream.description, stream.keyAndSalt);
        worker.send(id, closed());
        assertFrames(LongStream.range(0, 40).toArray());
        assertEquals(
                1,
                worker.auditActions().stream()
                        .filter("alarm.key-refused"::equals)
                        .count());
    }

    @Test
    void keyOfAnotherLengthIsRefusedWithBothLengths() {
        worker.key(stream.description, new byte[46]);
        worker.send(id, stream.bundle(0, 3));
        worker.send(id, closed());
        FrameRecord.Ended ended = worker.ended(stream.description);
        assertEquals(Map.of(RejectReason.NO_KEY, 3L), ended.account().rejected());
        assertTrue(ended.reason().contains("46 bytes") && ended.reason().contains("takes 30"), ended.reason());
    }

    @Test
    void keyOfAnotherCallThatIsCorrectedCostsNothing() {
        worker.key(stream.description, stream.otherKey(99));
        worker.send(id, stream.bundle(0, 100));
        worker.send(id, stream.bundle(100, 250));
        assertEquals(List.of("key.opened", "alarm.auth-failed"), worker.auditActions());
        worker = worker.restarted();
        worker.key(stream.description, stream.keyAndSalt);
        worker.send(id, closed());
        assertFrames(LongStream.range(0, 250).toArray());
        assertEquals(new StreamAccount(250, 250, Map.of(), 0, 250, 0), account());
        assertEquals(Map.of(), worker.rejectedSums(id));
    }

    @Test
    void newKeyThatComesAfterItsPacketsCostsNothing() {
        byte[] next = stream.otherKey(2);
        SrtpSender rekeyed = stream.sender(next, new byte[0], SyntheticStream.SSRC);
        begin();
        worker.send(id, stream.bundle(0, 50));
        worker.send(id, stream.bundle(rekeyed, 0, 50, 60));
        worker.send(id, new SrtpRecord.Paused(START + 1_199_000));
        worker.send(id, new SrtpRecord.Resumed(START + 1_200_000, 0, 0));
        worker = worker.restarted();
        worker.send(id, stream.bundle(rekeyed, 0, 60, 70));
        worker.key(stream.description, new byte[0], next);
        worker.send(id, stream.bundle(rekeyed, 0, 70, 80));
        worker.send(id, closed());
        assertFrames(LongStream.range(0, 80).toArray());
        assertEquals(new StreamAccount(80, 80, Map.of(), 0, 80, 0), account());
        assertFalse(worker.auditActions().contains("alarm.auth-failed"));
    }

    @Test
    void rekeyedPacketsAndThoseOnTheirWayUnderTheOldKeyAreFrames() {
        byte[] next = stream.otherKey(2);
        SrtpSender rekeyed = stream.sender(next, new byte[0], SyntheticStream.SSRC);
        begin();
        worker.send(id, stream.bundle(0, 50));
        worker.key(stream.description, new byte[0], next);
        worker.send(id, stream.bundle(50, 60));
        List<SrtpRecord.Datagram> seam = new ArrayList<>();
        for (long i = 60; i < 80; i += 2) { // the old one is late
            seam.add(SyntheticStream.datagram(rekeyed, i + 1, i + 1, START + i * 20_000));
            seam.add(stream.datagram(i));
        }
        worker.send(id, stream.bundle(seam));
        worker = worker.restarted();
        worker.send(id, stream.bundle(rekeyed, 0, 80, 100));
        worker.send(id, closed());
        assertFrames(LongStream.range(0, 100).toArray());
        assertEquals(new StreamAccount(100, 100, Map.of(), 0, 100, 0), account());
    }

    @Test
    void newSsrcGoesOnWhereTheOldOneEnded() {
        SrtpSender republished = stream.sender(stream.keyAndSalt, new byte[0], 4712);
        begin();
        worker.send(id, stream.bundle(60_000, 60_050));
        worker.send(id, stream.bundle(republished, -60_050, 60_050, 60_100)); // begins with sequence number 0
        worker = worker.restarted();
        worker.send(id, stream.bundle(List.of(stream.forged(60_101))));
        worker.send(id, stream.bundle(republished, -60_050, 60_102, 60_150)); // two are lost
        worker.send(id, closed());
        LongStream sent = LongStream.concat(LongStream.range(60_000, 60_100), LongStream.range(60_102, 60_150));
        assertFrames(sent.toArray());
        assertEquals(new StreamAccount(149, 148, Map.of(RejectReason.AUTH_FAILED, 1L), 0, 150, 2), account());
    }

    @Test
    void ssrcFloodIsCountedAndItsMemoryIsBounded() {
        begin();
        worker.send(id, stream.bundle(0, 50));
        int before = worker.storedState(id).length;
        byte[] stranger = stream.otherKey(5);
        for (int i = 0; i < 40; i++) {
            List<SrtpRecord.Datagram> flood = new ArrayList<>();
            for (int j = 0; j < 50; j++) {
                SrtpSender forger = stream.sender(stranger, new byte[0], 10_000 + 50 * i + j);
                flood.add(SyntheticStream.datagram(forger, j, j, START + 1_000_000 + i));
            }
            flood.add(stream.datagram(50 + i));
            worker.send(id, stream.bundle(flood));
        }
        assertTrue(worker.storedState(id).length < before + 100);
        worker.send(id, closed());
        assertFrames(LongStream.range(0, 90).toArray());
        assertEquals(Map.of(RejectReason.FOREIGN_SSRC, 2_000L), account().rejected());
        assertEquals(Map.of(RejectReason.FOREIGN_SSRC, 2_000L), worker.rejectedSums(id));
    }

    @Test
    void replayIsRejectedAfterRestart() {
        begin();
        worker.send(id, stream.bundle(0, 50));
        worker = worker.restarted();
        worker.send(id, stream.bundle(List.of(stream.datagram(20, START + 1_000_000), stream.datagram(50))));
        worker.send(id, closed());
        assertFrames(LongStream.range(0, 51).toArray());
        assertEquals(Map.of(RejectReason.REPLAYED, 1L), account().rejected());
        assertEquals(List.of("key.opened", "key.opened"), worker.auditActions());
    }

    @Test
    void restartAnywhereChangesNothing() {
        begin();
        for (int i = 0; i < 30; i++) {
            worker.send(
                    id,
                    stream.bundle(List.of(
                            stream.datagram(2 * i + 1, START + i * 40_000L),
                            stream.datagram(2 * i, START + i * 40_000L + 1))));
            worker = worker.restarted();
        }
        worker.send(id, closed());
        assertFrames(LongStream.range(0, 60).toArray());
        assertEquals(new StreamAccount(60, 60, Map.of(), 0, 60, 0), account());
    }

    @Test
    void forgedAndTruncatedPacketsAreCountedAndAlarmOnce() {
        begin();
        worker.send(id, stream.bundle(0, 10));
        worker.send(id, stream.bundle(List.of(stream.forged(10), stream.truncated(11), stream.forged(12))));
        worker.send(id, stream.bundle(10, 20));
        worker.send(id, closed());
        assertFrames(LongStream.range(0, 20).toArray());
        assertEquals(
                Map.of(RejectReason.AUTH_FAILED, 2L, RejectReason.MALFORMED, 1L),
                account().rejected());
        assertEquals(worker.rejectedSums(id), account().rejected());
        assertEquals(List.of("key.opened", "alarm.auth-failed"), worker.auditActions());
    }

    @Test
    void keyOfAnotherCallOpensNothing() {
        worker.key(stream.description, new SyntheticStream("other", "opus", 99).keyAndSalt);
        worker.send(id, stream.bundle(0, 100));
        worker.send(id, closed());
        assertEquals(Map.of(RejectReason.AUTH_FAILED, 100L), account().rejected());
        assertEquals(List.of("key.opened", "alarm.auth-failed"), worker.auditActions());
        assertEquals(List.of(), worker.opened(stream.description));
    }

    @Test
    void keySealedForOthersIsRefusedAndDisturbsNoOtherStream() throws Exception {
        try (Vault others = Pkcs12Vault.open(directory.resolve("others"))) {
            SyntheticStream foreign = new SyntheticStream("foreign", "opus", 5);
            begin();
            worker.key(foreign.description, foreign.keyAndSalt, others.recipients());
            worker.send("foreign", foreign.bundle(0, 30));
            worker.send(id, stream.bundle(0, 30));
            worker.send("foreign", foreign.bundle(30, 60));
            worker.send("foreign", closed());
            worker.send(id, closed());
            assertEquals(
                    Map.of(RejectReason.NO_KEY, 60L),
                    worker.ended(foreign.description).account().rejected());
            assertEquals(30, account().framed());
            List<AuditEvent> refusals = worker.audit.stream()
                    .filter(e -> e.action().equals("alarm.key-refused"))
                    .toList();
            assertEquals(1, refusals.size());
            assertEquals("foreign", refusals.getFirst().detail().get("streamId"));
        }
    }

    @Test
    void packetsOfACodecThatIsNotKnownAreKeptAsTheyCameAndCounted() {
        SyntheticStream g729 = new SyntheticStream("g729", "g729", 3);
        worker.key(g729.description, g729.keyAndSalt);
        worker.send("g729", g729.bundle(0, 40));
        worker.send("g729", closed());
        FrameRecord.Ended ended = worker.ended(g729.description);
        assertEquals(Map.of(RejectReason.UNSUPPORTED, 40L), ended.account().rejected());
        assertEquals(0, ended.account().lost());
        assertEquals("left: codec g729 is not known to this version; 40 packets kept sealed", ended.reason());
        assertTrue(worker.opened(g729.description).stream().allMatch(Frame::isWholePacket));
        assertEquals(40, worker.opened(g729.description).size());
    }

    @Test
    void suiteThatWeDoNotHaveIsAnAlarm() {
        var d = stream.description;
        var other = new StreamDescription(
                d.streamId(),
                d.callId(),
                d.tenant(),
                d.participantId(),
                d.kind(),
                d.codec(),
                d.clockRate(),
                d.channels(),
                d.payloadTypes(),
                d.headerExtensions(),
                StreamDescription.Srtp.fresh("F8_128_HMAC_SHA1_80"),
                null,
                d.port(),
                false,
                "",
                "");
        worker.key(other, stream.keyAndSalt);
        worker.send(id, stream.bundle(0, 10));
        worker.send(id, closed());
        FrameRecord.Ended ended = worker.ended(other);
        assertEquals(Map.of(RejectReason.NO_KEY, 10L), ended.account().rejected());
        assertTrue(ended.reason().contains("F8_128_HMAC_SHA1_80"), ended.reason());
        assertEquals(List.of("alarm.key-refused"), worker.auditActions());
    }

    @Test
    void pauseIsNotLoss() {
        begin();
        worker.send(id, stream.bundle(0, 20));
        worker.send(id, new SrtpRecord.Paused(START + 400_000));
        worker.send(id, new SrtpRecord.Resumed(START + 2_400_000, 95, 0));
        worker.send(id, stream.bundle(120, 140));
        worker.send(id, new SrtpRecord.Closed(START + 3_000_000, 7, "left"));
        assertEquals(40, worker.opened(stream.description).size());
        assertEquals(new StreamAccount(142, 40, Map.of(RejectReason.NOT_DURABLE, 7L), 0, 40, 0, 95), account());
    }

    @Test
    void whatWasSpokenDuringAPauseAndComesAfterItIsLetGoUnopened() {
        begin();
        worker.send(id, stream.bundle(0, 20));
        worker.send(id, new SrtpRecord.Paused(START + 400_000));
        worker.send(id, new SrtpRecord.Resumed(START + 1_400_000, 45, 0));
        worker.send(id, stream.bundle(65, 75)); // spoken from 1.3 s on, five of them before the pause was over
        worker.send(id, closed());
        assertEquals(
                List.of(380_000L, 1_400_000L),
                List.of(19, 20).stream()
                        .map(i -> worker.opened(stream.description).get(i).mediaMicros() - START)
                        .toList());
        assertEquals(new StreamAccount(75, 25, Map.of(), 0, 30, 0, 50), account());
        assertEquals(
                List.of(
                        new Observation.Paused(START + 400_000, START + 1_400_000, 45),
                        new Observation.Paused(START + 400_000, START + 1_400_000, 1)),
                worker.observations(stream.description).subList(0, 2));
        assertEquals(
                50,
                worker.observations(stream.description).stream()
                        .mapToLong(o -> o instanceof Observation.Paused p ? p.packets() : 0)
                        .sum());
    }

    @Test
    void aPauseThatNobodyEndsEndsWithTheStream() {
        begin();
        worker.send(id, stream.bundle(0, 20));
        worker.send(id, new SrtpRecord.Paused(START + 400_000));
        worker.send(id, new SrtpRecord.Closed(START + 900_000, 0, "left"));
        assertEquals(
                List.of(new Observation.Paused(START + 400_000, START + 900_000, 0)),
                worker.observations(stream.description));
    }

    @Test
    void missingPacketsAreToldByNumberAndThoseThatCameLateAreTakenBack() {
        begin();
        worker.send(id, stream.bundle(0, 20));
        worker.send(id, stream.bundle(25, 60));
        worker.send(id, stream.bundle(22, 23)); // long after its turn
        worker.send(id, closed());
        List<Observation> seen = worker.observations(stream.description);
        Observation.Missing missing = (Observation.Missing) seen.getFirst();
        assertEquals(5, missing.toSequence() - missing.fromSequence() + 1);
        assertEquals(START + 380_000, missing.afterMicros());
        assertEquals(new Observation.Found(0, missing.fromSequence() + 2), seen.get(1));
        assertEquals(2, seen.size());
        assertEquals(4, account().lost());
    }

    @Test
    void stragglerDoesNotBeginAStreamAnew() {
        begin();
        worker.send(id, stream.bundle(0, 20));
        worker.send(id, closed());
        worker.send(id, stream.bundle(20, 25));
        worker.send(id, closed());
        assertFrames(LongStream.range(0, 20).toArray());
        assertEquals(20, account().received());
        assertEquals(Map.of(RejectReason.NO_SESSION, 5L), worker.rejectedSums(id));
    }

    @Test
    void rtcpAndForeignSsrcAreNotMedia() {
        begin();
        worker.send(id, stream.bundle(0, 5));
        byte[] report = ByteBuffer.allocate(28)
                .put((byte) 0x80)
                .put((byte) 200)
                .putShort((short) 6)
                .array();
        byte[] authentic = stream.sender(stream.keyAndSalt, new byte[0], SyntheticStream.SSRC)
                .rtcp(1, true, report);
        byte[] forged = authentic.clone();
        forged[9] ^= 1;
        byte[] foreign = stream.datagram(5).bytes().array().clone();
        foreign[11] ^= 1;
        byte[] noise = "GET / HTTP/1.1".getBytes(StandardCharsets.UTF_8);
        List<SrtpRecord.Datagram> odd = new ArrayList<>();
        for (byte[] bytes : List.of(report, forged, authentic, authentic, foreign, noise)) {
            odd.add(new SrtpRecord.Datagram(START + 100_000, Octets.of(bytes)));
        }
        worker.send(id, stream.bundle(odd));
        worker.send(id, closed());
        assertEquals(
                Map.of(
                        RejectReason.RTCP, 1L,
                        RejectReason.AUTH_FAILED, 2L,
                        RejectReason.REPLAYED, 1L,
                        RejectReason.FOREIGN_SSRC, 1L,
                        RejectReason.MALFORMED, 1L),
                account().rejected());
    }

    @Test
    void noPlaintextInStateOrChangelog() {
        begin();
        for (int i = 0; i < 100; i += 2) { // every other packet is missing, so that many wait
            worker.send(id, stream.bundle(i, i + 1));
            assertHidden(worker.storedState(id));
        }
        assertHidden(worker.changelogs());
        worker.send(id, closed());
        assertHidden(worker.changelogs());
        assertEquals(50, worker.opened(stream.description).size());
    }

    @Test
    void vaultThatComesBackWithinTheWaitIsNotNoticed() {
        vault.leaveUnanswered(1);
        begin();
        worker.send(id, stream.bundle(0, 30));
        worker.send(id, closed());
        assertFrames(LongStream.range(0, 30).toArray());
    }

    @Test
    void vaultThatStaysAwayStopsTheStreamBeforeAnythingIsLost() {
        begin();
        worker.send(id, stream.bundle(0, 1));
        byte[] before = worker.storedState(id);
        vault.leaveUnanswered(1_000);
        // the data key is needed now: the record is not taken, and Kafka Streams begins again from the last commit
        SrtpRecord bundle = stream.bundle(1, 30);
        assertThrows(RuntimeException.class, () -> worker.send(id, bundle));
        assertArrayEquals(before, worker.storedState(id));
        vault.recover();
        worker = worker.restarted();
        worker.send(id, bundle);
        worker.send(id, closed());
        assertFrames(LongStream.range(0, 30).toArray());
        assertEquals(new StreamAccount(30, 30, Map.of(), 0, 30, 0), account());
    }

    @Test
    void destroyedDataKeyStopsTheTrack() {
        begin();
        worker.send(id, stream.bundle(0, 30));
        vault.destroy("default", stream.description.callId());
        worker = worker.restarted();
        worker.send(id, stream.bundle(30, 60));
        worker.send(id, stream.bundle(60, 90));
        worker.send(id, closed());
        assertTrue(worker.auditActions().contains("alarm.key-refused"));
        assertEquals(30L, account().rejected().get(RejectReason.NO_KEY));
        assertTrue(account().addsUp());
    }

    @Test
    void corruptStateIsRefusedByName() {
        begin();
        worker.send(id, stream.bundle(0, 1));
        byte[] state = worker.storedState(id);
        for (int length = 0; length < state.length; length++) {
            byte[] cut = Arrays.copyOf(state, length);
            assertThrows(HansardException.class, () -> StreamState.fromBytes(cut));
        }
        assertArrayEquals(state, StreamState.fromBytes(state).toBytes());
    }

    private void begin() {
        worker.key(stream.description, stream.keyAndSalt);
    }

    private StreamAccount account() {
        return worker.ended(stream.description).account();
    }

    private void assertFrames(long... indexes) {
        List<Frame> frames = worker.opened(stream.description);
        assertEquals(indexes.length, frames.size());
        for (int i = 0; i < indexes.length; i++) {
            assertArrayEquals(payload(indexes[i]), frames.get(i).payload().array(), "frame " + i);
            assertEquals(
                    (indexes[i] - indexes[0]) * 20_000,
                    frames.get(i).mediaMicros() - frames.getFirst().mediaMicros());
        }
    }

    private void assertHidden(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        assertTrue(bytes.length > 0);
        assertFalse(text.contains("spoken words"));
        assertFalse(text.contains(new String(stream.keyAndSalt, 0, 16, StandardCharsets.ISO_8859_1)));
        assertFalse(text.contains(new String(stream.keyAndSalt, 16, 14, StandardCharsets.ISO_8859_1)));
    }
}
