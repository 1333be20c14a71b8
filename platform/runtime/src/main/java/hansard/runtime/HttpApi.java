package hansard.runtime;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stage's HTTP server: its routes, {@code /health}, {@code /metrics}, and one shape of error (RFC 9457): {@code
 * {"type":"about:blank","title":"BAD_REQUEST","status":400,"code":"HSD-1000","detail":"…"}}.
 */
public final class HttpApi implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HttpApi.class);

    private static final int MAX_BODY = 1 << 20;
    /** Read and thrown away of a body that is too large, so that a client that is still sending gets to read why. */
    private static final int COURTESY = 1 << 20;

    private final WebServer server;

    private HttpApi(WebServer server) {
        this.server = server;
    }

    /**
     * Starts listening. Port 0 takes a free one. Throws {@link ErrorCode#PORT_IN_USE} when the port is taken.
     *
     * @param stage the stage's name, for messages
     */
    public static HttpApi start(
            String stage,
            String host,
            int port,
            Health health,
            MeterRegistry meters,
            Consumer<HttpRouting.Builder> routes) {
        HttpRouting.Builder routing = HttpRouting.builder();
        routing.get("/health", (req, res) -> {
            Map<String, String> problems = health.problems();
            res.status(problems.isEmpty() ? Status.OK_200 : Status.SERVICE_UNAVAILABLE_503);
            Map<String, Object> answer = new LinkedHashMap<>();
            answer.put("stage", stage);
            answer.put("healthy", problems.isEmpty());
            answer.put("problems", problems);
            json(res, answer);
        });
        routing.get("/metrics", (req, res) -> {
            res.header(HeaderNames.CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
            res.send(meters instanceof PrometheusMeterRegistry p ? p.scrape() : "");
        });
        routes.accept(routing);
        routing.error(HansardException.class, (req, res, e) -> {
            if (e.code().httpStatus() >= 500 && !e.code().isRetriable()) {
                log.warn("{} {}: {}", req.prologue().method(), req.path().path(), e.getMessage(), e);
            }
            problem(res, e.code(), e.getMessage());
        });
        WebServer server = WebServer.builder()
                .host(host)
                .port(port)
                .shutdownHook(false)
                .routing(routing)
                .build();
        try {
            server.start();
        } catch (RuntimeException e) {
            throw taken(stage, host, port, e);
        }
        if (!server.isRunning()) { // how Helidon says that it could not listen
            throw taken(stage, host, port, null);
        }
        return new HttpApi(server);
    }

    private static HansardException taken(String stage, String host, int port, @Nullable Throwable cause) {
        return new HansardException(
                ErrorCode.PORT_IN_USE,
                stage + " cannot listen on " + host + ":" + port
                        + ": the port is taken. Stop the process that has it, or set " + stage
                        + ".http.port to another (0 takes any free one).",
                cause);
    }

    /** The port it listens on. */
    public int port() {
        return server.port();
    }

    /** Sends a value as JSON. */
    public static void json(ServerResponse res, Object value) {
        res.header(HeaderNames.CONTENT_TYPE, "application/json");
        res.send(Json.bytes(value));
    }

    /** Reads a JSON request body of at most 1 MiB; unknown fields are refused by name. */
    public static <T> T body(ServerRequest req, Class<T> type) {
        return Json.request(bytes(req), type);
    }

    /** Reads a request body of at most 1 MiB. Of a larger one a little more is read than that, and then no more. */
    public static byte[] bytes(ServerRequest req) {
        if (req.headers().contentLength().orElse(0) > MAX_BODY + COURTESY) {
            throw tooLarge();
        }
        try {
            // never closed: closing it reads what is left of the body, however much that is
            InputStream in = req.content().inputStream();
            byte[] bytes = in.readNBytes(MAX_BODY);
            if (in.read() >= 0) {
                in.skip(COURTESY);
                throw tooLarge();
            }
            return bytes;
        } catch (IOException e) {
            throw new HansardException(ErrorCode.BAD_REQUEST, "the request body ended early", e);
        }
    }

    private static HansardException tooLarge() {
        return new HansardException(ErrorCode.TOO_LARGE, "the request body is over 1 MiB");
    }

    /** Sends an error in the one shape. */
    public static void problem(ServerResponse res, ErrorCode code, @Nullable String detail) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("type", "about:blank");
        body.put("title", code.name());
        body.put("status", code.httpStatus());
        body.put("code", code.id());
        body.put("detail", detail == null ? "" : detail);
        res.status(Status.create(code.httpStatus()));
        res.header(HeaderNames.CONTENT_TYPE, "application/problem+json");
        if (code == ErrorCode.TOO_LARGE) {
            res.header(HeaderNames.CONNECTION, "close"); // the rest of the request is not read
        }
        if (code == ErrorCode.UNAUTHENTICATED) {
            res.header(HeaderNames.WWW_AUTHENTICATE, "Bearer realm=\"hansard\"");
        }
        res.send(Json.bytes(body));
    }

    @Override
    public void close() {
        server.stop();
    }
}
