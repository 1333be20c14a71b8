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
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With the real model, in its process. */
class StretchTranscriberTest {
    private static final long T0 = 1_700_000_000_000_000L;

    private static Recognisers recognisers;

    @BeforeAll
    static void load() {
        recognisers = new Recognisers("test", () -> RecogniserProcess.start(TestStage.MODEL, 2));
    }

    @AfterAll
    static void unload() {
        recognisers.close();
    }

    private static String text(List<Spoken> spoken) {
        return spoken.stream()
                .filter(s -> !s.partial())
                .map(s -> s.text().text())
                .collect(Collectors.joining(" "));
    }

    private static List<Spoken> heard(Listening listening, List<Pcm> pieces) {
        List<Spoken> known = new ArrayList<>();
        StretchTranscriber stretch =
                new StretchTranscriber("s1", pieces.getFirst().startMicros(), listening, true);
        pieces.forEach(piece -> known.addAll(stretch.hear(piece, true)));
        known.addAll(stretch.finish(true));
        return known;
    }

    private static List<Spoken> heard(List<Pcm> pieces) {
        try (Listening listening = recognisers.listen()) {
            return heard(listening, pieces);
        }
    }

    private static List<Spoken> finals(List<Spoken> known) {
        return known.stream().filter(s -> !s.partial()).toList();
    }

    @Test
    void whatWasHeardBeforeChangesNothingInAStretch() {
        List<Spoken> fresh = heard(Clip.pieces(T0, 200));
        try (Listening listening = recognisers.listen()) {
            heard(listening, Clip.pieces(T0 + 5_000_000, 100));
            heard(listening, List.of(new Pcm(T0 + 90_000_000, new byte[96_000])));
            assertEquals(fresh, heard(listening, Clip.pieces(T0, 200)));
        }
    }

    @Test
    void wordsHaveTrueTimesInALaterStretchOfTheSameRecogniser() {
        long offset = Clip.DURATION_MICROS + 10_000_000;
        try (Listening listening = recognisers.listen()) {
            List<Utterance.Word> first = words(heard(listening, Clip.pieces(T0, 200)));
            List<Utterance.Word> second = words(heard(listening, Clip.pieces(T0 + offset, 200)));
            assertEquals(WordErrorRate.words(Clip.WORDS).size(), first.size());
            for (int i = 0; i < first.size(); i++) {
                assertEquals(first.get(i).word(), second.get(i).word());
                assertEquals(first.get(i).startMicros() + offset, second.get(i).startMicros(), 10_000);
                assertEquals(first.get(i).endMicros() + offset, second.get(i).endMicros(), 10_000);
            }
            assertTrue(first.getFirst().startMicros() >= T0);
            assertTrue(second.getLast().endMicros() <= T0 + offset + Clip.DURATION_MICROS);
        }
    }

    /** Sounds that are let through because they may be speech. */
    @ParameterizedTest
    @ValueSource(strings = {"white", "knocks", "chord", "busy tone"})
    void noWordIsMadeOfWhatIsNoSpeech(String what) {
        Random random = new Random(7);
        byte[] pcm = new byte[2 * 6 * 16_000];
        for (int n = 0; n < pcm.length / 2; n++) {
            double t = n / 16_000.0;
            double sound =
                    switch (what) {
                        case "white" -> 0.05 * random.nextGaussian();
                        case "knocks" -> t % 1.5 < 0.25 ? 0.3 * Math.exp(-12 * (t % 1.5)) * random.nextGaussian() : 0;
                        case "chord" -> 0.2 * (tone(440, t) + tone(554, t) + tone(659, t));
                        default -> t % 1 < 0.5 ? 0.5 * tone(425, t) : 0;
                    };
            short sample = (short) (32_767 * Math.clamp(sound, -1, 1));
            pcm[2 * n] = (byte) sample;
            pcm[2 * n + 1] = (byte) (sample >> 8);
        }
        List<Spoken> known = heard(Clip.pieces(pcm, T0, 160));
        assertEquals("", text(known));
        // what was shown while it was heard is taken back
        assertTrue(known.isEmpty() || known.getLast().text().text().isEmpty());
    }

    private static double tone(double hertz, double t) {
        return Math.sin(2 * Math.PI * hertz * t);
    }

