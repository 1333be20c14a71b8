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
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The kept pictures against those that another receiver of the same SRTP decodes. */
@ExtendWith(RecordedCaptures.Shared.class)
class VideoTruthTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"opus-vp8-80", "opus-h264-80"})
    void keptPicturesAreThoseThatAnotherReceiverDecodes(String name, RecordedCaptures recorded) throws Exception {
        Captures.Capture capture = Captures.load(name);
        List<JsonNode> tracks = recorded.tracks(name);
        List<Callable<Integer>> comparisons = new ArrayList<>();
        for (int i = 0; i < tracks.size(); i++) {
            JsonNode stream = capture.sidecar().path("streams").get(i);
            if (stream.path("kind").asText().equals("video")) {
                Path kept = recorded.file(name, tracks.get(i).path("trackId").asText(), directory);
                comparisons.add(() -> compare(capture, stream, kept));
            }
        }
        assertEquals(2, comparisons.size());
        try (ExecutorService both = Executors.newFixedThreadPool(2)) { // each waits some seconds for its stream's end
            for (Future<Integer> pictures : both.invokeAll(comparisons)) {
                assertTrue(pictures.get() > 300, pictures.get() + " pictures of 34 s at 10 a second");
            }
        }
    }

    /** How many pictures they are. */
    private int compare(Captures.Capture capture, JsonNode stream, Path kept) throws IOException, InterruptedException {
        List<String> theirs = Ffmpeg.hashes(new String(
                SecondReceiver.receive(Ffmpeg.program(), capture, stream, directory, Ffmpeg.hashArguments()),
                StandardCharsets.US_ASCII));
        assertEquals(theirs, Ffmpeg.pictureHashes(kept), kept::toString);
        return theirs.size();
    }
}
