package hansard.decrypt;

import static hansard.decrypt.SyntheticStream.closed;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.keys.Pkcs12Vault;
import hansard.testkit.SframeSender;
import hansard.wire.Frame;
import hansard.wire.FrameRecord;
import hansard.wire.KeptFrames;
import hansard.wire.RejectReason;
import hansard.wire.StreamAccount;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a stream that is sealed end to end goes through, with its key there at once, late, after the end, wrong, or never. */
class EndToEndLifeTest extends ThroughTheWorker {
    private static final Duration TURN = Duration.ofMillis(250);

    private final EndToEndStream stream = new EndToEndStream(id, 3, 1);

    @Test
    void withItsKeyAtOnceEveryFrameIsOpenedAndTheOpeningIsAudited() {
        worker.keys(stream.announced(vault, stream.frameKey(vault)));
        worker.send(id, stream.bundle(0, 50));
        worker.send(id, closed());
        assertOpened(0, LongStream.range(0, 50).toArray());
        assertEquals(
                new StreamAccount(50, 50, Map.of(), 0, 50, 0),
                worker.ended(stream.description).account());
        assertEquals(List.of("key.opened", "frame-key.opened"), worker.auditActions());
        assertEquals("3", worker.audit.getLast().detail().get("kid"));
    }

    @Test
    void withoutAKeyFramesAreKeptAsTheyCame() {
        worker.keys(stream.announced(vault));
        worker.send(id, stream.bundle(0, 20));
        worker.send(id, closed());
        List<Frame> frames = worker.opened(stream.description);
        assertEquals(20, frames.size());
        for (int n = 0; n < 20; n++) {
            assertTrue(frames.get(n).sealed());
            assertArrayEquals(stream.sealed(n), frames.get(n).payload().array());
        }
        assertEquals(
                new StreamAccount(20, 20, Map.of(), 0, 20, 0),
                worker.ended(stream.description).account());
        assertEquals(List.of("key.opened"), worker.auditActions());
    }

    @Test
    void aKeyThatComesInMidCallOpensFromThereOnAndTheRestAfterTheEnd() {
        worker.keys(stream.announced(vault));
        worker.send(id, stream.bundle(0, 30));
        worker.keys(stream.announced(vault, stream.frameKey(vault)));
        worker = worker.restarted();
        worker.send(id, stream.bundle(30, 60));
        worker.send(id, closed());
        List<Frame> live = worker.opened(stream.description);
        assertTrue(live.getFirst().sealed());
        assertFalse(live.getLast().sealed());
        worker.pass(TURN); // the frames are not in the store yet: it is tried again
        worker.keepFrames(stream.description, 0);
        reopen();
        assertOpened(generation(1), LongStream.range(0, 60).toArray());
        assertEquals("track.reopened", worker.auditActions().getLast());
    }

    @Test
    void aKeyReleasedAfterTheEndOpensEverythingAndIsForgottenAgain() {
        endedUnopened(50);
        worker.forgetKeys(id); // the recording was sealed
        worker.keys(stream.released(stream.frameKey(vault)));
        reopen();
        assertOpened(generation(1), LongStream.range(0, 50).toArray());
        FrameRecord.Ended ended = worker.ended(stream.description, generation(1));
        assertEquals(new StreamAccount(50, 50, Map.of(), 0, 50, 0), ended.account());
        assertEquals(List.of("key.opened", "frame-key.opened", "track.reopened"), worker.auditActions());
        assertEquals("ok", worker.audit.getLast().outcome());
        assertEquals("50", worker.audit.getLast().detail().get("framesOpened"));
        assertEquals(0, worker.reopeningsUnderWay());
        worker.keys(stream.released(stream.frameKey(vault))); // a repeat
        reopen();
        assertEquals(2, worker.generations(stream.description).size());
    }

    @Test
    void aReleaseYearsLaterNeedsNothingThatTheWorkerRemembers() throws IOException {
        endedUnopened(10);
        try (DrivenWorker forgetful = new DrivenWorker(directory.resolve(id + "-later"), vault)) {
            Path from = directory.resolve(id).resolve("store");
            Path to = directory.resolve(id + "-later").resolve("store");
            String key = KeptFrames.objectKey(stream.description);
            Files.createDirectories(to.resolve(key).getParent());
            Files.copy(from.resolve(key), to.resolve(key));
            forgetful.keys(stream.released(stream.frameKey(vault)));
            forgetful.pass(TURN);
            forgetful.pass(TURN);
            long generation = forgetful.generations(stream.description).getFirst();
            assertEquals(10, forgetful.opened(stream.description, generation).size());
        }
    }