    @Test
    void shortAnswersAreKeptAndOnlyWhatSaysNothingAndIsUnsureIsNot() {
        assertFalse(one("yes", 0.4).isInvented());
        assertFalse(one("no", 0.3).isInvented());
        assertFalse(one("huh", 0.9).isInvented());
        assertTrue(one("huh", 0.54).isInvented());
        Hypothesis.Word the = new Hypothesis.Word("the", 0, 1_000, 0.4);
        assertFalse(new Hypothesis("the the", List.of(the, the)).isInvented());
    }

    private static Hypothesis one(String word, double confidence) {
        return new Hypothesis(word, List.of(new Hypothesis.Word(word, 0, 1_000, confidence)));
    }

    /** As a microphone that is turned up by 24 dB gives it: two words of three and more are still there. */
    @Test
    void clippedSpeechHasWords() {
        byte[] pcm = Clip.pcm();
        for (int i = 0; i < pcm.length; i += 2) {
            int sample = (short) (pcm[i] & 0xff | pcm[i + 1] << 8);
            short clipped = (short) Math.clamp(16L * sample, Short.MIN_VALUE, Short.MAX_VALUE);
            pcm[i] = (byte) clipped;
            pcm[i + 1] = (byte) (clipped >> 8);
        }
        String text = text(heard(Clip.pieces(pcm, T0, 160)));
        WordErrorRate rate = WordErrorRate.of(Clip.WORDS, text);
        assertTrue(rate.errors() <= rate.words() / 3, rate + ": " + text);
    }

    private static List<Utterance.Word> words(List<Spoken> known) {
        return finals(known).stream().flatMap(s -> s.text().words().stream()).toList();
    }

    @Test
    void werNoWorseThanVoskCalledDirectly() {
        byte[] pcm = Clip.pcm();
        StringBuilder direct = new StringBuilder();
        try (SpeechModel model = SpeechModel.open(TestStage.MODEL);
                Recogniser recogniser = model.recogniser()) {
            if (recogniser.accept(pcm)) {
                direct.append(Hypothesis.ofResult(recogniser.result(), 0).text())
                        .append(' ');
            }
            direct.append(Hypothesis.ofResult(recogniser.finish(), 0).text());
        }
        assertEquals(direct.toString(), text(heard(List.of(new Pcm(T0, pcm)))));
        assertTrue(
                WordErrorRate.of(Clip.WORDS, text(heard(Clip.pieces(T0, 200)))).errors()
                        <= WordErrorRate.of(Clip.WORDS, direct.toString()).errors());
    }

    @Test
    void aMissingPieceIsSilenceAndMovesNoWord() {
        List<Utterance.Word> whole = words(heard(Clip.pieces(T0, 100)));
        List<Pcm> pieces = new ArrayList<>(Clip.pieces(T0, 100));
        pieces.remove(20);

        List<Spoken> heard = heard(pieces);

        assertEquals(1, finals(heard).size());
        assertEquals(whole.getLast().endMicros(), words(heard).getLast().endMicros(), 100_000);
    }

    @Test
    void aPieceOfAnotherTimeIsRefusedAndNotHeard() {
        try (Listening listening = recognisers.listen()) {
            StretchTranscriber stretch = new StretchTranscriber("s1", T0, listening, false);
            stretch.hear(new Pcm(T0, new byte[3_200]), true);
            for (long start : List.of(T0, T0 - 5_000_000, T0 + 3_600_000_000L)) {
                assertEquals(
                        ErrorCode.MALFORMED,
                        assertThrows(HansardException.class, () -> stretch.hear(new Pcm(start, new byte[3_200]), true))
                                .code());
            }
            stretch.hear(new Pcm(T0 + 100_000, new byte[3_200]), true);
        }
    }

    @Test
    void partialsCarryTheIdOfTheFinal() {
        List<Spoken> known = heard(Clip.pieces(T0, 100));
        List<Spoken> partials = known.stream().filter(Spoken::partial).toList();
        assertEquals(1, finals(known).size());
        assertTrue(partials.size() >= 5, partials.size() + " partials");
        assertTrue(partials.size() <= Clip.DURATION_MICROS / 150_000 + 1, partials.size() + " partials");
        assertFalse(known.getLast().partial());
        known.forEach(s -> assertEquals("s1-" + T0 + "-0", s.utteranceId()));
        known.forEach(s -> assertTrue(s.startMicros() >= T0 && s.endMicros() <= T0 + Clip.DURATION_MICROS));
    }

