package hansard.console;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.HttpApi;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes a request on to the stage that answers it and the answer back as it comes, so that a range of an hour's video and an
 * event of a live call both arrive when they are sent. Thread-safe.
 */
final class FrontDoor implements Handler, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FrontDoor.class);

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);
    private static final Duration HEAD_TIMEOUT = Duration.ofSeconds(60);

    /** A stage may send the head of an event stream with its first event only. */
    private static final Duration EVENTS_HEAD_TIMEOUT = Duration.ofMinutes(10);

    private static final int BUFFER_BYTES = 16 * 1024;
    private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD", "OPTIONS");
    private static final HeaderName SEC_FETCH_SITE = HeaderNames.create("Sec-Fetch-Site");

    private final Routes routes;
    private final MeterRegistry meters;
    private final HttpClient client;
    private volatile boolean closed;

    FrontDoor(Routes routes, MeterRegistry meters) {
        this.routes = routes;
        this.meters = meters;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
    }

    /** Says what can be asked here. */
    void describe(ServerRequest req, ServerResponse res) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("product", "Hansard");
        answer.put("endpoints", Routes.ENDPOINTS);
        HttpApi.json(res, answer);
    }

    @Override
    public void handle(ServerRequest req, ServerResponse res) {
        Routes.Stage stage = routes.stageFor(req.prologue().uriPath().rawPath());
        refuseCrossSite(req);
        HttpRequest request = outgoing(req, stage);
        meters.counter("hansard.console.requests", "stage", stage.name()).increment();
        HttpResponse<InputStream> answer = ask(request, stage);
        try (InputStream body = answer.body()) {
            copyHead(answer, res);
            pass(req, answer, body, res, stage);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A browser says so itself when another site's page made it send a request; cookies must not work for that page. */
    private static void refuseCrossSite(ServerRequest req) {
        String site = req.headers().first(SEC_FETCH_SITE).orElse("none");
        if (!SAFE_METHODS.contains(req.prologue().method().text())
                && !site.equals("none")
                && !site.equals("same-origin")) {
            throw new HansardException(ErrorCode.FORBIDDEN, "a page of another site may not change anything here");
        }
    }

    private static HttpRequest outgoing(ServerRequest req, Routes.Stage stage) {
        byte[] body = req.content().hasEntity() ? HttpApi.bytes(req) : new byte[0];
        String query = req.prologue().query().rawValue();
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        target(stage, req.prologue().uriPath().rawPath() + (query.isEmpty() ? "" : "?" + query)))
                .method(
                        req.prologue().method().text(),
                        body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
        PassedHeaders passed = PassedHeaders.ofRequest(req.headers().values(HeaderNames.CONNECTION));
        for (Header header : req.headers()) {
            if (passed.passes(header.name())) {
                header.allValues().forEach(value -> request.header(header.name(), value));
            }
        }
        return request.build();
    }

    static URI target(Routes.Stage stage, String pathAndQuery) {
        try {
            return URI.create(stage.address() + pathAndQuery);
        } catch (IllegalArgumentException e) {
            throw new HansardException(
                    ErrorCode.BAD_REQUEST, "the address has characters that must be percent-encoded", e);
        }
    }

    /** Waits for the answer's head only. The client's own timeout would, on newer JDKs, also cut the body of a live stream. */
    private HttpResponse<InputStream> ask(HttpRequest request, Routes.Stage stage) {
        CompletableFuture<HttpResponse<InputStream>> answer = client.sendAsync(request, BodyHandlers.ofInputStream());
        boolean events = request.headers().firstValue("accept").orElse("").contains("text/event-stream");
        try {
            return answer.get((events ? EVENTS_HEAD_TIMEOUT : HEAD_TIMEOUT).toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw unavailable(stage, e);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw unavailable(stage, e);
        } catch (InterruptedException e) {
            answer.cancel(true);
            Thread.currentThread().interrupt();
            throw unavailable(stage, e);
        }
    }

    private HansardException unavailable(Routes.Stage stage, Exception cause) {
        meters.counter("hansard.console.unanswered", "stage", stage.name()).increment();
        Throwable root = cause.getCause() == null ? cause : cause.getCause();
        log.warn(
                "stage {} does not answer at {} (console.{}-url): {}",
                stage.name(),
                stage.address(),
                stage.name(),
                root.toString());
        return new HansardException(
                ErrorCode.STAGE_UNAVAILABLE,
                "the " + stage.name() + " stage does not answer, so " + stage.gives()
                        + " must wait. Try again in a moment; if it stays so, tell whoever operates Hansard.",
                cause);
    }

    private static void copyHead(HttpResponse<InputStream> answer, ServerResponse res) {
        PassedHeaders passed = PassedHeaders.ofAnswer(answer.headers().allValues("connection"));
        res.status(Status.create(answer.statusCode()));
        answer.headers().map().forEach((name, values) -> {
            if (passed.passes(name)) {
                res.header(name, values.toArray(String[]::new));
            }
        });
        res.headers().setIfAbsent(HeaderValues.create("X-Content-Type-Options", "nosniff"));
    }

    private void pass(
            ServerRequest req,
            HttpResponse<InputStream> answer,
            InputStream body,
            ServerResponse res,
            Routes.Stage stage)
            throws IOException {
        boolean empty = req.prologue().method().text().equals("HEAD")
                || answer.statusCode() == 204
                || answer.statusCode() == 304
                || answer.headers().firstValue("content-length").orElse("").equals("0");
        if (empty) {
            res.send();
            return;
        }
        OutputStream out = res.outputStream();
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int n = read(body, buffer, stage); n >= 0; n = read(body, buffer, stage)) {
            out.write(buffer, 0, n);
            out.flush(); // an event of a live call waits for nothing
        }
        out.close();
    }

    /** Reads on, and gives up the browser's connection when the stage does: half an answer must not look whole. */
    private int read(InputStream body, byte[] buffer, Routes.Stage stage) {
        try {
            return body.read(buffer);
        } catch (IOException e) {
            if (!closed) { // otherwise it was we who broke off
                log.warn("stage {} broke off in the middle of an answer: {}", stage.name(), e.toString());
            }
            throw new CloseConnectionException("stage " + stage.name() + " broke off in the middle of an answer", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        client.shutdownNow();
    }
}
