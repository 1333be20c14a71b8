package hansard.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A report without what differs between two recordings of the same call: ids, object names, sealed bytes and timings. */
final class Records {
    private Records() {}

    static String comparable(JsonNode report) {
        List<String> lines = new ArrayList<>();
        lines.add("received " + report.path("received") + " framed " + report.path("framed") + " rejected "
                + report.path("rejected") + " paused " + report.path("paused") + " in flight " + report.path("inFlight")
                + " lost " + report.path("lost"));
        lines.addAll(tracks(report));
        lines.add("mix " + report.path("mix").path("durationMs"));
        lines.addAll(transcript(report));
        lines.addAll(completeness(report));
        return String.join("\n", lines);
    }

    static List<String> completeness(JsonNode report) {
        List<String> lines = new ArrayList<>();
        for (JsonNode t : report.path("completeness").path("tracks")) {
            for (JsonNode s : t.path("spans")) {
                lines.add(t.path("participant").asText() + " " + t.path("kind").asText() + " "
                        + s.path("reason").asText() + " " + s.path("startMs") + "-" + s.path("endMs") + " lost "
                        + s.path("lost") + " packets " + s.path("packets") + " "
                        + s.path("detail").asText());
            }
        }
        lines.sort(Comparator.naturalOrder());
        lines.add(report.path("completeness").path("verdict").toString());
        return lines;
    }

    static List<String> tracks(JsonNode report) {
        List<String> lines = new ArrayList<>();
        for (JsonNode t : report.path("tracks")) {
            lines.add("track " + t.path("participant").asText() + " "
                    + t.path("kind").asText() + " "
                    + t.path("codec").asText() + " packets " + t.path("packets") + " lost " + t.path("lost") + " at "
                    + t.path("startMs") + " for " + t.path("durationMs"));
        }
        lines.sort(Comparator.naturalOrder());
        return lines;
    }

    static List<String> transcript(JsonNode report) {
        List<String> lines = new ArrayList<>();
        for (JsonNode u : report.path("transcript")) {
            lines.add(String.format(
                    java.util.Locale.ROOT,
                    "%8d-%8d %s: %s",
                    u.path("startMs").asLong(),
                    u.path("endMs").asLong(),
                    u.path("participant").asText(),
                    u.path("text").asText()));
        }
        lines.sort(Comparator.naturalOrder());
        return lines;
    }
}
