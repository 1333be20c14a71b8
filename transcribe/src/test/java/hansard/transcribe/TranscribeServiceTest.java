package hansard.transcribe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.keys.DataKey;
import hansard.runtime.ErrorCode;
import hansard.runtime.Json;
import hansard.store.DirectoryStore;
import hansard.store.SealedObjects;
import hansard.testkit.FlakyVault;
import hansard.testkit.WordErrorRate;
import hansard.wire.Artifact;
import hansard.wire.Topics;
import hansard.wire.Utterance;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stage as it runs, with a real broker, vault, store and model. */
class TranscribeServiceTest {
    private static final long T0 = 1_700_000_000_000_000L;

    @TempDir
    private static Path directory;

    private static TestStage stage;

    private static TranscribeService service;

    @BeforeAll
    static void start() {
        stage = new TestStage(directory);
        service = stage.start();
    }

    @AfterAll
    static void stop() {
        service.close();
        stage.close();
    }

    private static Artifact.TranscriptStored stored(String streamId) {
        List<Artifact.TranscriptStored> found = new ArrayList<>();
        stage.read(Topics.RECORDING_ARTIFACTS, record -> {
            if (Artifact.fromBytes(record.value()) instanceof Artifact.TranscriptStored t
                    && t.streamId().equals(streamId)) {
                found.add(t);
                return true;
            }
            return false;
        });
        return found.getLast();
    }

    private static TrackTranscript object(Artifact.TranscriptStored stored) throws IOException {
        SealedObjects objects = new SealedObjects(DirectoryStore.open(stage.store()), stage.vault);
        try (var channel = objects.open(stored.object().objectKey(), TestStage.ref(stored.streamId()))) {
            return Json.read(Channels.newInputStream(channel).readAllBytes(), TrackTranscript.class);
        }
    }

    private static List<Utterance> utterances(String streamId) {
        List<Utterance> found = new ArrayList<>();
        stage.read(
                        Topics.TRANSCRIPTS,
                        r -> Utterance.fromBytes(r.value()).streamId().equals(streamId)
                                && !Utterance.fromBytes(r.value()).partial())
                .forEach(r -> found.add(Utterance.fromBytes(r.value())));
        found.removeIf(u -> !u.streamId().equals(streamId));
        return found;
    }

    private static Utterance.Text text(Utterance utterance) {
        return Json.read(
                stage.envelopes.open(
                        TestStage.ref(utterance.streamId()),
                        Topics.TRANSCRIPTS,
                        utterance.utteranceId(),
                        utterance.sealed()),
                Utterance.Text.class);
    }

    /** What remains when every record replaces the earlier one of its id, without ids. */
    private static List<Utterance.Text> transcript(String streamId) {
        Map<String, Utterance> byId = new LinkedHashMap<>();
        utterances(streamId).forEach(u -> byId.put(u.utteranceId(), u));
        assertTrue(byId.values().stream().noneMatch(Utterance::partial));
        return byId.values().stream().map(TranscribeServiceTest::text).toList();
    }

    @Test
    void whatIsSaidIsOnKafkaAndInTheStoreAndReadableNowhere() throws IOException {
        DataKey key = stage.vault.newDataKey(TestStage.ref("plain"));
        stage.opened("plain");
        stage.speech("plain", key, Clip.stretches(T0, 200));
        stage.ended("plain");

        Artifact.TranscriptStored stored = stored("plain");
        List<Utterance> utterances = utterances("plain");
        TrackTranscript object = object(stored);

        Utterance last = utterances.getLast();
        assertEquals("plain-000000", last.utteranceId());
        assertEquals("alice", last.participantId());
        assertEquals("vosk-en-us-0.3.45", last.model());
        assertEquals(0, WordErrorRate.of(Clip.WORDS, text(last).text()).errors());
        assertEquals("default/call-1/plain.transcript.json", stored.object().objectKey());
        assertEquals(1, stored.utterances());
        assertEquals(text(last).words(), object.utterances().getFirst().words());

        for (String topic : List.of(Topics.TRANSCRIPTS, Topics.RECORDING_ARTIFACTS, Topics.AUDIT_EVENTS)) {
            stage.read(topic, r -> true).forEach(record -> {
                String bytes = new String(record.value(), StandardCharsets.ISO_8859_1);
                for (String word : List.of("amiable", "married", "respectable")) {
                    assertFalse(bytes.contains(word), topic);
                }
            });
        }
    }

    @Test
    void whatIsHeardOnAFurtherGenerationOverwritesNothingOfTheEarlier() {
        DataKey key = stage.vault.newDataKey(TestStage.ref("twice"));
        stage.opened("twice");
        stage.speech("twice", key, Clip.stretches(T0, 200));
        stage.ended("twice");
        assertEquals(0, stored("twice").generation());
        stage.opened("twice", 7_000);
        stage.speech("twice", key, Clip.stretches(T0, 200));
        stage.ended("twice");
        stage.read(
                Topics.RECORDING_ARTIFACTS,
                r -> Artifact.fromBytes(r.value()) instanceof Artifact.TranscriptStored t
                        && t.streamId().equals("twice")
                        && t.generation() == 7_000);
        stage.read(Topics.TRANSCRIPTS, r -> {
            Utterance heard = Utterance.fromBytes(r.value());
            return heard.utteranceId().equals("twice-7000-000000") && heard.generation() == 7_000;
        });
    }

