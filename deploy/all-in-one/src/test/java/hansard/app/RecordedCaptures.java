package hansard.app;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.testkit.Captures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * One all-in-one for all tests that look at records of whole captures, started by the first that asks; each capture is played into it
 * once. Who alters a record plays one of its own; who needs settings of its own starts another.
 */
final class RecordedCaptures implements AutoCloseable {
    private final Path directory;
    private final AllInOne all;
    private final ApiClient api;
    private final Map<String, JsonNode> reports = new HashMap<>();

    private RecordedCaptures() throws IOException {
        this.directory = Files.createTempDirectory("hansard-captures");
        this.all = Calls.start(directory, Map.of("transcode.composite.height", "360"));
        this.api = Calls.owner(all);
    }

    /** Gives it to tests that have it as a parameter. */
    static final class Shared implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == RecordedCaptures.class;
        }

        @Override
        public RecordedCaptures resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot()
                    .getStore(ExtensionContext.Namespace.GLOBAL)
                    .getOrComputeIfAbsent(
                            RecordedCaptures.class,
                            type -> {
                                try {
                                    return new RecordedCaptures();
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            },
                            RecordedCaptures.class);
        }
    }

    ApiClient api() {
        return api;
    }

    /** Where the all-in-one keeps its data. */
    Path data() {
        return directory;
    }

    /** The report of a capture's record. */
    JsonNode report(String capture) {
        return reports.computeIfAbsent(capture, name -> {
            try {
                return Calls.play(api, name);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Where the API has a capture's record. */
    String recording(String capture) {
        return "/v1/recordings/" + report(capture).path("callId").asText();
    }

    /** The media of a track's id, the mix or the composite. */
    byte[] media(String capture, String part) {
        return api.bytes(recording(capture) + "/media/" + part);
    }

    /** What the record says of its composite, made when it is not there. */
    JsonNode composite(String capture) throws InterruptedException {
        api.post(recording(capture) + "/composite", Map.of());
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        JsonNode composite = api.get(recording(capture)).path("composite");
        while (!composite.path("state").asText().equals("ready")) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("no composite of " + capture + " in 120 s: " + composite);
            }
            Thread.sleep(100);
            composite = api.get(recording(capture)).path("composite");
        }
        return composite;
    }

    /** The same in a file, which the test that asked deletes with its directory. */
    Path file(String capture, String part, Path into) throws IOException {
        return Files.write(into.resolve(capture + "." + part + ".media"), media(capture, part));
    }

    /** The track of each of the sidecar's streams: the replay announced them in that order. */
    List<JsonNode> tracks(String capture) {
        List<JsonNode> tracks = report(capture).path("tracks").valueStream().toList();
        int streams = Captures.load(capture).sidecar().path("streams").size();
        if (tracks.size() != streams) {
            throw new AssertionError(tracks.size() + " tracks of " + streams + " streams");
        }
        return tracks;
    }

    @Override
    public void close() throws IOException {
        api.close();
        all.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
