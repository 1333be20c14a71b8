package hansard.transcribe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The model that the build prepared, beside the one it was made of. */
class PreparedModelTest {
    private static final Path PUBLISHED = Path.of("target", "fetched", TranscribeConfig.DEFAULT_MODEL);

    @TempDir
    Path directory;

    @Test
    void hearsTheSameWordsAtTheSameTimesWithTheSameConfidence() {
        byte[] pcm = Clip.pcm();
        try (SpeechModel published = SpeechModel.open(PUBLISHED);
                SpeechModel prepared = SpeechModel.open(TestStage.MODEL);
                Recogniser asPublished = published.recogniser();
                Recogniser asPrepared = prepared.recogniser()) {
            for (int from : List.of(0, 3_200, 48_000, 7_680)) {
                byte[] heard = Arrays.copyOfRange(pcm, from, pcm.length);
                assertEquals(all(asPublished, heard), all(asPrepared, heard), "from byte " + from);
            }
        }
    }

    /** Every answer in Vosk's own words. */
    private static String all(Recogniser recogniser, byte[] pcm) {
        StringBuilder answers = new StringBuilder();
        for (int at = 0; at < pcm.length; at += 5_120) {
            boolean over = recogniser.accept(Arrays.copyOfRange(pcm, at, Math.min(pcm.length, at + 5_120)));
            answers.append(over ? recogniser.result() : recogniser.partial());
        }
        return answers.append(recogniser.finish()).toString();
    }

    @Test
    void whatIsThereAlreadyIsLeftAndItsDigestTold() throws IOException {
        assertTrue(Files.exists(TestStage.MODEL.resolve("graph/HCLG.fst")), "the build prepared it");
        var before = Files.getLastModifiedTime(TestStage.MODEL.resolve("graph/HCLG.fst"));
        String digest = PreparedModel.make(PUBLISHED, TestStage.MODEL, PreferredWords.NONE, taken -> {})
                .sha256();
        assertEquals(ModelDigest.of(TestStage.MODEL), digest);
        assertEquals(before, Files.getLastModifiedTime(TestStage.MODEL.resolve("graph/HCLG.fst")));
    }

    @Test
    void anotherDirectoryIsNotOverwritten() throws IOException {
        Files.writeString(directory.resolve("mine"), "kept");
        refused(ErrorCode.BAD_CONFIGURATION, "is there already", PUBLISHED, directory);
        assertEquals("kept", Files.readString(directory.resolve("mine")));
    }

    @Test
    void aModelThatIsLaidOutAlreadyIsSaidToBe() {
        refused(ErrorCode.BAD_CONFIGURATION, "use the model as it is", TestStage.MODEL, directory.resolve("to"));
    }

    @Test
    void aModelIsNotCopiedIntoItself() {
        refused(ErrorCode.BAD_CONFIGURATION, "name a directory beside it", PUBLISHED, PUBLISHED.resolve("prepared"));
    }

    @Test
    void aModelWithoutItsPartsIsSaidToLackThem() throws IOException {
        Path from = copyWith("Gr.fst", 0);
        Files.delete(from.resolve("graph/Gr.fst"));
        refused(ErrorCode.MODEL_MISSING, "holds no graph/Gr.fst", from, directory.resolve("to"));
    }

    /** The native library ends its process, or says that it cannot read; either way nothing is left behind. */
    @Test
    void aGraphThatIsCutShortIsAnErrorAndLeavesNothing() throws IOException {
        for (String part : List.of("Gr.fst", "HCLr.fst")) {
            Path from = copyWith(part, 100_000);
            Path to = directory.resolve("made/to");
            refused(ErrorCode.INTERNAL, "could not be laid out", from, to);
            assertFalse(Files.exists(to));
            try (Stream<Path> left = Files.list(to.getParent())) {
                assertEquals(List.of(), left.toList());
            }
        }
    }

    /** The build goes on where Vosk's library lacks what it takes, with the model as it is published. */
    @Test
    void theBuildTakesAModelThatCannotBePreparedAsItIs() throws IOException {
        Path from = copyWith("Gr.fst", 100_000);
        Path to = Files.createDirectory(directory.resolve("built"));
        Files.writeString(to.resolve("uuid"), "of a build from before models were prepared");
        String[] arguments = {from.toString(), to.toString()};
        PreparedModel.main(arguments);
        Path note = to.resolve("not-prepared.txt");
        assertTrue(Files.readString(note).contains("could not be laid out"), Files.readString(note));

        PreparedModel.main(arguments); // does not try again, or it would find the directory there
        Files.delete(note);
        assertEquals(ModelDigest.of(from), ModelDigest.of(to));
    }

    private static void refused(ErrorCode code, String said, Path from, Path to) {
        HansardException e = assertThrows(
                HansardException.class, () -> PreparedModel.make(from, to, PreferredWords.NONE, taken -> {}));
        assertEquals(code, e.code(), e.getMessage());
        assertTrue(String.valueOf(e.getMessage()).contains(said), e.getMessage());
    }

    /** A copy of the published model, of which one part of the graph is cut. */
    private Path copyWith(String part, int bytes) throws IOException {
        Path copy = directory.resolve("from-" + part);
        try (Stream<Path> tree = Files.walk(PUBLISHED)) {
            for (Path file : tree.toList()) {
                Path to = copy.resolve(PUBLISHED.relativize(file).toString());
                if (file.endsWith("graph/" + part)) {
                    Files.write(to, Arrays.copyOf(Files.readAllBytes(file), bytes));
                } else {
                    Files.copy(file, to);
                }
            }
        }
        return copy;
    }
}
