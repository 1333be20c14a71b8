package hansard.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A record's report: to a file for scripts, in a few lines for people. */
final class Reports {
    private Reports() {}

    static void write(@Nullable Path file, String json, Terminal terminal) {
        JsonNode report;
        try {
            report = Json.mapper().readTree(json);
            if (file != null) {
                Path parent = file.toAbsolutePath().getParent();
                if (parent != null) {
                    Files.createDirectories(parent);
                }
                Files.writeString(
                        file, Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(report) + "\n");
            }
        } catch (JsonProcessingException e) {
            throw new HansardException(ErrorCode.MALFORMED, "the report is not JSON", e);
        } catch (IOException e) {
            throw new HansardException(ErrorCode.BAD_REQUEST, "cannot write the report to " + file + ": " + e, e);
        }
        terminal.status("");
        summary(report, terminal);
    }

    private static void summary(JsonNode report, Terminal terminal) {
        terminal.line(terminal.styled(Terminal.Style.BOLD, "sealed") + "  received "
                + report.path("received").asLong()
                + " = framed " + report.path("framed").asLong() + " + rejected " + report.path("rejected")
                + " + paused " + report.path("paused").asLong() + " + in flight "
                + report.path("inFlight").asLong() + "; lost "
                + report.path("lost").asLong());
        JsonNode completeness = report.path("completeness");
        if (completeness.isObject()) {
            terminal.line("  " + completeness.path("verdict").path("verdict").asText());
            completeness.path("findings").forEach(f -> terminal.line("  note   " + f.asText()));
        }
        for (JsonNode t : report.path("tracks")) {
            String line = "  track  " + t.path("participant").asText() + " "
                    + t.path("kind").asText() + " "
                    + (t.path("content").asText().equals("screen") ? "of the screen " : "")
                    + t.path("codec").asText() + "  "
                    + Terminal.clock(t.path("durationMs").asLong()) + " from "
                    + t.path("startMs").asLong() + " ms, " + t.path("packets").asLong() + " packets, "
                    + t.path("lost").asLong() + " lost";
            terminal.line(
                    t.hasNonNull("reason") ? line + "  (" + t.path("reason").asText() + ")" : line);
            t.path("segments")
                    .forEach(s -> terminal.line("         " + s.path("codec").asText() + " from "
                            + s.path("startMs").asLong() + " ms, "
                            + Terminal.clock(s.path("durationMs").asLong())));
            if (t.hasNonNull("kept")) {
                terminal.line("         " + t.path("kept").asText());
            }
            if (t.hasNonNull("completeness")) {
                terminal.line(
                        "         " + t.path("completeness").path("verdict").asText());
            }
        }
        report.path("alarms")
                .forEach(a -> terminal.line(terminal.styled(
                        Terminal.Style.RED,
                        "  alarm  "
                                + (a.isTextual()
                                        ? a.asText()
                                        : a.path("message").asText(a.toString())))));
    }
}