    @Test
    void silenceIsNoUtterance() {
        assertEquals(List.of(), heard(List.of(new Pcm(T0, new byte[96_000]))));
    }

    @Test
    void aStretchThatIsLeftInTheMiddleIsNotInTheNext() {
        List<Spoken> fresh = heard(Clip.pieces(T0, 200));
        try (Listening listening = recognisers.listen()) {
            StretchTranscriber left = new StretchTranscriber("s1", T0, listening, false);
            Clip.pieces(T0, 200).subList(0, 10).forEach(piece -> left.hear(piece, true));
        }
        assertEquals(fresh, heard(Clip.pieces(T0, 200)));
    }

    @Test
    void misuseNeverReachesTheNativeSide() throws InterruptedException {
        Octets sealed = Octets.of(new byte[0]);
        assertMalformed(new SpeechRecord.Speech(T0, 0, sealed), 0);
        assertMalformed(new SpeechRecord.Speech(T0, -1, sealed), 2);
        assertMalformed(new SpeechRecord.Speech(T0, 2, sealed), 3);
        assertMalformed(new SpeechRecord.Speech(T0, Integer.MAX_VALUE, sealed), 8);
        assertMalformed(new SpeechRecord.Speech(-1, 1, sealed), 2);

        try (SpeechModel model = SpeechModel.open(TestStage.MODEL)) {
            Recogniser recogniser = model.recogniser();
            Thread other =
                    Thread.ofPlatform().start(() -> assertThrows(IllegalStateException.class, recogniser::finish));
            other.join();
            assertThrows(IllegalArgumentException.class, () -> recogniser.accept(new byte[0]));
            assertThrows(IllegalArgumentException.class, () -> recogniser.accept(new byte[3]));
            recogniser.close();
            recogniser.close();
            assertThrows(IllegalStateException.class, () -> recogniser.accept(new byte[2]));
        }
    }

    private static void assertMalformed(SpeechRecord.Speech speech, int bytes) {
        HansardException e = assertThrows(HansardException.class, () -> Pcm.of(speech, new byte[bytes]));
        assertEquals(ErrorCode.MALFORMED, e.code());
    }

    @Test
    void missingModelSaysWhereAndHow(@TempDir Path empty) {
        Path nowhere = empty.resolve("nowhere");
        HansardException e = assertThrows(HansardException.class, () -> RecogniserProcess.start(nowhere, 1));
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

    /** Vosk ends the process that reads such a model, which is a child of the stage. */
    @Test
    void aDamagedModelIsAnErrorThatSaysSo(@TempDir Path copy) throws IOException {
        try (var files = Files.walk(TestStage.MODEL)) {
            for (Path file : files.toList()) {
                Path to = copy.resolve(TestStage.MODEL.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(to);
                } else if (file.endsWith("am/final.mdl")) {
                    byte[] bytes = Files.readAllBytes(file);
                    Files.write(to, java.util.Arrays.copyOf(bytes, bytes.length / 2));
                } else {
                    Files.copy(file, to);
                }
            }
        }
        HansardException e = assertThrows(HansardException.class, () -> RecogniserProcess.start(copy, 1));
        assertEquals(ErrorCode.MODEL_MISSING, e.code());
        assertTrue(String.valueOf(e.getMessage()).contains(copy.toString()), e.getMessage());
    }

    @Test
    void aModelForTelephoneSpeechIsRefusedInsteadOfHearingNothing(@TempDir Path copy) throws IOException {
        Files.createDirectories(copy.resolve("conf"));
        Files.createDirectories(copy.resolve("graph"));
        Files.createDirectories(copy.resolve("am"));
        Files.createFile(copy.resolve("am/final.mdl"));
        Files.writeString(copy.resolve("conf/model.conf"), "");
        Files.writeString(copy.resolve("conf/mfcc.conf"), "--sample-frequency=8000\n");
        HansardException e = assertThrows(HansardException.class, () -> RecogniserProcess.start(copy, 1));
        assertEquals(ErrorCode.BAD_CONFIGURATION, e.code());
    }
}
