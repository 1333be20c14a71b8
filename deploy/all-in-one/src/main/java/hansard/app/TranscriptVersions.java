package hansard.app;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.app.Terminal.Style;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/** The versions of a recording's transcript: tells of them, and has another made. */
final class TranscriptVersions {
    private static final Duration PATIENCE = Duration.ofHours(12);

    private final ApiClient api;
    private final String callId;
    private final Terminal terminal;

    /** @param terminal where progress is shown */
    TranscriptVersions(ApiClient api, String callId, Terminal terminal) {
        this.api = api;
        this.callId = callId;
        this.terminal = terminal;
    }

    JsonNode all() {
        return api.get(path());
    }

    /** For people: a line for each. */
    String listed(JsonNode answer) {
        StringBuilder text = new StringBuilder();
        for (JsonNode v : answer.path("versions")) {
            String state = v.path("state").asText();
            Style style =
                    switch (state) {
                        case "current" -> Style.GREEN;
                        case "failed" -> Style.RED;
                        default -> Style.DIM;
                    };
            String model = v.path("model").asText().isEmpty()
                    ? "as it was heard at first"
                    : v.path("model").asText();
            text.append(String.format(
                    Locale.ROOT,
                    "%3d  %s  %s",
                    v.path("version").asInt(),
                    terminal.styled(style, String.format(Locale.ROOT, "%-7s", state)),
                    model));
            if (!v.path("by").asText().isEmpty()) {
                text.append("  ordered by ")
                        .append(v.path("by").asText())
                        .append(": ")
                        .append(v.path("reason").asText());
            }
            if (v.hasNonNull("why")) {
                text.append("  (").append(v.path("why").asText()).append(')');
            }
            text.append(System.lineSeparator());
        }
        return text.toString().stripTrailing();
    }

    /** @return the number of the version that is being made */
    int order(String model, String reason) {
        return api.post(path(), Map.of("model", model, "reason", reason))
                .path("version")
                .asInt();
    }

    /**
     * Waits until a version is there.
     *
     * @throws HansardException CONFLICT with the reason when it could not be made
     */
    void await(int version) throws InterruptedException {
        long started = System.nanoTime();
        while (System.nanoTime() - started < PATIENCE.toNanos()) {
            for (JsonNode v : all().path("versions")) {
                if (v.path("version").asInt() != version) {
                    continue;
                }
                switch (v.path("state").asText()) {
                    case "current", "kept" -> {
                        terminal.status("");
                        return;
                    }
                    case "failed" ->
                        throw new HansardException(
                                ErrorCode.CONFLICT,
                                "version " + version + " was not made: "
                                        + v.path("why").asText());
                    default -> {}
                }
            }
            terminal.status("version " + version + " is being made … "
                    + Terminal.clock(
                            Duration.ofNanos(System.nanoTime() - started).toMillis()));
            Thread.sleep(500);
        }
        throw new HansardException(
                ErrorCode.CONFLICT, "version " + version + " is not there after " + PATIENCE.toHours() + " hours");
    }

    private String path() {
        return "/v1/recordings/" + callId + "/transcripts";
    }
}
