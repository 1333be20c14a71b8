package hansard.console;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Which header fields travel on. Those that speak of one connection only do not (RFC 9110 section 7.6.1), and {@code
 * Connection} may name more of them. Pure.
 */
final class PassedHeaders {
    private static final Set<String> HOP_BY_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-connection",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade");

    /** The client's library writes these itself and refuses ours. */
    private static final Set<String> CLIENT_OWN = Set.of("host", "content-length", "expect", "http2-settings");

    private final Set<String> dropped;

    private PassedHeaders(Set<String> dropped) {
        this.dropped = dropped;
    }

    /** @param connection the values of the request's {@code Connection} fields */
    static PassedHeaders ofRequest(List<String> connection) {
        Set<String> dropped = hopByHop(connection);
        dropped.addAll(CLIENT_OWN);
        return new PassedHeaders(dropped);
    }

    /** @param connection the values of the answer's {@code Connection} fields */
    static PassedHeaders ofAnswer(List<String> connection) {
        return new PassedHeaders(hopByHop(connection));
    }

    boolean passes(String name) {
        return !dropped.contains(name.toLowerCase(Locale.ROOT));
    }

    private static Set<String> hopByHop(List<String> connection) {
        Set<String> dropped = new HashSet<>(HOP_BY_HOP);
        for (String value : connection) {
            for (String name : value.split(",")) {
                dropped.add(name.strip().toLowerCase(Locale.ROOT));
            }
        }
        return dropped;
    }
}