    @Test
    void killedBetweenAnyTwoStepsTheTrackIsMadeAnewOnce() {
        worker.keys(stream.announced(vault));
        // frames larger than what one step reads
        byte[] large = new byte[1_000];
        SframeSender sender = new SframeSender(stream.kid, stream.baseKey);
        for (int n = 0; n < 9_000; n += 100) {
            List<hansard.wire.SrtpRecord.Datagram> datagrams = new ArrayList<>();
            for (int i = n; i < n + 100; i++) {
                datagrams.add(stream.carrying(i, sender.seal(i, large)));
            }
            worker.send(id, new hansard.wire.SrtpRecord.Datagrams(n, datagrams));
        }
        worker.send(id, closed());
        worker.keepFrames(stream.description, 0);
        worker.keys(stream.released(stream.frameKey(vault)));
        int kills = 0;
        while (worker.reopeningsUnderWay() > 0) {
            worker = worker.restarted();
            worker.pass(TURN);
            kills++;
        }
        assertTrue(kills >= 5, "it took " + kills + " steps");
        assertEquals(1, worker.generations(stream.description).size() - 1);
        List<Frame> frames = worker.opened(stream.description, generation(1));
        assertEquals(9_000, frames.size());
        assertTrue(frames.stream().noneMatch(Frame::sealed));
    }

    @Test
    void aWrongKeyIsAnAlarmAndTheRightOneWorksLater() {
        byte[] wrong = new byte[16];
        worker.keys(stream.announced(vault, EndToEndStream.frameKey(vault, stream.kid, 0, wrong)));
        worker.send(id, stream.bundle(0, 40));
        worker.send(id, closed());
        assertEquals(
                40,
                worker.opened(stream.description).stream().filter(Frame::sealed).count());
        assertEquals(Map.of(), worker.ended(stream.description).account().rejected());
        assertEquals(List.of("key.opened", "frame-key.opened", "alarm.frame-key-doubted"), worker.auditActions());
        worker.keepFrames(stream.description, 0);
        reopen();
        assertEquals(List.of(0L), worker.generations(stream.description), "nothing opens, so nothing is made anew");
        worker.keys(stream.released(EndToEndStream.frameKey(vault, stream.kid, 0, wrong)));
        reopen();
        assertEquals(List.of(0L), worker.generations(stream.description));
        assertEquals("alarm.frame-key-doubted", worker.auditActions().getLast());
        worker.keys(stream.released(EndToEndStream.frameKey(vault, stream.kid, 0, wrong), stream.frameKey(vault)));
        reopen();
        assertOpened(generation(1), LongStream.range(0, 40).toArray());
    }

    @Test
    void aKeyOfAnotherIdentifierOpensNothingAndSaysSo() {
        endedUnopened(10);
        worker.keys(stream.released(EndToEndStream.frameKey(vault, stream.kid + 1, 0, stream.baseKey)));
        reopen();
        assertEquals(List.of(0L), worker.generations(stream.description));
        assertEquals("alarm.frame-key-doubted", worker.auditActions().getLast());
        assertTrue(worker.audit.getLast().detail().get("why").contains("key identifier"));
    }

    @Test
    void anotherParticipantsKeyOpensNothing() {
        EndToEndStream other = new EndToEndStream("other", stream.kid, 99);
        endedUnopened(10);
        worker.keys(stream.released(other.frameKey(vault)));
        reopen();
        assertEquals(List.of(0L), worker.generations(stream.description));
        assertEquals("alarm.frame-key-doubted", worker.auditActions().getLast());
    }

    @Test
    void aKeySealedForOthersIsAnAlarmAndTheFramesStaySealed() {
        try (var others = Pkcs12Vault.open(directory.resolve("others"))) {
            worker.keys(stream.announced(vault, stream.frameKey(others)));
            worker.send(id, stream.bundle(0, 10));
            worker.send(id, closed());
            assertEquals(List.of("key.opened", "alarm.frame-key-refused"), worker.auditActions());
            assertTrue(worker.opened(stream.description).stream().allMatch(Frame::sealed));
        }
    }

