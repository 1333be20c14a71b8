package hansard.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Checks that a recording is what was signed. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description =
                "Checks a recording: that its signature holds and is the organisation's, that every object is as it was"
                        + " signed, and that its completeness adds up. Ends with 1 when anything is wrong.",
        footerHeading = "%nExample:%n",
        footer = "  hansard verify CALL --data data/demo")
final class VerifyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "CALL", description = "The call's id.")
    String callId = "";

    @Option(names = "--json", description = "The API's answer, for scripts.")
    boolean json;

    @Option(names = "--data", paramLabel = "DIR", description = "Where the recordings are kept. Default: ./data")
    Path data = Path.of("data");

    @Option(names = "--api", paramLabel = "URL", description = "A running instance.")
    @Nullable
    String api;

    @Override
    public Integer call() {
        Terminal progress = new Terminal(System.err);
        if (api == null) {
            Connection.mustExist(data);
        }
        try (Connection connection = api != null
                ? Connection.to(api, "")
                : Connection.on(data, "", Map.of(), new Halt(), stage -> progress.status("starting " + stage + " …"))) {
            progress.status("");
            JsonNode finding = connection.api().get("/v1/recordings/" + callId + "/verification");
            if (json) {
                System.out.println(finding.toPrettyString());
            } else {
                print(finding, new Terminal(System.out));
            }
            return finding.path("holds").asBoolean() ? 0 : 1;
        }
    }

    private static void print(JsonNode finding, Terminal terminal) {
        boolean holds = finding.path("holds").asBoolean();
        terminal.line(terminal.styled(
                holds ? Terminal.Style.BOLD : Terminal.Style.RED,
                holds
                        ? "the recording is as it was signed"
                        : "the recording is not as it was signed, or cannot be proven"));
        if (!finding.path("signedBy").asText().isEmpty()) {
            terminal.line("  signed by " + finding.path("signedBy").asText() + " at "
                    + finding.path("signedAt").asText());
        }
        finding.path("checked").forEach(c -> terminal.line("  right  " + c.asText()));
        finding.path("problems")
                .forEach(p -> terminal.line(terminal.styled(Terminal.Style.RED, "  wrong  " + p.asText())));
    }
}