    @Test
    void killedAndRefedGivesTheSameTranscript() throws IOException {
        List<Pcm> speech = new ArrayList<>(Clip.stretches(T0, 200));
        speech.addAll(Clip.stretches(T0 + 20_000_000, 200));
        speech.addAll(Clip.stretches(T0 + 40_000_000, 200));
        DataKey undisturbedKey = stage.vault.newDataKey(TestStage.ref("undisturbed"));
        stage.opened("undisturbed");
        stage.speech("undisturbed", undisturbedKey, speech);
        stage.ended("undisturbed");
        DataKey killedKey = stage.vault.newDataKey(TestStage.ref("killed"));
        stage.opened("killed");
        stage.speech("killed", killedKey, speech.subList(0, 50));
        assertFalse(utterances("killed").isEmpty()); // the first utterance is out, the second is in the recogniser

        service.close();
        service = stage.start();
        stage.speech("killed", killedKey, speech.subList(50, speech.size()));
        stage.ended("killed");

        assertEquals(3, stored("undisturbed").utterances());
        assertEquals(3, stored("killed").utterances());
        assertEquals(transcript("undisturbed"), transcript("killed"));
        assertArrayEquals(
                texts(object(stored("undisturbed"))).toArray(),
                texts(object(stored("killed"))).toArray());
    }

    private static List<List<Utterance.Word>> texts(TrackTranscript object) {
        return object.utterances().stream().map(TrackTranscript.Line::words).toList();
    }

    @Test
    void aTrackBegunAnewForgetsWhatCameBefore() throws IOException {
        DataKey key = stage.vault.newDataKey(TestStage.ref("anew"));
        stage.opened("anew");
        stage.speech("anew", key, Clip.stretches(T0, 200));
        stage.opened("anew");
        stage.speech("anew", key, Clip.stretches(T0 + 1_000_000, 200));
        stage.ended("anew");

        TrackTranscript object = object(stored("anew"));
        assertEquals(1, object.utterances().size());
        assertTrue(object.utterances().getFirst().startMicros() >= T0 + 1_000_000);
    }

    @Test
    void aTrackWithoutAWordHasATranscriptToo() throws IOException {
        stage.opened("mute");
        stage.ended("mute");

        Artifact.TranscriptStored stored = stored("mute");
        assertEquals(0, stored.utterances());
        assertEquals(List.of(), object(stored).utterances());
    }

    @Test
    void badRecordsAreLeftOutAndTheStreamGoesOn() {
        DataKey key = stage.vault.newDataKey(TestStage.ref("hurt"));
        double before = stage.meters
                .counter("hansard.transcribe.refused", "code", "MALFORMED")
                .count();
        stage.opened("hurt");
        stage.send("hurt", new byte[] {1, 9, 9});
        stage.speech("hurt", key, T0, 0, new byte[0]);
        stage.speech("hurt", key, T0, 2, new byte[3]);
        stage.speech("hurt", stage.vault.newDataKey(TestStage.ref("another")), T0, 2, new byte[4]);
        stage.speech("hurt", key, Clip.stretches(T0, 200));
        stage.ended("hurt");

        assertEquals(1, stored("hurt").utterances());
        assertEquals(
                0,
                WordErrorRate.of(Clip.WORDS, transcript("hurt").getFirst().text())
                        .errors());
        assertEquals(
                3,
                stage.meters
                                .counter("hansard.transcribe.refused", "code", "MALFORMED")
                                .count()
                        - before);
        assertTrue(stage.meters
                        .counter("hansard.transcribe.refused", "code", "NOT_AUTHENTIC")
                        .count()
                >= 1);
        assertEquals(Map.of(), service.health().problems());
    }

    @Test
    void whileTheVaultIsAwayATrackWaitsAndThenLosesNothing() throws InterruptedException {
        DataKey key = stage.vault.newDataKey(TestStage.ref("waits"));
        FlakyVault vault = new FlakyVault(stage.vault);
        vault.fail(ErrorCode.VAULT_UNAVAILABLE);
        LinkedBlockingQueue<LiveTrack> done = new LinkedBlockingQueue<>();
        LiveTrack track = track("waits");
        try (SpeechModel model = SpeechModel.open(TestStage.MODEL);
                TranscribeWorker worker = stage.worker(model, vault, done::add)) {
            worker.start();
            Clip.stretches(T0, 500).forEach(p -> worker.hear(track, stage.sealed("waits", key, p), 1));
            worker.end(track);
            assertTrue(vault.failedWithin(Duration.ofMinutes(3)));
            vault.recover();

            assertSame(track, done.poll(3, TimeUnit.MINUTES));
            assertEquals("", worker.problem());
        }
        assertEquals(
                0,
                WordErrorRate.of(Clip.WORDS, transcript("waits").getFirst().text())
                        .errors());
    }

    @Test
    void aTrackWhoseKeyWasDestroyedIsGivenUp() throws InterruptedException {
        DataKey key = stage.vault.newDataKey(TestStage.ref("erased"));
        FlakyVault vault = new FlakyVault(stage.vault);
        vault.fail(ErrorCode.KEY_GONE);
        LinkedBlockingQueue<LiveTrack> done = new LinkedBlockingQueue<>();
        LiveTrack track = track("erased");
        try (SpeechModel model = SpeechModel.open(TestStage.MODEL);
                TranscribeWorker worker = stage.worker(model, vault, done::add)) {
            worker.start();
            Clip.stretches(T0, 500).forEach(p -> worker.hear(track, stage.sealed("erased", key, p), 1));
            worker.end(track);

            assertSame(track, done.poll(3, TimeUnit.MINUTES));
            assertTrue(track.isAbandoned());
        }
        assertTrue(done.isEmpty());
    }

    private static LiveTrack track(String streamId) {
        return new LiveTrack(TestStage.stream(streamId), 0, new TopicPartition(Topics.MEDIA_SPEECH, 0), 0, false, 0);
    }
}