    @Test
    void aForgedFrameUnderAProvenKeyIsRefusedCountedAndAnAlarm() {
        worker.keys(stream.announced(vault, stream.frameKey(vault)));
        worker.send(id, stream.bundle(0, 10));
        byte[] forged = stream.sealed(10);
        forged[forged.length - 1] ^= 1;
        worker.send(id, EndToEndStream.bundle(stream.carrying(10, forged)));
        worker.send(id, stream.bundle(11, 20));
        worker.send(id, closed());
        assertOpened(0, LongStream.range(0, 20).filter(n -> n != 10).toArray());
        assertEquals(
                new StreamAccount(20, 19, Map.of(RejectReason.FRAME_REFUSED, 1L), 0, 20, 0),
                worker.ended(stream.description).account());
        assertEquals(List.of("key.opened", "frame-key.opened", "alarm.frame-refused"), worker.auditActions());
    }

    @Test
    void aForgedFrameAmongKeptOnesIsRefusedWhenTheKeyComes() {
        worker.keys(stream.announced(vault));
        byte[] forged = stream.sealed(0);
        forged[4] ^= 1;
        worker.send(id, EndToEndStream.bundle(stream.carrying(0, forged)));
        worker.send(id, stream.bundle(1, 20));
        worker.send(id, closed());
        worker.keepFrames(stream.description, 0);
        worker.keys(stream.released(stream.frameKey(vault)));
        reopen();
        assertOpened(generation(1), LongStream.range(1, 20).toArray());
        assertEquals(
                new StreamAccount(20, 19, Map.of(RejectReason.FRAME_REFUSED, 1L), 0, 20, 0),
                worker.ended(stream.description, generation(1)).account());
        assertTrue(worker.auditActions().contains("alarm.frame-refused"));
    }

    @Test
    void aFrameThatTheSfuSendsTwiceIsRefusedThoughItsPacketIsNew() {
        worker.keys(stream.announced(vault, stream.frameKey(vault)));
        worker.send(id, stream.bundle(0, 10));
        worker = worker.restarted();
        worker.send(
                id,
                EndToEndStream.bundle(stream.carrying(10, stream.sealed(4)), stream.carrying(11, stream.sealed(11))));
        worker.send(id, closed());
        assertOpened(0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11);
        assertEquals(
                Map.of(RejectReason.FRAME_REFUSED, 1L),
                worker.ended(stream.description).account().rejected());
    }

    @Test
    void headersThatLieAboutTheirLengthCostNothing() {
        worker.keys(stream.announced(vault));
        Random random = new Random(7);
        List<byte[]> frames = new ArrayList<>();
        frames.add(new byte[] {(byte) 0xff}); // 8 bytes of identifier and 8 of counter, none there
        frames.add(Arrays.copyOf(new byte[] {(byte) 0xff}, 16));
        frames.add(SframeSender.header(-1, -1));
        frames.add(SframeSender.header(stream.kid, 0));
        for (int i = 0; i < 200; i++) {
            byte[] noise = new byte[1 + random.nextInt(40)];
            random.nextBytes(noise);
            frames.add(noise);
        }
        for (int n = 0; n < frames.size(); n++) {
            worker.send(id, EndToEndStream.bundle(stream.carrying(n, frames.get(n))));
        }
        int junk = frames.size();
        // the same under a key that has proven itself
        worker.keys(stream.announced(vault, stream.frameKey(vault)));
        worker.send(id, stream.bundle(junk, junk + 10));
        for (int n = 0; n < junk; n++) {
            worker.send(id, EndToEndStream.bundle(stream.carrying(junk + 10 + n, frames.get(n))));
        }
        worker.send(id, closed());
        StreamAccount account = worker.ended(stream.description).account();
        assertTrue(account.addsUp());
        assertEquals(
                10,
                worker.opened(stream.description).stream()
                        .filter(f -> !f.sealed())
                        .count());
        assertTrue(worker.storedState(id).length < 1_000);
    }

    @Test
    void aCounterThatNoSenderCountsToIsRefused() {
        worker.keys(stream.announced(vault, stream.frameKey(vault)));
        worker.send(id, stream.bundle(0, 2));
        byte[] far = new SframeSender(stream.kid, stream.baseKey).seal(-2, EndToEndStream.words(2));
        worker.send(id, EndToEndStream.bundle(stream.carrying(2, far)));
        worker.send(id, stream.bundle(3, 5));
        worker.send(id, closed());
        assertOpened(0, 0, 1, 3, 4);
    }

