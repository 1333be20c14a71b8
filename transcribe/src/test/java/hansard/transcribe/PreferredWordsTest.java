package hansard.transcribe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class PreferredWordsTest {
    private static final int ARCS = 3;

    @TempDir
    Path directory;

    /** Both are said alike; the grammar decides, and then the preference. */
    @Test
    void aPreferredWordIsHeardWhereTheModelWouldHearItsHomophone() {
        Path preferring = directory.resolve("preferring");
        PreferredWords words = new PreferredWords(List.of("Zzyzx", "maid"), 8);
        TranscribeService.Prepared made = PreparedModel.make(TestStage.MODEL, preferring, words, taken -> {});
        assertEquals(List.of("Zzyzx"), made.unknown(), "no pronunciation of it");

        assertTrue(Clip.WORDS.contains("been made still"));
        assertEquals(heard(TestStage.MODEL).replace("made", "maid"), heard(preferring));
        assertTrue(heard(preferring).contains("been maid still"), heard(preferring));

        assertEquals(made, PreparedModel.make(TestStage.MODEL, preferring, words, taken -> {}), "is there, and left");
        refused(
                ErrorCode.BAD_CONFIGURATION,
                "is not made of",
                () -> PreparedModel.make(
                        TestStage.MODEL, preferring, new PreferredWords(List.of("maid"), 7), taken -> {}));
    }

    private static String heard(Path directory) {
        try (SpeechModel model = SpeechModel.open(directory);
                Recogniser recogniser = model.recogniser()) {
            StringBuilder heard = new StringBuilder();
            if (recogniser.accept(Clip.pcm())) {
                heard.append(Hypothesis.ofResult(recogniser.result(), 0).text()).append(' ');
            }
            return heard.append(Hypothesis.ofResult(recogniser.finish(), 0).text())
                    .toString();
        }
    }

    @Test
    void onlyTheWeightsOfTheWordsChange() throws IOException {
        Path graph = graph(2, 5, 9, 5);
        Path table = Files.writeString(directory.resolve("words.txt"), "<eps>\t0\nmaid\t5\nmade 9\n");
        ByteBuffer expected = ByteBuffer.wrap(Files.readAllBytes(graph)).order(ByteOrder.LITTLE_ENDIAN);
        int first = expected.capacity() - ARCS * 16;
        expected.putFloat(first + 8, 0.25f - 1.5f).putFloat(first + 2 * 16 + 8, 2.25f - 1.5f);

        new PreferredWords(List.of("MAID", "nobody"), 1.5).into(graph, table);

        assertArrayEquals(expected.array(), Files.readAllBytes(graph));
    }

    @Test
    void aFileThatIsNoSuchGraphIsRefusedAndNotTouched() throws IOException {
        Path table = Files.writeString(directory.resolve("words.txt"), "maid\t5\n");
        PreferredWords words = new PreferredWords(List.of("maid"), 1);
        byte[] good = Files.readAllBytes(graph(2, 5));
        byte[] vector = good.clone();
        vector[8] = 'k';
        byte[] aligned = good.clone();
        aligned[32] = 4; // flags
        byte[] manyArcs = good.clone();
        manyArcs[59] = (byte) 0x7f;
        for (byte[] bad : List.of(
                vector,
                aligned,
                manyArcs,
                new byte[1],
                Arrays.copyOf(good, 30),
                Arrays.copyOf(good, good.length - 1))) {
            Path graph = Files.write(directory.resolve("bad.fst"), bad);
            refused(ErrorCode.MODEL_MISSING, "bad.fst is no graph", () -> words.into(graph, table));
            assertArrayEquals(bad, Files.readAllBytes(graph));
        }
        Path odd = Files.writeString(directory.resolve("odd.txt"), "maid\t5\nmaid five\n");
        refused(ErrorCode.MODEL_MISSING, "1 lines have no number, such as maid five", () -> words.unknown(odd));
    }

    @Test
    void aListIsLinesOfWordsAndRemarks() throws IOException {
        Path list = Files.writeString(
                directory.resolve("list"), "# of our products\n\n  northern energy\r\nTariff\nenergy\n");
        assertEquals(
                List.of("Tariff", "energy", "northern"),
                PreferredWords.read(list, 2).words());
    }

    @Test
    void aListThatCannotBeUsedSaysWhy() throws IOException {
        Path list = Files.writeString(directory.resolve("list"), "energy\n");
        for (double boost : new double[] {0, -1, 10.5, Double.NaN}) {
            refused(ErrorCode.BAD_CONFIGURATION, "not between 0 and 10", () -> PreferredWords.read(list, boost));
        }
        Path nowhere = directory.resolve("nowhere");
        refused(ErrorCode.BAD_CONFIGURATION, "cannot be read", () -> PreferredWords.read(nowhere, 2));
        Path remarks = Files.writeString(directory.resolve("remarks"), "# nothing\n \n");
        refused(ErrorCode.BAD_CONFIGURATION, "has no words", () -> PreferredWords.read(remarks, 2));
        Path latin = Files.write(directory.resolve("latin"), "Zürich".getBytes(StandardCharsets.ISO_8859_1));
        refused(ErrorCode.BAD_CONFIGURATION, "not UTF-8", () -> PreferredWords.read(latin, 2));
    }

    private static void refused(ErrorCode code, String said, Executable doing) {
        HansardException e = assertThrows(HansardException.class, doing);
        assertEquals(code, e.code(), e.getMessage());
        assertTrue(String.valueOf(e.getMessage()).contains(said), e.getMessage());
    }

    /** A graph as OpenFst writes it, with an arc for each word, which weigh 0.25, 1.25 and so on. */
    private Path graph(int states, int... words) throws IOException {
        ByteBuffer fst =
                ByteBuffer.allocate(65 + 20 * states + 16 * words.length).order(ByteOrder.LITTLE_ENDIAN);
        fst.putInt(2_125_659_606);
        for (String name : List.of("const", "standard")) {
            fst.putInt(name.length()).put(name.getBytes(StandardCharsets.US_ASCII));
        }
        fst.putInt(2).putInt(0).putLong(1).putLong(0).putLong(states).putLong(words.length);
        fst.position(fst.position() + 20 * states);
        for (int i = 0; i < words.length; i++) {
            fst.putInt(1).putInt(words[i]).putFloat(i + 0.25f).putInt(1);
        }
        assertEquals(0, fst.remaining());
        return Files.write(directory.resolve("graph.fst"), fst.array());
    }
}
