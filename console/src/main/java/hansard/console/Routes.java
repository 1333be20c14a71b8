package hansard.console;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which stage answers which path. Pure: decides on the path's text alone. */
final class Routes {
    /** What can be asked, for {@code GET /v1}. */
    static final List<String> ENDPOINTS = List.of(
            "GET /v1/recipients",
            "GET, POST /v1/calls",
            "GET /v1/calls/{callId}",
            "POST /v1/calls/{callId}/participants",
            "DELETE /v1/calls/{callId}/participants/{participantId}",
            "POST /v1/calls/{callId}/streams",
            "POST /v1/calls/{callId}/streams/{streamId}/end",
            "POST /v1/calls/{callId}/pause | resume | notice | end",
            "GET, POST, DELETE /v1/session",
            "GET /v1/search",
            "GET /v1/recordings",
            "GET /v1/recordings/{callId}",
            "GET /v1/recordings/{callId}/transcript | report | events",
            "GET, POST /v1/recordings/{callId}/transcripts",
            "POST /v1/recordings/{callId}/composite",
            "GET /v1/recordings/{callId}/media/{trackId} | mix | composite",
            "GET /v1/policies",
            "GET /v1/retention/{callId}",
            "POST /v1/holds",
            "DELETE /v1/holds/{holdId}",
            "GET /v1/receipts",
            "GET /v1/audit");

    private final Map<String, Stage> byFirstSegment;

    private Routes(Map<String, Stage> byFirstSegment) {
        this.byFirstSegment = byFirstSegment;
    }

    /**
     * A stage behind the front door.
     *
     * @param gives what people miss while it is down
     */
    record Stage(String name, URI address, String gives) {}

    static Routes of(ConsoleConfig config) {
        Stage ingest = new Stage("ingest", config.ingest(), "recording of new calls");
        Stage index = new Stage("index", config.index(), "sign-in, search and playback");
        Stage retention = new Stage("retention", config.retention(), "holds, receipts and the audit trail");
        return new Routes(Map.of(
                "calls", ingest,
                "recipients", ingest,
                "session", index,
                "search", index,
                "recordings", index,
                "holds", retention,
                "receipts", retention,
                "retention", retention,
                "policies", retention,
                "audit", retention));
    }

    /**
     * The stage that answers a path.
     *
     * @param rawPath as on the wire, percent-encoded, beginning with {@code /v1/}
     * @throws HansardException NOT_FOUND; BAD_REQUEST for a path that climbs ({@code ..}) or has an empty segment, since a stage might resolve it to
     *     something that is not meant to be reached from here
     */
    Stage stageFor(String rawPath) {
        if (!rawPath.startsWith("/")) { // "@host/v1/calls" behind a stage's address would be another host's
            throw new HansardException(ErrorCode.BAD_REQUEST, "a path begins with '/'");
        }
        if (rawPath.contains("//")) { // whoever resolves the path makes one of the two, and it is another path then
            throw new HansardException(ErrorCode.BAD_REQUEST, "a path may not contain '//'");
        }
        String[] segments = rawPath.split("/", -1);
        for (String segment : segments) {
            String decoded = decode(segment);
            if (decoded.equals("..") || decoded.equals(".") || decoded.contains("/../")) {
                throw new HansardException(ErrorCode.BAD_REQUEST, "a path may not contain '.' or '..' as a segment");
            }
        }
        return Optional.ofNullable(
                        segments.length > 2 && segments[1].equals("v1") ? byFirstSegment.get(segments[2]) : null)
                .orElseThrow(() -> new HansardException(
                        ErrorCode.NOT_FOUND, "nothing answers at this path; GET /v1 lists what does"));
    }

    private static String decode(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new HansardException(ErrorCode.BAD_REQUEST, "the path has a broken percent-encoding", e);
        }
    }
}
