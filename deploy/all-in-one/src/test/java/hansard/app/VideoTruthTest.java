package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.testkit.Captures;
import hansard.testkit.Ffmpeg;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bytedeco.javacpp.Loader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kept pictures against those that another receiver of the same SRTP decodes. */
@ExtendWith(RecordedCaptures.Shared.class)
class VideoTruthTest {
    @TempDir
    Path directory;

    /** Debian 12's ffmpeg 5.1 cannot unpack AV1; the program of the FFmpeg 8.1 that comes with JavaCV can, with code that Hansard does not call. */
    @ParameterizedTest
    @CsvSource({"opus-vp8-80, 2, 300", "opus-h264-80, 2, 300", "opus-av1-80, 1, 50"})
    void keptPicturesAreThoseThatAnotherReceiverDecodes(
            String name, int cameras, int leastPictures, RecordedCaptures recorded) throws Exception {
        Path receiver =
                name.equals("opus-av1-80") ? Path.of(Loader.load(org.bytedeco.ffmpeg.ffmpeg.class)) : Ffmpeg.program();
        Captures.Capture capture = Captures.load(name);
        List<JsonNode> tracks = recorded.tracks(name);
        List<Callable<Integer>> comparisons = new ArrayList<>();
        for (int i = 0; i < tracks.size(); i++) {
            JsonNode stream = capture.sidecar().path("streams").get(i);
            if (stream.path("kind").asText().equals("video")) {
                Path kept = recorded.file(name, tracks.get(i).path("trackId").asText(), directory);
                comparisons.add(() -> compare(receiver, capture, stream, kept));
            }
        }
        assertEquals(cameras, comparisons.size());
        try (ExecutorService both = Executors.newFixedThreadPool(2)) { // each waits some seconds for its stream's end
            for (Future<Integer> pictures : both.invokeAll(comparisons)) {
                assertTrue(pictures.get() > leastPictures, pictures.get() + " pictures");
            }
        }
    }

    /** How many pictures they are. */
    private int compare(Path receiver, Captures.Capture capture, JsonNode stream, Path kept)
            throws IOException, InterruptedException {
        List<String> theirs = Ffmpeg.hashes(new String(
                SecondReceiver.receive(receiver, capture, stream, directory, Ffmpeg.hashArguments()),
                StandardCharsets.US_ASCII));
        assertEquals(theirs, Ffmpeg.pictureHashes(kept), kept::toString);
        return theirs.size();
    }

    @Test
    void keptPicturesOfVp9AreThoseThatGstreamerReceives(RecordedCaptures recorded) throws Exception {
        String name = "opus-vp9-80";
        Captures.Capture capture = Captures.load(name);
        List<JsonNode> tracks = recorded.tracks(name);
        int camera = tracks.getFirst().path("kind").asText().equals("video") ? 0 : 1;
        JsonNode stream = capture.sidecar().path("streams").get(camera);
        Path kept = recorded.file(name, tracks.get(camera).path("trackId").asText(), directory);
        List<String> theirs = Ffmpeg.pictureHashes(SecondReceiver.receiveVp9(capture, stream, directory));
        assertTrue(theirs.size() > 50, theirs.size() + " pictures");
        assertEquals(theirs, Ffmpeg.pictureHashes(kept));
    }
}
