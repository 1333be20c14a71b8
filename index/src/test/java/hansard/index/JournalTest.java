package hansard.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Json;
import hansard.wire.Artifact;
import hansard.wire.CallEvent;
import hansard.wire.RejectReason;
import hansard.wire.Rejected;
import hansard.wire.RetentionOrder;
import hansard.wire.StreamAccount;
import hansard.wire.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTest {
    @TempDir
    Path directory;

    private Desk desk;

    @BeforeEach
    void open() {
        desk = new Desk(directory.resolve("index"));
    }

    @AfterEach
    void close() {
        desk.close();
    }

    @Test
    void finalReplacesPartial() {
        desk.opened("c1", "trading", "");
        desk.joined("c1", "p1", "Alice", "alice");
        desk.utterance("c1", "p1", 1, "sell the", true);
        desk.flush();
        assertEquals(0, desk.search(Desk.ALICE, "sell").total());
        assertEquals("sell the", desk.live.partials("c1").getFirst().text());
        desk.utterance("c1", "p1", 1, "sell the lot", false);
        desk.utterance("c1", "p1", 1, "sell the lot now", false);
        desk.flush();
        assertTrue(desk.live.partials("c1").isEmpty());
        assertEquals(List.of("sell the lot now"), desk.texts(Desk.ALICE, "sell"));
    }

    @Test
    void laterParticipantNameReachesEarlierUtterances() {
        desk.said("c1", "p1", 1, "sell the lot");
        desk.flush();
        assertEquals(0, desk.search(Desk.OFFICER, "sell").total(), "nobody sees a call of unknown department");
        desk.opened("c1", "trading", "Acme");
        desk.flush();
        assertEquals("p1", desk.search(Desk.OFFICER, "sell").hits().getFirst().participant());
        assertEquals(0, desk.search(Desk.ALICE, "sell").total());
        desk.joined("c1", "p1", "Alice Martin", "alice");
        desk.flush();
        assertEquals(
                "Alice Martin",
                desk.search(Desk.ALICE, "sell").hits().getFirst().participant());
        assertEquals(
                1,
                desk.search(Desk.ALICE, Map.of("q", "sell", "speaker", "alice", "client", "acme"))
                        .total());
    }

    @Test
    void killAndResumeGivesTheSameIndex() {
        List<Runnable> journal = new ArrayList<>();
        for (int call = 0; call < 3; call++) {
            String c = "c" + call;
            journal.add(() -> desk.opened(c, "trading", "Acme"));
            journal.add(() -> desk.joined(c, "p1", "Alice", "alice"));
            for (int s = 1; s < 12; s++) {
                int second = s;
                journal.add(() -> desk.said(c, "p1", second, "utterance number " + second));
            }
            journal.add(() -> rejected(c, 7));
            journal.add(() -> rejected(c, 5));
        }
        Collections.shuffle(journal, new Random(7));
        Map<String, Long> committed = Map.of();
        Random kills = new Random(11);
        int at = 0;
        int durable = 0;
        int killed = 0;
        while (at < journal.size()) {
            journal.get(at++).run();
            switch (kills.nextInt(6)) {
                case 0 -> desk.flush();
                case 1 -> {
                    desk.flush();
                    desk.indexer.commit();
                    durable = at;
                    committed = desk.offsets();
                }
                case 2 -> {
                    if (killed++ < 10) {
                        desk.killAndRestart();
                        committed.forEach((topic, offset) -> assertEquals(offset, desk.indexer.offset(topic, 0)));
                        desk.rewind();
                        at = durable;
                    }
                }
                default -> {}
            }
        }
        desk.flush();
        assertEquals(33, desk.search(Desk.ALICE, "utterance").total());
        assertEquals(3, desk.list(Desk.ALICE).total());
        for (CallRecord call : desk.list(Desk.OFFICER).calls()) {
            assertEquals(
                    Map.of(RejectReason.REPLAYED, 12L), AccountView.of(call).rejected());
        }
        assertTrue(killed > 3);
    }

    private void rejected(String call, long count) {
        desk.put(
                Topics.MEDIA_REJECTED,
                new Rejected(
                                Desk.TENANT,
                                call,
                                call + "-p1",
                                RejectReason.REPLAYED,
                                count,
                                Desk.START,
                                Desk.START + 1,
                                "")
                        .toBytes());
    }

    @Test
    void callsLeaveMemoryAndComeBackFromTheIndex() {
        CallCache cache = new CallCache(desk.index, 2);
        for (int i = 0; i < 10; i++) {
            String call = "c" + i;
            cache.put(cache.get(Desk.TENANT, call)
                    .apply(new CallEvent.CallOpened(call, Desk.TENANT, call, 1 + i, "", "", "", Map.of())));
            if (i % 3 == 0) {
                cache.flush();
            }
        }
        cache.flush();
        for (int i = 0; i < 10; i++) {
            assertEquals(1 + i, cache.get(Desk.TENANT, "c" + i).zeroMicros());
        }
    }

    @Test
    void purgeLeavesNoTermOnDisk() throws IOException {
        desk.opened("c1", "trading", "Wexelbaum");
        desk.joined("c1", "p1", "Zyxwoman", "alice");
        desk.said("c1", "p1", 1, "the password is quetzalcoatl");
        desk.opened("c2", "trading", "Acme");
        desk.joined("c2", "p1", "Alice", "alice");
        desk.said("c2", "p1", 1, "nothing of interest");
        desk.flush();
        desk.indexer.commit();
        assertTrue(onDisk("quetzalcoatl"));
        desk.purge("c1");
        desk.flush();
        for (String word : List.of("quetzalcoatl", "zyxwoman", "wexelbaum", "Zyxwoman", "Wexelbaum", "Call c1")) {
            assertFalse(onDisk(word), word);
        }
        assertEquals(1, desk.receipts.size());
        assertEquals("index", desk.receipts.getFirst().what());
        assertEquals("index/1", desk.receipts.getFirst().by());
        assertEquals(2, desk.receipts.getFirst().count());
        assertEquals(1, desk.search(Desk.ALICE, "").total());
        assertEquals(1, desk.list(Desk.ALICE).total());
        CallRecord left = desk.recordings.call(Desk.OFFICER, "c1");
        assertEquals("purged", left.state());
        RecordingView view = RecordingView.full(left, false, desk.now);
        assertEquals("", view.title() + view.client() + String.join("", view.participants()));
        assertEquals(null, view.tracks());
        assertTrue(desk.recordings
                .transcript(Desk.OFFICER, desk.recordings.call(Desk.OFFICER, "c1"))
                .isEmpty());
    }

    private boolean onDisk(String word) throws IOException {
        byte[] wanted = word.getBytes(StandardCharsets.UTF_8);
        try (Stream<Path> files = Files.list(desk.directory)) {
            return files.anyMatch(f -> contains(f, wanted));
        }
    }

    private static boolean contains(Path file, byte[] wanted) {
        try {
            String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
            return bytes.contains(new String(wanted, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void purgedCallIsNotResurrected() {
        desk.opened("c1", "trading", "Acme");
        desk.joined("c1", "p1", "Alice", "alice");
        desk.said("c1", "p1", 1, "sell the lot");
        desk.flush();
        desk.purge("c1");
        desk.flush();
        everythingAgain();
        assertPurged();
        desk.purge("c1");
        desk.flush();
        assertEquals(2, desk.receipts.size(), "a repeated order has a repeated receipt");
        assertPurged();
    }

    @Test
    void freshReplicaThatReadsTheOrderFirstDoesNotResurrectEither() {
        desk.purge("c1");
        desk.flush();
        everythingAgain();
        assertPurged();
    }

    private void everythingAgain() {
        desk.said("c1", "p1", 2, "sell the lot");
        desk.utterance("c1", "p1", 3, "sell", true);
        desk.opened("c1", "trading", "Acme");
        desk.joined("c1", "p1", "Alice", "alice");
        desk.event(new CallEvent.NoticePlayed("n", Desk.TENANT, "c1", Desk.START, "recorded"));
        desk.stored("c1", "p1", StreamAccount.EMPTY, 1, 5);
        rejected("c1", 3);
        desk.flush();
    }

    private void assertPurged() {
        assertEquals(0, desk.search(Desk.ALICE, "").total());
        assertEquals(0, desk.list(Desk.ALICE).total());
        assertEquals(0, desk.search(Desk.OFFICER, "sell").total());
        CallRecord left = desk.recordings.call(Desk.OFFICER, "c1");
        assertEquals("purged", left.state());
        assertTrue(left.tracks().isEmpty()
                && left.participants().isEmpty()
                && left.refused().isEmpty());
        assertTrue(left.marks().isEmpty() && left.mix() == null);
        assertEquals("trading", left.opening() == null ? "" : left.opening().department());
        assertTrue(desk.live.partials("c1").isEmpty());
    }

    @Test
    void killBetweenErasingAndReceiptRepeatsBoth() {
        desk.opened("c1", "trading", "Acme");
        desk.said("c1", "p1", 1, "sell the lot");
        desk.flush();
        desk.purge("c1");
        desk.indexer.flush(r -> {
            throw new HansardException(ErrorCode.KAFKA_UNAVAILABLE, "away");
        });
        desk.killAndRestart();
        desk.flush();
        assertEquals(1, desk.receipts.size());
        assertEquals(2, desk.receipts.getFirst().count());
        desk.flush();
        assertEquals(1, desk.receipts.size());
    }

    @Test
    void purgeWaitsForReadersOfTheOldFiles() {
        desk.opened("c1", "trading", "Acme");
        desk.said("c1", "p1", 1, "sell the lot");
        desk.flush();
        desk.indexer.commit();
        desk.index.read(searcher -> {
            desk.purge("c1");
            desk.flush();
            assertTrue(desk.receipts.isEmpty());
            return true;
        });
        desk.flush();
        assertEquals(1, desk.receipts.size());
    }

    @Test
    void purgeBehindAHoldIsVoid() {
        desk.opened("c1", "trading", "Acme");
        desk.said("c1", "p1", 1, "sell the lot");
        desk.put(
                Topics.RETENTION_ORDERS,
                new RetentionOrder.HoldPlaced("h", Desk.TENANT, "c1", desk.now, "hold-1", "olga", "case 7").toBytes());
        desk.purge("c1");
        desk.flush();
        desk.indexer.commit();
        desk.killAndRestart();
        assertEquals(List.of("sell the lot"), desk.texts(Desk.OFFICER, "sell"));
        assertTrue(desk.receipts.isEmpty());
        desk.purge("c1");
        desk.put(
                Topics.RETENTION_ORDERS,
                new RetentionOrder.HoldReleased("r", Desk.TENANT, "c1", desk.now, "hold-1", "olga", "over").toBytes());
        desk.flush();
        assertEquals(1, desk.search(Desk.OFFICER, "sell").total());
        desk.purge("c1");
        desk.flush();
        assertEquals(0, desk.search(Desk.OFFICER, "sell").total());
        assertEquals(1, desk.receipts.size());
    }

    @Test
    void vaultAwayKeepsTheUtteranceForLater() {
        desk.opened("c1", "trading", "Acme");
        desk.vaultAway = true;
        HansardException away = assertThrows(HansardException.class, () -> desk.said("c1", "p1", 1, "sell the lot"));
        assertEquals(ErrorCode.VAULT_UNAVAILABLE, away.code());
        assertEquals(0, desk.indexer.offset(Topics.TRANSCRIPTS, 0));
    }

    @Test
    void destroyedKeyIsSkippedAndReadOn() {
        desk.opened("c1", "trading", "Acme");
        desk.destroyed.add("c1");
        desk.said("c1", "p1", 1, "sell the lot");
        desk.put(Topics.TRANSCRIPTS, "not json".getBytes(StandardCharsets.UTF_8));
        desk.flush();
        assertEquals(0, desk.search(Desk.OFFICER, "").total());
        assertEquals(2, desk.indexer.offset(Topics.TRANSCRIPTS, 0));
    }

    @Test
    void recordOfAnotherTenantChangesNothing() {
        desk.opened("c1", "trading", "Acme");
        desk.event(new CallEvent.ParticipantJoined("x", "other", "c1", Desk.START, "p9", "Eve", "eve"));
        desk.flush();
        assertTrue(desk.recordings.call(Desk.OFFICER, "c1").participants().isEmpty());
    }

    @Test
    void reportTellsWhereEveryDatagramWentAndWhen() {
        desk.opened("c1", "trading", "Acme");
        desk.joined("c1", "p1", "Alice", "alice");
        desk.event(new CallEvent.StreamAnnounced("s1", Desk.TENANT, "c1", Desk.START, Desk.stream("c1", "p1"), ""));
        desk.event(new CallEvent.StreamAnnounced("s2", Desk.TENANT, "c1", Desk.START, Desk.stream("c1", "p2"), ""));
        rejected("c1", 12);
        desk.said("c1", "p1", 3, "sell the lot");
        desk.flush();
        AccountView running = AccountView.of(desk.recordings.call(Desk.OFFICER, "c1"));
        assertEquals(12, running.received());
        assertFalse(running.complete());

        desk.event(new CallEvent.CallClosed("e", Desk.TENANT, "c1", desk.now, "hangup", List.of("c1-p1", "c1-p2")));
        long closed = desk.now;
        desk.now += 1_000_000;
        desk.stored(
                "c1",
                "p1",
                new StreamAccount(112, 98, Map.of(RejectReason.REPLAYED, 12L, RejectReason.AUTH_FAILED, 2L), 0, 100, 2),
                2,
                8);
        desk.artifact(new Artifact.TrackEmpty(
                Desk.TENANT, "c1", desk.now, Desk.stream("c1", "p2"), 0, StreamAccount.EMPTY, "no datagram arrived"));
        desk.artifact(new Artifact.TracksComplete(Desk.TENANT, "c1", desk.now, 0, List.of()));
        desk.artifact(new Artifact.MixStored(
                Desk.TENANT, "c1", desk.now + 5_000, 0, Desk.START + 2_000_000, 8_000_000, null));
        desk.artifact(new Artifact.TranscriptStored(
                Desk.TENANT, "c1", desk.now + 7_000, "c1-p1", 0, 1, new Artifact.StoredObject("k", "s", 1, "x")));
        desk.artifact(new Artifact.RecordingSealed(
                Desk.TENANT, "c1", desk.now + 9_000, closed, Desk.START + 2_000_000, Desk.START + 10_000_000));
        desk.now += 500_000;
        desk.flush();
        desk.flush();

        CallRecord call = desk.recordings.call(Desk.OFFICER, "c1");
        var report = Json.mapper()
                .valueToTree(ReportView.of(
                        call,
                        desk.recordings.transcript(Desk.OFFICER, desk.recordings.call(Desk.OFFICER, "c1")),
                        null,
                        0));
        assertEquals(112, report.get("received").asLong());
        assertEquals(98, report.get("framed").asLong());
        assertEquals(12, report.get("rejected").get("REPLAYED").asLong());
        assertEquals(2, report.get("lost").asLong());
        assertEquals(0, report.get("tracks").get(0).get("startMs").asLong());
        assertEquals(8_000, report.get("tracks").get(0).get("durationMs").asLong());
        assertEquals("Alice", report.get("tracks").get(0).get("participant").asText());
        assertTrue(report.get("tracks").get(1).get("object").isNull());
        assertEquals(
                "no datagram arrived", report.get("tracks").get(1).get("reason").asText());
        assertEquals(0, report.get("tracks").get(1).get("durationMs").asLong());
        assertTrue(report.get("mix").get("object").isNull());
        assertEquals(1_000, report.get("transcript").get(0).get("startMs").asLong());
        assertEquals(
                "sell",
                report.get("transcript").get(0).get("words").get(0).get("word").asText());
        assertEquals("AUTH_FAILED", report.get("alarms").get(0).get("reason").asText());
        assertEquals(1, report.get("alarms").size());
        assertEquals(
                Map.of(
                        "tracksStored",
                        1_000L,
                        "mixStored",
                        1_005L,
                        "transcriptsStored",
                        1_007L,
                        "sealed",
                        1_009L,
                        "indexed",
                        1_500L),
                Json.mapper().convertValue(report.get("timings"), Map.class));
        assertEquals("sealed", call.state());
        assertEquals(8_000, RecordingView.durationMs(call, desk.now));
    }

    @Test
    void watcherWhoFallsBehindIsLetGo() {
        desk.opened("c1", "trading", "Acme");
        LiveFeed.Watcher slow = desk.live.watch("c1");
        for (int s = 1; s < 1_000; s++) {
            desk.utterance("c1", "p1", 1, "word " + s, true);
        }
        int received = 0;
        try {
            while (slow != null && slow.next(0, java.util.concurrent.TimeUnit.SECONDS) != null) {
                received++;
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertEquals(256, received);
        assertTrue(slow != null && slow.over());
    }
}
