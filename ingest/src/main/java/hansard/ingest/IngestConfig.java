package hansard.ingest;

import hansard.runtime.KafkaSettings;
import hansard.runtime.Settings;
import hansard.wire.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The ingest's settings.
 *
 * @param httpPort control API; 0 takes any free port
 * @param udpHost address the media sockets listen on
 * @param udpFirstPort first port of {@code ingest.udp.ports}: a stream without an SSRC gets one of these for itself
 * @param udpLastPort last port of it, included
 * @param sharedPort UDP port for streams that are told apart by their SSRC; 0 for none
 * @param receiveBufferBytes asked of the kernel for each socket (SO_RCVBUF)
 * @param bundleMaxAge how long a datagram waits for others before it is written
 * @param bundleMaxBytes a bundle is written when it has grown to this
 * @param bufferMaxBytes how much may wait for Kafka; what arrives when it is full is not kept, and counted
 * @param replay whether streams with {@code captureTimes} are accepted
 * @param recipients PEM file with the workers' certificates, for {@code GET /v1/recipients}
 * @param advertisedHost the host that a connector is told to send to
 * @param silentAfter a stream of which nothing has come for this long after its announcement is an alarm; zero for never
 * @param abandonedAfter a call without datagrams for this long is ended; zero for never
 */
public record IngestConfig(
        String httpHost,
        int httpPort,
        String udpHost,
        int udpFirstPort,
        int udpLastPort,
        int sharedPort,
        int receiveBufferBytes,
        Duration bundleMaxAge,
        int bundleMaxBytes,
        long bufferMaxBytes,
        boolean replay,
        @Nullable Path recipients,
        String advertisedHost,
        Duration silentAfter,
        Duration abandonedAfter,
        Path accessDirectory,
        KafkaSettings kafka) {
    private static final String DEFAULT_PORTS = "20000-20999";
    private static final Pattern RANGE = Pattern.compile("(\\d{1,5})\\s*-\\s*(\\d{1,5})");

    /** Reads the settings; what is wrong with them is said by {@link Settings#check()}. */
    public static IngestConfig from(Settings s) {
        String udpHost = s.string("ingest.udp.host", "127.0.0.1");
        int[] ports = ports(s);
        String recipients = s.optional("ingest.recipients");
        return new IngestConfig(
                s.string("ingest.http.host", "127.0.0.1"),
                s.integer("ingest.http.port", 7070, 0, 65_535),
                udpHost,
                ports[0],
                ports[1],
                s.integer("ingest.udp.shared-port", 0, 0, 65_535),
                s.integer("ingest.udp.receive-buffer", 4 << 20, 64 << 10, 1 << 30),
                positive(s, "ingest.bundle.max-age", Duration.ofMillis(100), Duration.ofSeconds(10)),
                s.integer("ingest.bundle.max-bytes", 64 << 10, 1 << 10, 2 << 20),
                s.number("ingest.buffer.max-bytes", 64L << 20, 1L << 20, 64L << 30),
                s.flag("ingest.replay", false),
                recipients == null ? null : Path.of(recipients),
                advertisedHost(s, udpHost),
                s.duration("ingest.silent-after", Duration.ofSeconds(30)),
                s.duration("ingest.abandoned-after", Duration.ZERO),
                s.path("access.directory", Path.of("access")),
                KafkaSettings.from(s, Role.INGEST.label()));
    }

    private static int[] ports(Settings s) {
        String text = s.string("ingest.udp.ports", DEFAULT_PORTS);
        Matcher range = RANGE.matcher(text.strip());
        if (range.matches()) {
            int first = Integer.parseInt(range.group(1));
            int last = Integer.parseInt(range.group(2));
            if (first >= 1 && first <= last && last <= 65_535) {
                return new int[] {first, last};
            }
        }
        s.problem("ingest.udp.ports", "is '" + text + "': must be two ports, such as " + DEFAULT_PORTS);
        return new int[] {20_000, 20_999};
    }

    private static Duration positive(Settings s, String key, Duration fallback, Duration max) {
        Duration value = s.duration(key, fallback);
        if (value.isZero() || value.compareTo(max) > 0) {
            s.problem(key, "is " + value.toMillis() + "ms: must be 1ms to " + max.toMillis() + "ms");
            return fallback;
        }
        return value;
    }

    private static String advertisedHost(Settings s, String udpHost) {
        String advertised = s.optional("ingest.advertised-host");
        if (advertised != null && !advertised.isBlank()) {
            return advertised;
        }
        if (udpHost.equals("0.0.0.0") || udpHost.equals("::")) {
            s.problem(
                    "ingest.advertised-host",
                    "is not set, and ingest.udp.host is " + udpHost
                            + ", which nobody can send to: set the name or address under which media servers reach this"
                            + " ingest");
        }
        return udpHost;
    }
}
