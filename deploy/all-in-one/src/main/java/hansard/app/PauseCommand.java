package hansard.app;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stops and starts the recording of a call that is going on. */
abstract class PauseCommand implements Callable<Integer> {
    @Parameters(paramLabel = "CALL", description = "The call's id.")
    String callId = "";

    @Option(
            names = "--by",
            paramLabel = "WHO",
            defaultValue = "",
            description = "On whose behalf; kept with the recording.")
    String by = "";

    @Option(
            names = "--participant",
            paramLabel = "ID",
            description = "Only this participant's streams; may be given again. Default: the whole call")
    List<String> participants = List.of();

    @Option(names = "--data", paramLabel = "DIR", description = "Of the instance that runs here. Default: ./data")
    Path data = Path.of("data");

    @Option(names = "--api", paramLabel = "URL", description = "The instance that records the call.")
    @Nullable
    String api;

    /** {@code hansard pause}. */
    @Command(
            name = "pause",
            mixinStandardHelpOptions = true,
            description =
                    "Pauses the recording of a call: nothing that arrives from here on is kept, not even as ciphertext.",
            footerHeading = "%nExample:%n",
            footer = "  hansard pause CALL --reason 'card number' --by anna")
    static final class Pause extends PauseCommand {
        @Option(names = "--reason", required = true, description = "Why; kept with the recording.")
        String reason = "";

        @Override
        public Integer call() {
            return send("pause", reason);
        }
    }

    /** {@code hansard resume}. */
    @Command(
            name = "resume",
            mixinStandardHelpOptions = true,
            description = "Goes on with the recording of a call that was paused.")
    static final class Resume extends PauseCommand {
        @Option(names = "--reason", defaultValue = "", description = "Why; kept in the audit.")
        String reason = "";

        @Override
        public Integer call() {
            return send("resume", reason);
        }
    }

    int send(String what, String reason) {
        String url = api;
        if (url == null) {
            url = RunningInstance.on(data)
                    .orElseThrow(() -> new HansardException(
                            ErrorCode.NOT_FOUND,
                            "nothing runs on " + data + ": give the instance that records the call with --api"))
                    .api();
        }
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("reason", reason);
        body.put("by", by);
        if (!participants.isEmpty()) {
            body.put("participants", participants);
        }
        try (Connection connection = Connection.to(url, "")) {
            String state = connection
                    .api()
                    .post("/v1/calls/" + callId + "/" + what, body)
                    .path("state")
                    .asText();
            new Terminal(System.out).line("call " + callId + " is " + state);
            return 0;
        }
    }
}
