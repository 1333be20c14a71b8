package hansard.transcribe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.keys.DataKey;
import hansard.runtime.Json;
import hansard.store.DirectoryStore;
import hansard.store.SealedObjects;
import hansard.testkit.WordErrorRate;
import hansard.wire.Artifact;
import hansard.wire.Hearing;
import hansard.wire.SpeechRecord;
import hansard.wire.Topics;
import hansard.wire.Utterance;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real stage and model: a track that is heard again has a transcript of its own beside the first. */
class HeardAgainTest {
    private static final long T0 = TestStage.TRACK_MICROS + 1_000_000;
    private static final Hearing AGAIN = new Hearing(1, "order-abc-9", TranscribeConfig.DEFAULT_MODEL);
    private static final Hearing UNKNOWN = new Hearing(2, "order-xyz-7", "vosk-large");

    @TempDir
    private Path directory;

    private TestStage stage;

    @BeforeEach
    void start() {
        stage = new TestStage(directory);
    }

    @AfterEach
    void stop() {
        stage.close();
    }

    private void speech(String streamId, Hearing hearing, DataKey key, boolean whole) {
        stage.send(streamId, new SpeechRecord.Opened(TestStage.stream(streamId), 0, hearing).toBytes());
        stage.send(
                streamId,
                new SpeechRecord.Began(TestStage.stream(streamId), 0, TestStage.TRACK_MICROS, T0, hearing).toBytes());
        stage.pieces(streamId, key, Clip.pieces(T0, 200));
        stage.paused(streamId, T0);
        if (whole) {
            ended(streamId, hearing);
        }
    }

    private void ended(String streamId, Hearing hearing) {
        stage.send(
                streamId,
                new SpeechRecord.Ended(TestStage.stream(streamId), 0, TestStage.TRACK_MICROS, hearing).toBytes());
    }

    private Artifact.TranscriptStored stored(String streamId, Hearing hearing) {
        List<Artifact.TranscriptStored> found = new ArrayList<>();
        stage.read(Topics.RECORDING_ARTIFACTS, record -> {
            if (Artifact.fromBytes(record.value()) instanceof Artifact.TranscriptStored t
                    && t.streamId().equals(streamId)
                    && t.hearing().equals(hearing)) {
                found.add(t);
                return true;
            }
            return false;
        });
        return found.getLast();
    }

    private TrackTranscript object(Artifact.TranscriptStored stored) throws IOException {
        SealedObjects objects = new SealedObjects(DirectoryStore.open(stage.store()), stage.vault);
        try (var channel = objects.open(stored.object().objectKey(), TestStage.told(stored.streamId()))) {
            return Json.read(Channels.newInputStream(channel).readAllBytes(), TrackTranscript.class);
        }
    }

    private List<Utterance> utterances(String streamId) {
        return stage.all(Topics.TRANSCRIPTS).stream()
                .map(r -> Utterance.fromBytes(r.value()))
                .filter(u -> u.streamId().equals(streamId))
                .toList();
    }

    private static String words(TrackTranscript transcript) {
        return transcript.utterances().getFirst().text();
    }

    /** By then the record may be signed, with the digest of the first time. */
    @Test
    void whatIsHeardOnceMoreAfterAKillIsStoredAsItWas() {
        DataKey key = stage.vault.newDataKey(TestStage.ref("killed"));
        try (TranscribeService ignored = stage.start()) {
            speech("killed", Hearing.FIRST, key, true);
            stored("killed", 1);
        }
        stage.forgetWhatWasRead();
        try (TranscribeService ignored = stage.start()) {
            List<Artifact.TranscriptStored> twice = stored("killed", 2);
            assertEquals(twice.getFirst().object(), twice.getLast().object());
            assertEquals(1, twice.getLast().utterances());
        }
    }

    private List<Artifact.TranscriptStored> stored(String streamId, int times) {
        Map<Long, Artifact.TranscriptStored> byOffset = new TreeMap<>();
        stage.read(Topics.RECORDING_ARTIFACTS, record -> {
            if (Artifact.fromBytes(record.value()) instanceof Artifact.TranscriptStored t
                    && t.streamId().equals(streamId)) {
                byOffset.put(record.offset(), t); // all of a call are on one partition
            }
            return byOffset.size() == times;
        });
        return List.copyOf(byOffset.values());
    }

    @Test
    void eachHearingHasItsOwnTranscriptAndOneWithoutAModelSaysWhichThereAre() throws IOException {
        try (TranscribeService service = stage.start()) {
            DataKey key = stage.vault.newDataKey(TestStage.ref("s"));
            speech("s", Hearing.FIRST, key, true);
            Artifact.TranscriptStored first = stored("s", Hearing.FIRST);
            speech("s", AGAIN, key, true);
            Artifact.TranscriptStored again = stored("s", AGAIN);
            speech("s", UNKNOWN, key, true);
            Artifact.TranscriptStored none = stored("s", UNKNOWN);

            Set<String> objects = new HashSet<>();
            List.of(first, again, none).forEach(t -> objects.add(t.object().objectKey()));
            assertEquals(3, objects.size(), objects::toString);
            assertEquals("default/call-1/s.transcript.json", first.object().objectKey());
            assertEquals(
                    "default/call-1/s-v1-order-ab.transcript.json",
                    again.object().objectKey());
            assertEquals(0, WordErrorRate.of(Clip.WORDS, words(object(again))).errors());
            assertEquals(words(object(first)), words(object(again)));
            assertNotEquals(
                    object(first).utterances().getFirst().utteranceId(),
                    object(again).utterances().getFirst().utteranceId());
            assertTrue(
                    utterances("s").stream()
                            .noneMatch(u -> u.partial() && !u.hearing().isFirst()),
                    "nobody watches");

            assertEquals(0, none.utterances());
            assertEquals("", object(none).model());
            String why = none.unheard().getFirst().reason();
            assertTrue(why.contains("no model 'vosk-large'") && why.contains(TranscribeConfig.DEFAULT_MODEL), why);
        }
    }

    @Test
    void killedInTheMiddleOfItTheWordsAreThoseOfAnUndisturbedHearing() throws IOException {
        DataKey key = stage.vault.newDataKey(TestStage.ref("k"));
        try (TranscribeService service = stage.start()) {
            speech("k", Hearing.FIRST, key, true);
            stored("k", Hearing.FIRST);
            speech("k", AGAIN, key, false);
            stage.read(
                    Topics.TRANSCRIPTS,
                    r -> Utterance.fromBytes(r.value()).hearing().equals(AGAIN));
        }
        try (TranscribeService next = stage.start()) {
            ended("k", AGAIN);
            Artifact.TranscriptStored again = stored("k", AGAIN);
            assertEquals(1, again.utterances());
            assertEquals(0, WordErrorRate.of(Clip.WORDS, words(object(again))).errors());
        }
    }
}
