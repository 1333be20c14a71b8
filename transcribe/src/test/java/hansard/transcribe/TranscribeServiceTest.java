package hansard.transcribe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.keys.DataKey;
import hansard.runtime.Json;
import hansard.store.DirectoryStore;
import hansard.store.SealedObjects;
import hansard.testkit.WordErrorRate;
import hansard.wire.Artifact;
import hansard.wire.Redaction;
import hansard.wire.SpeechRecord;
import hansard.wire.StreamDescription;
import hansard.wire.Topics;
import hansard.wire.Unheard;
import hansard.wire.Utterance;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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
        try (var channel = objects.open(stored.object().objectKey(), TestStage.told(stored.streamId()))) {
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
                        TestStage.told(utterance.streamId()),
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
        stage.speech("plain", key, Clip.pieces(T0, 200));
        stage.ended("plain");

        Artifact.TranscriptStored stored = stored("plain");
        List<Utterance> utterances = utterances("plain");
        TrackTranscript object = object(stored);

        Utterance last = utterances.getLast();
        assertEquals("plain-" + T0 + "-0", last.utteranceId());
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
        stage.speech("twice", key, Clip.pieces(T0, 200));
        stage.ended("twice");
        assertEquals(0, stored("twice").generation());
        stage.opened("twice", 7_000);
        stage.speech("twice", 7_000, key, Clip.pieces(T0, 200));
        stage.ended("twice", 7_000);
        stage.read(
                Topics.RECORDING_ARTIFACTS,
                r -> Artifact.fromBytes(r.value()) instanceof Artifact.TranscriptStored t
                        && t.streamId().equals("twice")
                        && t.generation() == 7_000);
        stage.read(Topics.TRANSCRIPTS, r -> {
            Utterance heard = Utterance.fromBytes(r.value());
            return heard.utteranceId().equals("twice-7000-" + T0 + "-0") && heard.generation() == 7_000;
        });
    }

    @Test
    void killedAndRefedGivesTheSameTranscript() throws IOException {
        List<List<Pcm>> speech =
                List.of(Clip.pieces(T0, 200), Clip.pieces(T0 + 20_000_000, 200), Clip.pieces(T0 + 40_000_000, 200));
        DataKey undisturbedKey = stage.vault.newDataKey(TestStage.ref("undisturbed"));
        stage.opened("undisturbed");
        speech.forEach(stretch -> stage.speech("undisturbed", undisturbedKey, stretch));
        stage.ended("undisturbed");
        DataKey killedKey = stage.vault.newDataKey(TestStage.ref("killed"));
        stage.opened("killed");
        stage.speech("killed", killedKey, speech.getFirst());
        stage.began(TestStage.stream("killed"), 0, T0 + 20_000_000);
        stage.pieces("killed", killedKey, speech.get(1).subList(0, 15));
        assertFalse(utterances("killed").isEmpty()); // the first utterance is out, the second is in the recogniser
        stage.awaitLastStretchIsNext("killed"); // the next process does not read the first stretch again

        service.close();
        service = stage.start();
        stage.pieces(
                "killed", killedKey, speech.get(1).subList(15, speech.get(1).size()));
        stage.paused("killed", T0 + 20_000_000);
        stage.speech("killed", killedKey, speech.get(2));
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
        stage.speech("anew", key, Clip.pieces(T0, 200));
        stage.opened("anew");
        stage.speech("anew", key, Clip.pieces(T0 + 1_000_000, 200));
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
        stage.began(TestStage.stream("hurt"), 0, T0);
        stage.piece("hurt", key, T0, 0, new byte[0]);
        stage.piece("hurt", key, T0, 2, new byte[3]);
        stage.piece("hurt", stage.vault.newDataKey(TestStage.ref("another")), T0, 2, new byte[4]);
        stage.pieces("hurt", key, Clip.pieces(T0, 200));
        stage.paused("hurt", T0);
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
    void aRecogniserThatIsKilledInMidSpeechCostsADelayAndNoWord() throws IOException {
        DataKey calmKey = stage.vault.newDataKey(TestStage.ref("calm"));
        stage.opened("calm");
        stage.speech("calm", calmKey, Clip.pieces(T0, 200));
        stage.ended("calm");
        assertEquals(1, stored("calm").utterances());
        DataKey key = stage.vault.newDataKey(TestStage.ref("struck"));
        stage.opened("struck");
        stage.began(TestStage.stream("struck"), 0, T0);
        stage.pieces("struck", key, Clip.pieces(T0, 200).subList(0, 20));
        stage.read(
                Topics.TRANSCRIPTS,
                r -> Utterance.fromBytes(r.value()).streamId().equals("struck")); // a partial one: it is being heard
        double crashes = stage.meters.counter("hansard.transcribe.crashes").count();
        ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly); // it has no others
        stage.pieces(
                "struck",
                key,
                Clip.pieces(T0, 200).subList(20, Clip.pieces(T0, 200).size()));
        stage.paused("struck", T0);
        stage.ended("struck");

        assertEquals(1, stored("struck").utterances());
        assertEquals(transcript("calm"), transcript("struck"));
        assertEquals(
                crashes + 1, stage.meters.counter("hansard.transcribe.crashes").count());
        assertEquals(List.of(), object(stored("struck")).unheard());
        assertEquals(List.of(), stored("struck").unheard());
    }

    @Test
    void whatWasSaidBeforeTheRecogniserCrashedForGoodIsKept() throws IOException {
        DataKey key = stage.vault.newDataKey(TestStage.ref("thrice"));
        stage.opened("thrice");
        stage.began(TestStage.stream("thrice"), 0, T0);
        stage.pieces("thrice", key, Clip.pieces(T0, 200));
        stage.pieces("thrice", key, Clip.pieces(T0 + 8_000_000, 200).subList(0, 20));
        Utterance first = utterances("thrice").getLast(); // final, while its stretch goes on
        double crashes = stage.meters.counter("hansard.transcribe.crashes").count();
        for (int crash = 1; crash <= 3; crash++) {
            ProcessHandle.current().children().forEach(ProcessHandle::destroyForcibly);
            for (int i = 0;
                    i < 600
                            && stage.meters
                                            .counter("hansard.transcribe.crashes")
                                            .count()
                                    < crashes + crash;
                    i++) {
                LockSupport.parkNanos(100_000_000);
            }
            if (crash < 3) {
                heard("thrice", T0, heard("thrice", T0, -1)); // anew, from its beginning
            }
        }
        stage.paused("thrice", T0);
        stage.ended("thrice");

        Artifact.TranscriptStored stored = stored("thrice");
        assertEquals(1, stored.utterances());
        assertEquals(
                List.of(first.utteranceId()),
                object(stored).utterances().stream()
                        .map(TrackTranscript.Line::utteranceId)
                        .toList());
        Unheard unheard = stored.unheard().getFirst();
        assertEquals(first.endMicros(), unheard.startMicros());
        assertTrue(unheard.reason().endsWith(", 3 times"), unheard.reason());
    }

    /** Waits until a sentence is being heard. @return the offset of the record that says so, later than {@code after} */
    private static long heard(String streamId, long startMicros, long after) {
        return stage.read(Topics.TRANSCRIPTS, r -> isHeard(r, streamId, startMicros) && r.offset() > after).stream()
                .filter(r -> isHeard(r, streamId, startMicros))
                .mapToLong(ConsumerRecord::offset)
                .max()
                .orElseThrow();
    }

    private static boolean isHeard(ConsumerRecord<String, byte[]> record, String streamId, long startMicros) {
        Utterance u = Utterance.fromBytes(record.value());
        return u.streamId().equals(streamId) && u.partial() && u.startMicros() == startMicros;
    }

    @Test
    void whatNobodyHasAModelForIsKeptAsSoundAndSaysSo() throws IOException {
        StreamDescription french = TestStage.stream("french").speaking("fr-CA");
        DataKey key = stage.vault.newDataKey(TestStage.ref("french"));
        stage.send("french", new SpeechRecord.Opened(french, 0).toBytes());
        stage.began(french, 0, T0);
        stage.pieces("french", key, Clip.pieces(T0, 200));
        stage.paused("french", T0);
        stage.send("french", new SpeechRecord.Ended(french, 0, T0).toBytes());

        TrackTranscript object = object(stored("french"));
        assertEquals("", object.model());
        assertEquals(List.of(), object.utterances());
        assertEquals(
                "no model for fr-CA; audio kept", object.unheard().getFirst().reason());
        assertEquals(T0 + 6_050_000, object.unheard().getFirst().endMicros(), 50_000);
        assertEquals(object.unheard(), stored("french").unheard());
        List<Redaction> all = stored("french").redactions();
        assertEquals(
                List.of(Redaction.Kind.UNHEARD),
                all.stream().map(Redaction::kind).toList());
        assertEquals(T0, all.getFirst().startMicros());
        assertTrue(all.getFirst().endMicros() > object.unheard().getFirst().endMicros(), "all of the track");
    }

    @Test
    void stretchesWithoutWordsAreToldOfTogetherUnlessSomethingWasUnderstoodInBetween() {
        Unheard one = new Unheard(T0, T0 + 1, "no model for fr; audio kept");
        Unheard next = new Unheard(T0 + 100, T0 + 200, one.reason());
        Unheard other = new Unheard(T0 + 300, T0 + 400, "another");
        TrackTranscript.Line line = new TrackTranscript.Line("u", T0 + 50, T0 + 60, "yes", 1, List.of(), "Yes.");
        assertEquals(
                List.of(new Unheard(T0, T0 + 200, one.reason()), other),
                TranscriptPublisher.unheard(List.of(one, next, other), List.of()));
        assertEquals(List.of(one, next), TranscriptPublisher.unheard(List.of(one, next), List.of(line)));
    }

    @Test
    void aCardNumberIsInNothingThatLeavesTheStage() throws IOException {
        DataKey key = stage.vault.newDataKey(TestStage.ref("card"));
        stage.opened("card");
        stage.speech("card", key, Clip.pieces(Clip.pcm("card-jackson.wav"), T0, 160));
        stage.speech("card", key, Clip.pieces(T0 + 60_000_000, 160));
        stage.ended("card");

        assertEquals(
                Redaction.Kind.CARD_NUMBER,
                stored("card").redactions().getFirst().kind());
        TrackTranscript object = object(stored("card"));
        assertEquals(
                List.of("[card number]"),
                object.utterances().stream()
                        .map(TrackTranscript.Line::text)
                        .filter(text -> !text.contains("amiable"))
                        .toList());
        for (Utterance utterance : utterances("card")) {
            long digits = Stream.of(text(utterance).text().split(" "))
                    .filter(
                            Set.of("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "zero")
                                    ::contains)
                    .count();
            assertTrue(digits <= 3, utterance.utteranceId() + " shows " + digits + " digits");
        }
        Utterance.Text said = text(utterances("card").getLast());
        assertEquals(0, WordErrorRate.of(Clip.WORDS, said.text()).errors());
        assertEquals('H', said.display().charAt(0));
        assertTrue(said.display().matches(".*[.?]"), "a sentence as people write it");
    }
}
