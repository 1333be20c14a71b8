package hansard.transcribe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.testkit.WordErrorRate;
import hansard.wire.Octets;
import hansard.wire.SpeechRecord;
import hansard.wire.Utterance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the real model. */
class TrackTranscriberTest {
    private static final long T0 = 1_700_000_000_000_000L;

    private static SpeechModel model;

    @BeforeAll
    static void load() {
        model = SpeechModel.open(TestStage.MODEL);
    }

    @AfterAll
    static void unload() {
        model.close();
    }

    private static String text(List<Spoken> spoken) {
        return spoken.stream().map(s -> s.text().text()).collect(Collectors.joining(" "));
    }

    private static List<Spoken> transcript(List<Pcm> stretches) {
        try (TrackTranscriber track = new TrackTranscriber("s1", model::recogniser)) {
            stretches.forEach(stretch -> track.hear(stretch, stretch.startMicros()));
            track.finish();
            return track.finals();
        }
    }

    @Test
    void wordsHaveTrueTimesAfterAGap() {
        long offset = Clip.DURATION_MICROS + 10_000_000;
        List<Pcm> twice = new ArrayList<>(Clip.stretches(T0, 200));
        twice.addAll(Clip.stretches(T0 + offset, 200));

        List<Spoken> heard = transcript(twice);

        List<Utterance.Word> words =
                heard.stream().flatMap(s -> s.text().words().stream()).toList();
        int half = words.size() / 2;
        assertEquals(WordErrorRate.words(Clip.WORDS).size(), half);
        for (int i = 0; i < half; i++) {
            assertEquals(words.get(i).word(), words.get(half + i).word());
            assertEquals(
                    words.get(i).startMicros() + offset, words.get(half + i).startMicros(), 50_000);
            assertEquals(words.get(i).endMicros() + offset, words.get(half + i).endMicros(), 50_000);
        }
        assertTrue(words.getFirst().startMicros() >= T0);
        assertTrue(words.getLast().endMicros() <= T0 + offset + Clip.DURATION_MICROS);
    }

    @Test
    void theSameSpeechGivesTheSameUtterances() {
        assertEquals(transcript(Clip.stretches(T0, 200)), transcript(Clip.stretches(T0, 200)));
    }

    @Test
    void werNoWorseThanVoskCalledDirectly() {
        byte[] pcm = Clip.pcm();
        String direct;
        try (Recogniser recogniser = model.recogniser()) {
            String first = recogniser.accept(pcm) ? recogniser.result().text() : "";
            direct = (first + " " + recogniser.finish().text()).strip();
        }
        String inOnePiece = text(transcript(List.of(new Pcm(T0, pcm))));
        String inStretches = text(transcript(Clip.stretches(T0, 200)));

        assertEquals(direct, inOnePiece);
        assertTrue(WordErrorRate.of(Clip.WORDS, inStretches).errors()
                <= WordErrorRate.of(Clip.WORDS, direct).errors());
    }

    @Test
    void aShortLossDoesNotTearTheSentenceApart() {
        List<Pcm> stretches = new ArrayList<>(Clip.stretches(T0, 100));
        stretches.remove(20);

        List<Spoken> heard = transcript(stretches);

        assertEquals(1, heard.size());
        assertEquals(T0 + Clip.DURATION_MICROS, heard.getLast().endMicros(), 1_000_000);
    }

    @Test
    void partialsCarryTheIdOfTheFinal() {
        List<Spoken> known = new ArrayList<>();
        try (TrackTranscriber track = new TrackTranscriber("s1", model::recogniser)) {
            for (Pcm stretch : Clip.stretches(T0, 100)) {
                known.addAll(track.hear(stretch, stretch.startMicros()));
            }
            known.addAll(track.finish());
            assertEquals(1, track.finals().size());
        }
        List<Spoken> partials = known.stream().filter(Spoken::partial).toList();
        assertTrue(partials.size() >= 5, partials.size() + " partials");
        assertTrue(partials.size() <= Clip.DURATION_MICROS / 300_000 + 1, partials.size() + " partials");
        assertFalse(known.getLast().partial());
        known.forEach(s -> assertEquals("s1-000000", s.utteranceId()));
        known.forEach(s -> assertTrue(s.startMicros() >= T0 && s.endMicros() <= T0 + Clip.DURATION_MICROS));
    }

    @Test
    void silenceIsNoUtterance() {
        assertEquals(List.of(), transcript(List.of(new Pcm(T0, new byte[96_000]))));
    }

    @Test
    void misuseNeverReachesTheNativeSide() throws InterruptedException {
        Octets sealed = Octets.of(new byte[0]);
        assertMalformed(new SpeechRecord.Speech(T0, 0, sealed), 0);
        assertMalformed(new SpeechRecord.Speech(T0, -1, sealed), 2);
        assertMalformed(new SpeechRecord.Speech(T0, 2, sealed), 3);
        assertMalformed(new SpeechRecord.Speech(T0, Integer.MAX_VALUE, sealed), 8);
        assertMalformed(new SpeechRecord.Speech(-1, 1, sealed), 2);

        Recogniser recogniser = model.recogniser();
        Thread other = Thread.ofPlatform().start(() -> assertThrows(IllegalStateException.class, recogniser::finish));
        other.join();
        recogniser.close();
        recogniser.close();
        assertThrows(IllegalStateException.class, () -> recogniser.accept(new byte[2]));
    }

    private static void assertMalformed(SpeechRecord.Speech speech, int bytes) {
        HansardException e = assertThrows(HansardException.class, () -> Pcm.of(speech, new byte[bytes]));
        assertEquals(ErrorCode.MALFORMED, e.code());
    }

    @Test
    void missingModelSaysWhereAndHow(@TempDir Path empty) {
        Path nowhere = empty.resolve("nowhere");
        HansardException e = assertThrows(HansardException.class, () -> SpeechModel.open(nowhere));
        assertEquals(ErrorCode.MODEL_MISSING, e.code());
        String message = String.valueOf(e.getMessage());
        for (String said : List.of(
                nowhere.toString(),
                "transcribe.model.path",
                "com.alphacephei:vosk-model-en:0.3.45",
                "assets/model-en-us")) {
            assertTrue(message.contains(said), message);
        }
        assertEquals(
                ErrorCode.MODEL_MISSING,
                assertThrows(HansardException.class, () -> SpeechModel.open(empty))
                        .code());
    }

    @Test
    void aModelForTelephoneSpeechIsRefusedInsteadOfHearingNothing(@TempDir Path copy) throws IOException {
        Files.createDirectories(copy.resolve("conf"));
        Files.createDirectories(copy.resolve("graph"));
        Files.createDirectories(copy.resolve("am"));
        Files.createFile(copy.resolve("am/final.mdl"));
        Files.writeString(copy.resolve("conf/model.conf"), "");
        Files.writeString(copy.resolve("conf/mfcc.conf"), "--sample-frequency=8000\n");
        HansardException e = assertThrows(HansardException.class, () -> SpeechModel.open(copy));
        assertEquals(ErrorCode.BAD_CONFIGURATION, e.code());
    }
}
