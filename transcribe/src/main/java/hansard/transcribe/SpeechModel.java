package hansard.transcribe;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.SpeechRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.vosk.LibVosk;
import org.vosk.LogLevel;
import org.vosk.Model;

/**
 * The acoustic and language model, shared by all recognisers (300 MB, or 150 when its graph is not laid out: {@link PreparedModel}). It is read without dither, the noise that Kaldi adds
 * to every frame: with it, the same speech recognised again after a crash gives other words, and other utterances.
 */
final class SpeechModel implements AutoCloseable {
    private static final List<String> NEEDED = List.of("am/final.mdl", "conf/mfcc.conf", "conf/model.conf", "graph");
    private static final String FEATURES = "mfcc.conf";

    private final Model vosk;

    private SpeechModel(Model vosk) {
        this.vosk = vosk;
    }

    /** @throws HansardException MODEL_MISSING, or BAD_CONFIGURATION for a model of another sample rate */
    static SpeechModel open(Path directory) {
        check(directory);
        Path where = directory.toAbsolutePath().normalize();
        LibVosk.setLogLevel(LogLevel.WARNINGS);
        Path undithered = null;
        try {
            undithered = Files.createTempDirectory("hansard-model-");
            linkWithoutDither(where, undithered);
            return new SpeechModel(new Model(undithered.toString()));
        } catch (IOException e) {
            throw new HansardException(
                    ErrorCode.MODEL_MISSING,
                    "the speech model in " + where + " cannot be loaded: " + e.getMessage()
                            + ". Unpack it again; it may be cut short, or for another version of Vosk.",
                    e);
        } finally {
            delete(undithered);
        }
    }

    /** Whether there seems to be a model. @throws HansardException MODEL_MISSING */
    static void check(Path directory) {
        Path where = directory.toAbsolutePath().normalize();
        for (String file : NEEDED) {
            if (!Files.exists(where.resolve(file))) {
                throw missing(where, Files.isDirectory(where) ? "it holds no " + file : "there is no such directory");
            }
        }
    }

    Recogniser recogniser() {
        return new Recogniser(vosk);
    }

    private static HansardException missing(Path where, String what) {
        return new HansardException(
                ErrorCode.MODEL_MISSING,
                "no Vosk speech model in " + where + ": " + what
                        + ". Set transcribe.model.path, or the path of the model below transcribe.models, to the directory that holds am/,"
                        + " conf/ and graph/. The build unpacks one to transcribe/target/models/"
                        + TranscribeConfig.DEFAULT_MODEL
                        + " (mvn -pl transcribe -am package); by hand, it is the folder assets/model-en-us of"
                        + " com.alphacephei:vosk-model-en:0.3.45 (type aar, a zip) on Maven Central.");
    }

    /** A directory of links to the model's, but for its feature settings. Needed only while the model is read. */
    private static void linkWithoutDither(Path model, Path target) throws IOException {
        for (Path entry : entries(model)) {
            if (!entry.endsWith("conf")) {
                Files.createSymbolicLink(target.resolve(entry.getFileName()), entry);
            }
        }
        Path conf = Files.createDirectory(target.resolve("conf"));
        for (Path entry : entries(model.resolve("conf"))) {
            if (!entry.endsWith(FEATURES)) {
                Files.createSymbolicLink(conf.resolve(entry.getFileName()), entry);
            }
        }
        Files.write(
                conf.resolve(FEATURES),
                featuresWithoutDither(model.resolve("conf").resolve(FEATURES)));
    }

    private static List<String> featuresWithoutDither(Path features) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(features));
        lines.removeIf(line -> line.startsWith("--dither"));
        lines.add("--dither=0");
        for (String line : lines) {
            // Vosk takes speech of another rate without an exception and hears nothing in it
            if (line.startsWith("--sample-frequency=") && !line.strip().endsWith("=" + SpeechRecord.SAMPLE_RATE)) {
                throw new HansardException(
                        ErrorCode.BAD_CONFIGURATION,
                        features + " says " + line.strip() + ": Hansard's speech has " + SpeechRecord.SAMPLE_RATE
                                + " samples a second. Set transcribe.model.path to a 16 kHz model.");
            }
        }
        return lines;
    }

    private static List<Path> entries(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }

    /** @throws HansardException DATA_DIRECTORY when something of it stays */
    static void delete(@Nullable Path directory) {
        if (directory == null) {
            return;
        }
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new HansardException(
                    ErrorCode.DATA_DIRECTORY, "cannot remove the temporary directory " + directory, e);
        }
    }

    /** Close the recognisers first. */
    @Override
    public void close() {
        vosk.close();
    }
}