    @Test
    void aRatchetedKeyOpensTheIdentifiersThatFollowIt() {
        int bits = 4;
        long generation = 5L << bits;
        byte[] first = stream.baseKey;
        worker.keys(stream.announced(vault, EndToEndStream.frameKey(vault, generation, bits, first)));
        byte[] base = first;
        for (int step = 0; step < 16; step++) {
            SframeSender sender = new SframeSender(generation + step, base);
            worker.send(
                    id, EndToEndStream.bundle(stream.carrying(step, sender.seal(step, EndToEndStream.words(step)))));
            base = SframeSender.ratcheted(base);
        }
        // the next generation is another key's
        byte[] next = new SframeSender(generation + 16, base).seal(16, EndToEndStream.words(16));
        worker.send(id, EndToEndStream.bundle(stream.carrying(16, next)));
        worker.send(id, closed());
        List<Frame> frames = worker.opened(stream.description);
        for (int n = 0; n < 16; n++) {
            assertArrayEquals(EndToEndStream.words(n), frames.get(n).payload().array());
        }
        assertTrue(frames.get(16).sealed());
    }

    @Test
    void whatIsOpenedOnceStaysOpenedWhenAnotherKeyComesLater() {
        EndToEndStream later = new EndToEndStream(id, 9, 50);
        worker.keys(stream.announced(vault));
        worker.send(id, stream.bundle(0, 10));
        SframeSender second = new SframeSender(later.kid, later.baseKey);
        for (int n = 10; n < 20; n++) {
            worker.send(id, EndToEndStream.bundle(stream.carrying(n, second.seal(n, EndToEndStream.words(n)))));
        }
        worker.send(id, closed());
        worker.keepFrames(stream.description, 0);
        worker.keys(stream.released(stream.frameKey(vault)));
        reopen();
        worker.keys(stream.released(later.frameKey(vault)));
        reopen(); // the store still has the frames of the first generation: it waits for the second's
        assertEquals(2, worker.generations(stream.description).size());
        worker.keepFrames(stream.description, generation(1));
        reopen();
        assertOpened(generation(2), LongStream.range(0, 20).toArray());
    }

    @Test
    void aCallWhoseKeysWereDestroyedIsNotOpenedAgain() {
        endedUnopened(10);
        vault.destroy("default", stream.description.callId());
        worker.keys(stream.released(stream.frameKey(vault)));
        reopen();
        assertEquals(List.of(0L), worker.generations(stream.description));
        assertEquals("failed", worker.audit.getLast().outcome());
        assertEquals(0, worker.reopeningsUnderWay());
    }

    @Test
    void aVaultThatDoesNotAnswerDelaysTheOpeningAndLosesNothing() {
        endedUnopened(10);
        worker.keys(stream.released(stream.frameKey(vault)));
        vault.leaveUnanswered(3);
        worker.pass(TURN);
        assertEquals(1, worker.reopeningsUnderWay());
        reopen();
        assertOpened(generation(1), LongStream.range(0, 10).toArray());
    }

    @Test
    void nothingThatIsKeptHoldsAKeyOrAWord() {
        endedUnopened(10);
        worker.keys(stream.released(stream.frameKey(vault)));
        reopen();
        byte[] kept = worker.changelogs();
        assertTrue(kept.length > 0);
        String text = new String(kept, StandardCharsets.ISO_8859_1);
        assertFalse(text.contains("spoken words"));
        assertFalse(text.contains(new String(stream.baseKey, StandardCharsets.ISO_8859_1)));
    }

    private void endedUnopened(int frames) {
        worker.keys(stream.announced(vault));
        worker.send(id, stream.bundle(0, frames));
        worker.send(id, closed());
        worker.keepFrames(stream.description, 0);
    }

    private void reopen() {
        for (int i = 0; i < 10; i++) {
            worker.pass(TURN);
        }
    }

    private long generation(int n) {
        return worker.generations(stream.description).get(n);
    }

    private void assertOpened(long generation, long... expected) {
        List<Frame> frames = worker.opened(stream.description, generation);
        assertEquals(expected.length, frames.size());
        for (int i = 0; i < expected.length; i++) {
            assertFalse(frames.get(i).sealed(), "frame " + expected[i]);
            assertArrayEquals(
                    EndToEndStream.words(expected[i]), frames.get(i).payload().array());
        }
    }
}
