package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.testkit.Captures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The page of what each capture's record says of its own wholeness is what the records say. */
@ExtendWith(RecordedCaptures.Shared.class)
class CompletenessOfCapturesTest {
    private static final Path PAGE = Path.of("../../docs/completeness-of-captures.md");
    private static final Path MADE = Path.of("target/completeness-of-captures.md");

    /** Where the tables begin. */
    private static final String MARK = "## Calls\n";

    private static final List<String> REASONS = List.of(
            "speech", "silence", "picture", "muted", "absent", "lost", "rejected", "unplaced", "sealed", "nothing");

    private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)?");

    /** In the last digit: whether a frame is speech is computed with floating point numbers. */
    private static final double ROUNDING = 0.11;

    @Test
    void pageSaysWhatTheRecordsSay(RecordedCaptures recorded) throws IOException {
        List<String> names = new ArrayList<>(Captures.ALL);
        names.add(Captures.FLASH_AND_BEEP);
        String tables = tables(names, recorded);
        String page = Files.readString(PAGE);
        Files.writeString(MADE, page.substring(0, page.indexOf(MARK)) + tables);
        String written = page.substring(page.indexOf(MARK));
        String advice = "docs/completeness-of-captures.md is not what the records say: see " + MADE.toAbsolutePath();
        assertEquals(withoutNumbers(tables), withoutNumbers(written), advice);
        List<String> said = tables.lines().toList();
        List<String> read = written.lines().toList();
        for (int line = 0; line < said.size(); line++) {
            List<Double> ours = numbers(said.get(line));
            List<Double> theirs = numbers(read.get(line));
            for (int i = 0; i < ours.size(); i++) {
                assertEquals(ours.get(i), theirs.get(i), ROUNDING, advice + ": " + said.get(line));
            }
        }
    }

    private static String tables(List<String> names, RecordedCaptures recorded) {
        StringBuilder calls = new StringBuilder(MARK).append("""

                | capture | received | framed | rejected | in flight | lost | adds up | verdict |
                |---|---|---|---|---|---|---|---|
                """);
        StringBuilder tracks =
                new StringBuilder("""

                ## Tracks

                | capture | participant | kind | %s | lost packets | gaps | captured | no place | recovered | from the next | concealed |
                |---|---|---|%s---|---|---|---|---|---|---|
                """.formatted(String.join(" | ", REASONS), "---|".repeat(REASONS.size())));
        for (String name : names) {
            JsonNode report = recorded.report(name);
            calls.append(call(name, report));
            report.at("/completeness/tracks")
                    .valueStream()
                    .map(track -> track(name, track))
                    .sorted() // they come by the streams' ids, which are made up anew
                    .forEach(tracks::append);
        }
        return calls.append(tracks).toString();
    }

    private static String call(String name, JsonNode report) {
        long rejected = report.path("rejected")
                .valueStream()
                .mapToLong(JsonNode::asLong)
                .sum();
        long inSpans = report.at("/completeness/tracks")
                .valueStream()
                .flatMap(track -> track.path("spans").valueStream())
                .mapToLong(span -> span.path("lost").asLong())
                .sum();
        boolean addsUp = report.path("received").asLong()
                        == report.path("framed").asLong()
                                + rejected
                                + report.path("paused").asLong()
                                + report.path("inFlight").asLong()
                && inSpans == report.path("lost").asLong();
        String reasons = report.path("rejected")
                .propertyStream()
                .map(reason -> reason.getValue().asLong() + " " + reason.getKey())
                .sorted()
                .collect(Collectors.joining(", "));
        return "| `%s` | %d | %d | %s | %d | %d | %s | %s |%n"
                .formatted(
                        name,
                        report.path("received").asLong(),
                        report.path("framed").asLong(),
                        reasons.isEmpty() ? "0" : reasons,
                        report.path("inFlight").asLong(),
                        report.path("lost").asLong(),
                        addsUp ? "yes" : "**no**",
                        report.at("/completeness/verdict/verdict").asText());
    }

    private static String track(String name, JsonNode track) {
        long lost = track.path("spans")
                .valueStream()
                .mapToLong(span -> span.path("lost").asLong())
                .sum();
        String times = REASONS.stream()
                .map(reason -> track.path("totalsMs").path(reason))
                .map(ms -> ms.isMissingNode() ? "" : seconds(ms.asLong()))
                .collect(Collectors.joining(" | "));
        long recovered = track.path("recovered")
                .valueStream()
                .mapToLong(JsonNode::asLong)
                .sum();
        return "| `%s` | %s | %s | %s | %d | %d | %s %% | %d | %d | %d | %d |%n"
                .formatted(
                        name,
                        track.path("participant").asText(),
                        track.path("kind").asText(),
                        times,
                        lost,
                        track.at("/verdict/gaps").asInt(),
                        String.format(
                                Locale.ROOT,
                                "%.1f",
                                track.at("/verdict/percentCaptured").asDouble()),
                        track.at("/verdict/unplacedMs").asLong(),
                        recovered,
                        track.path("recoveredMs").asLong(),
                        track.path("concealedMs").asLong());
    }

    private static String seconds(long ms) {
        return String.format(Locale.ROOT, "%.1f", ms / 1000.0);
    }

    private static String withoutNumbers(String text) {
        return NUMBER.matcher(text).replaceAll("N");
    }

    /** Of a line, by size: a verdict names streams in the order of their ids, which are made up anew. */
    private static List<Double> numbers(String text) {
        return NUMBER.matcher(text)
                .results()
                .map(found -> Double.parseDouble(found.group()))
                .sorted()
                .toList();
    }
}
