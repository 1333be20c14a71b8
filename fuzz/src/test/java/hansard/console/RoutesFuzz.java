package hansard.console;

import static hansard.fuzz.Promises.hold;
import static hansard.fuzz.Promises.readOrRefused;

import hansard.fuzz.FuzzTarget;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Settings;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Whatever a request's target is, it is answered by the stage that has its first segment, at that stage's address. */
public final class RoutesFuzz implements FuzzTarget {
    private static final Routes ROUTES = Routes.of(ConsoleConfig.from(Settings.of(Map.of(
            "console.ingest-url", "http://127.0.0.1:7081",
            "console.index-url", "http://127.0.0.1:7082",
            "console.retention-url", "http://127.0.0.1:7083"))));

    @Override
    public List<byte[]> seeds() {
        return List.of(
                bytes("/v1/calls/c1/streams"),
                bytes("/v1/recordings/c%2f1/media/mix"),
                bytes("@example.org/v1/calls"),
                bytes("/v1/calls/../session"),
                bytes("/v1/calls/%2e%2e/session?q=1"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void run(byte[] input) {
        String path = new String(input, StandardCharsets.ISO_8859_1);
        Routes.Stage stage = readOrRefused(() -> stageFor(path));
        if (stage == null) {
            return;
        }
        URI target = readOrRefused(() -> FrontDoor.target(stage, path));
        if (target != null) {
            hold(
                    stage.address().getRawAuthority().equals(target.getRawAuthority()),
                    "the request goes to another host");
            hold(target.normalize().getRawPath().startsWith("/v1/"), "the path climbs out of the API");
            hold(target.normalize().getPath().equals(target.getPath()), "the path is another one when it is resolved");
        }
    }

    /** That nothing answers there is the sender's fault too. */
    private static Routes.Stage stageFor(String path) {
        try {
            return ROUTES.stageFor(path);
        } catch (HansardException e) {
            throw e.code() == ErrorCode.NOT_FOUND ? new HansardException(ErrorCode.BAD_REQUEST, "nothing there") : e;
        }
    }
}
