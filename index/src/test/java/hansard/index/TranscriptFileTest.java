package hansard.index;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Json;
import hansard.testkit.Subtitles;
import hansard.wire.Artifact;
import hansard.wire.Octets;
import hansard.wire.StreamAccount;
import hansard.wire.Topics;
import hansard.wire.Unheard;
import hansard.wire.Utterance;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TranscriptFileTest {
    private Desk desk;

    @BeforeEach
    void open(@TempDir Path directory) {
        desk = new Desk(directory);
        desk.opened("c1", "trading", "Northern");
        desk.joined("c1", "p1", "Ann <b>& Co", "ann");
        desk.joined("c1", "p2", "Bob", "bob");
    }

    @AfterEach
    void close() {
        desk.close();
    }

    private void say(String id, String participant, int second, String display, List<Utterance.Word> words) {
        String text = String.join(" ", words.stream().map(Utterance.Word::word).toList());
        long end = words.getLast().endMicros();
        byte[] plain = Json.bytes(new Utterance.Text(text, 0.9, words, display));
        desk.put(
                Topics.TRANSCRIPTS,
                new Utterance(
                                id,
                                Desk.TENANT,
                                "c1",
                                "c1-" + participant,
                                0,
                                participant,
                                Desk.START + second * 1_000_000L,
                                end,
                                false,
                                "test-model",
                                Octets.of(plain))
                        .toBytes());
    }

    private static Utterance.Word word(String word, long ms) {
        return new Utterance.Word(word, Desk.START + ms * 1_000, Desk.START + (ms + 400) * 1_000, 0.9);
    }

    private String written(TranscriptFile format) {
        desk.flush();
        CallRecord call = desk.recordings.call(Desk.OFFICER, "c1");
        return format.write(TranscriptDocument.of(
                call, desk.recordings.transcript(Desk.OFFICER, desk.recordings.call(Desk.OFFICER, "c1"))));
    }

    private void call() {
        say("u1", "p1", 1, "Is a < b --> c?", List.of(word("is", 1_000), word("a", 1_500)));
        say(
                "u2",
                "p2",
                4_000,
                "My card is [card number].",
                List.of(word("card", 4_000_000), word("[card number]", 4_000_500)));
    }

    @Test
    void subtitlesNameTheSpeakerAndHoldNoMarkupOfTheirs() {
        call();
        assertEquals(Subtitles.file(), written(TranscriptFile.VTT));
    }

    @Test
    void aCueThatTookNoTimeEndsAfterItBegan() {
        say(
                "u1",
                "p1",
                1,
                "Oh.\n\nDear.",
                List.of(new Utterance.Word("oh", Desk.START + 1_000_000, Desk.START + 1_000_000, 1)));
        String file = written(TranscriptFile.VTT);
        assertTrue(file.contains("00:00:01.000 --> 00:00:01.001\n"), file);
        assertTrue(file.contains(">Oh. Dear.</v>"), file);
    }

    @Test
    void plainTextIsWrapped() {
        say("u1", "p1", 1, "word ".repeat(40).strip(), List.of(word("word", 1_000)));
        String file = written(TranscriptFile.TXT);
        assertTrue(
                file.startsWith(
                        "Call c1\nCall c1, begun 2026-09-21T14:13:20Z. Times count from then.\n\n00:00:01  Ann <b>& Co\n"),
                file);
        assertEquals(
                3,
                file.lines().filter(line -> line.startsWith("          word")).count());
        assertTrue(file.lines().allMatch(line -> line.length() <= 80), file);
    }

    @Test
    void jsonSaysWhoSaidWhatWhenHowSurelyAndWhatWasRemoved() throws IOException {
        call();
        JsonNode json = Json.mapper().readTree(written(TranscriptFile.JSON));
        JsonNode line = json.path("utterances").path(1);
        assertEquals("c1", json.path("callId").asText());
        assertEquals("Bob", line.path("participant").asText());
        assertEquals("c1-p2", line.path("streamId").asText());
        assertEquals(0, line.path("generation").asLong());
        assertEquals("test-model", line.path("model").asText());
        assertEquals("card [card number]", line.path("text").asText());
        assertEquals("My card is [card number].", line.path("display").asText());
        assertEquals(4_000_500, line.path("words").path(1).path("startMs").asLong());
        assertEquals(0.9, line.path("words").path(1).path("confidence").asDouble());
        JsonNode removed = json.path("redactions");
        assertEquals(1, removed.size());
        assertEquals("CARD_NUMBER", removed.path(0).path("kind").asText());
        assertEquals(4_000_500, removed.path(0).path("startMs").asLong());
        assertEquals(4_000_900, removed.path(0).path("endMs").asLong());
    }

    @Test
    void anUnknownFormatIsRefused() {
        HansardException e = assertThrows(HansardException.class, () -> TranscriptFile.named("pdf"));
        assertEquals(ErrorCode.BAD_REQUEST, e.code());
        assertTrue(String.valueOf(e.getMessage()).contains("vtt, txt or json"));
    }

    @Test
    void whatHasNoWordsIsSaidInEveryFormat() {
        say("u1", "p1", 1, "Hello.", List.of(word("hello", 1_000)));
        desk.artifact(new Artifact.TrackStored(
                Desk.TENANT,
                "c1",
                desk.now,
                Desk.stream("c1", "p2"),
                0,
                new StreamAccount(10, 10, Map.of(), 0, 10, 0),
                Desk.START,
                20_000_000,
                0,
                new Artifact.StoredObject("default/c1/c1-p2.webm", "0", 1, "audio/webm")));
        desk.artifact(new Artifact.TranscriptStored(
                Desk.TENANT,
                "c1",
                desk.now,
                "c1-p2",
                0,
                0,
                new Artifact.StoredObject("k", "s", 1, "x"),
                List.of(),
                List.of(new Unheard(
                        Desk.START + 5_000_000, Desk.START + 12_300_000, "no model for fr; audio kept --> later"))));

        String sentence = "No words of Bob from 00:00:05 to 00:00:12: no model for fr; audio kept ";
        assertTrue(written(TranscriptFile.TXT).endsWith("\n" + sentence + "--> later\n"));
        assertTrue(written(TranscriptFile.VTT).endsWith("\n\nNOTE " + sentence + "→ later\n"));
        JsonNode without = Json.mapper()
                .valueToTree(Json.read(written(TranscriptFile.JSON).getBytes(UTF_8), JsonNode.class))
                .get("withoutWords")
                .get(0);
        assertEquals("p2", without.get("participantId").asText());
        assertEquals(5_000, without.get("startMs").asLong());
        assertEquals(12_300, without.get("endMs").asLong());
        CallRecord call = desk.recordings.call(Desk.OFFICER, "c1");
        assertEquals(
                List.of(new TrackView.WithoutWords(5_000, 12_300, "no model for fr; audio kept --> later")),
                TrackView.of(call).getFirst().withoutWords());
    }
}
