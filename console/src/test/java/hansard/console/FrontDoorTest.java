package hansard.console;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import hansard.runtime.Json;
import hansard.runtime.StageContext;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FrontDoorTest {
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final byte[] media = new byte[3_000_000];

    /** What the stage behind saw, newest last. */
    private final BlockingQueue<Seen> seen = new LinkedBlockingQueue<>();

    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    private HttpServer index;
    private ConsoleService console;

    private record Seen(String method, String uri, Map<String, List<String>> headers, byte[] body) {}

    @BeforeEach
    void start() throws IOException {
        new Random(7).nextBytes(media);
        index = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        index.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        index.createContext("/v1/", this::answer);
        index.start();
        URI address = URI.create("http://127.0.0.1:" + index.getAddress().getPort());
        ConsoleConfig config = new ConsoleConfig("127.0.0.1", 0, freeAddress(), address, address, List.of());
        console = ConsoleService.start(
                config,
                new StageContext(Clock.systemUTC(), new SimpleMeterRegistry(), (where, cause) -> fail(where, cause)));
    }

    @AfterEach
    void stop() {
        events.add("end");
        console.close();
        index.stop(0);
        client.shutdownNow();
    }

    /** An address where nothing listens. */
    private static URI freeAddress() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return URI.create("http://127.0.0.1:" + socket.getLocalPort());
        }
    }

    private void answer(HttpExchange x) throws IOException {
        seen.add(new Seen(
                x.getRequestMethod(),
                x.getRequestURI().toString(),
                Map.copyOf(x.getRequestHeaders()),
                x.getRequestBody().readAllBytes()));
        try (x) {
            switch (x.getRequestURI().getPath()) {
                case "/v1/recordings/c/media/mix" -> media(x);
                case "/v1/recordings/c/events" -> events(x);
                case "/v1/recordings/c/broken" -> {
                    x.sendResponseHeaders(200, 1_000);
                    x.getResponseBody().write(new byte[400]);
                    x.getResponseBody().flush();
                }
                case "/v1/session" -> {
                    x.getResponseHeaders().add("Set-Cookie", "hansard_session=a; HttpOnly");
                    x.getResponseHeaders().add("Set-Cookie", "other=b");
                    x.getResponseHeaders().add("Keep-Alive", "timeout=5");
                    FakeStages.json(x, 200, Map.of("user", "olga"));
                }
                case "/v1/holds/h-1" -> x.sendResponseHeaders(204, -1);
                default -> FakeStages.json(x, 404, Map.of("status", 404, "code", "HSD-1004", "detail", "no such call"));
            }
        }
    }

    private void media(HttpExchange x) throws IOException {
        if (x.getRequestMethod().equals("HEAD")) {
            x.getResponseHeaders().set("Content-Length", String.valueOf(media.length));
            x.getResponseHeaders().set("Content-Type", "video/webm");
            x.sendResponseHeaders(200, -1);
        } else {
            FakeStages.media(x, media, "video/webm");
        }
    }

    private void events(HttpExchange x) throws IOException {
        x.getResponseHeaders().set("Content-Type", "text/event-stream");
        x.sendResponseHeaders(200, 0);
        try (OutputStream out = x.getResponseBody()) {
            out.write(":\n\n".getBytes(StandardCharsets.UTF_8)); // this server sends the head with the first byte
            out.flush();
            for (String event = events.take(); !event.equals("end"); event = events.take()) {
                out.write(("data: " + event + "\n\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + console.port() + path));
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path).build(), BodyHandlers.ofString());
    }

    private Seen lastSeen() throws InterruptedException {
        Seen last = seen.poll(5, TimeUnit.SECONDS);
        return last == null ? fail("the stage was not asked") : last;
    }

    /** Sends bytes that a well-behaved client would not, and gives the answer's first line. */
    private String raw(String head) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", console.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write((head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine();
        }
    }

    @Test
    void rangePassesBothWays() throws Exception {
        HttpResponse<byte[]> answer = client.send(
                request("/v1/recordings/c/media/mix")
                        .header("Range", "bytes=1000-2000999")
                        .build(),
                BodyHandlers.ofByteArray());
        assertEquals(206, answer.statusCode());
        assertEquals(
                "bytes 1000-2000999/3000000",
                answer.headers().firstValue("Content-Range").orElseThrow());
        assertEquals("2000000", answer.headers().firstValue("Content-Length").orElseThrow());
        assertEquals("video/webm", answer.headers().firstValue("Content-Type").orElseThrow());
        assertArrayEquals(Arrays.copyOfRange(media, 1_000, 2_001_000), answer.body());
    }

    @Test
    void rangeOutsideTheObjectStays416() throws Exception {
        HttpResponse<String> answer = client.send(
                request("/v1/recordings/c/media/mix")
                        .header("Range", "bytes=3000000-")
                        .build(),
                BodyHandlers.ofString());
        assertEquals(416, answer.statusCode());
        assertEquals(
                "bytes */3000000", answer.headers().firstValue("Content-Range").orElseThrow());
    }

    @Test
    void headTellsTheLengthWithoutABody() throws Exception {
        HttpResponse<String> answer = client.send(
                request("/v1/recordings/c/media/mix")
                        .method("HEAD", BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());
        assertEquals(200, answer.statusCode());
        assertEquals("3000000", answer.headers().firstValue("Content-Length").orElseThrow());
        assertEquals("HEAD", lastSeen().method());
        assertEquals(200, get("/v1/session").statusCode(), "the connection is still good");
    }

    @Test
    void eventArrivesBeforeTheNextOneIsSent() throws Exception {
        HttpResponse<InputStream> answer =
                client.send(request("/v1/recordings/c/events").build(), BodyHandlers.ofInputStream());
        assertEquals(
                "text/event-stream", answer.headers().firstValue("Content-Type").orElseThrow());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            assertEquals(":", lines.readLine());
            assertEquals("", lines.readLine());
            for (String event : List.of("one", "two", "three")) {
                events.add(event);
                assertEquals("data: " + event, lines.readLine());
                assertEquals("", lines.readLine());
            }
            events.add("end");
            assertNull(lines.readLine());
        }
    }

    @Test
    void stageThatIsDownIsNamed() throws Exception {
        HttpResponse<String> answer = get("/v1/calls");
        assertEquals(503, answer.statusCode());
        assertEquals(
                "application/problem+json",
                answer.headers().firstValue("Content-Type").orElseThrow());
        Map<?, ?> problem = Json.mapper().readValue(answer.body(), Map.class);
        assertEquals("HSD-3006", problem.get("code"));
        assertTrue(String.valueOf(problem.get("detail")).contains("ingest stage does not answer"), answer.body());
        assertEquals(200, get("/v1/session").statusCode(), "the other stages are not concerned");
    }

    @Test
    void noRequestTargetLeadsToAnotherHost() throws Exception {
        for (String target : List.of(
                "@127.0.0.2:9/v1/session",
                ":9@127.0.0.2/v1/session",
                ".example/v1/session",
                "//127.0.0.2/v1/session")) {
            try (var socket = new java.net.Socket("127.0.0.1", console.port())) {
                socket.setSoTimeout(10_000);
                socket.getOutputStream().write(("GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n").getBytes());
                String answer =
                        new java.io.BufferedReader(new java.io.InputStreamReader(socket.getInputStream())).readLine();
                assertTrue(answer != null && answer.startsWith("HTTP/1.1 4"), target + " → " + answer);
            }
        }
        assertTrue(seen.isEmpty(), seen.toString());
    }

    @Test
    void bodyOverOneMebibyteIsRefusedHere() throws Exception {
        HttpResponse<String> answer = client.send(
                request("/v1/session")
                        .POST(BodyPublishers.ofByteArray(new byte[(1 << 20) + 1]))
                        .build(),
                BodyHandlers.ofString());
        assertEquals(413, answer.statusCode());
        HttpResponse<String> chunked = client.send(
                request("/v1/session")
                        .POST(BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(new byte[(1 << 20) + 1])))
                        .build(),
                BodyHandlers.ofString());
        assertEquals(413, chunked.statusCode());
        assertTrue(seen.isEmpty(), "the stage never saw it");
    }

    @Test
    void bodyOfOneMebibytePasses() throws Exception {
        byte[] body = Arrays.copyOf(media, 1 << 20);
        client.send(
                request("/v1/session").POST(BodyPublishers.ofByteArray(body)).build(), BodyHandlers.ofString());
        assertArrayEquals(body, lastSeen().body());
    }

    @Test
    void credentialsPassAndHopByHopFieldsDoNot() throws Exception {
        raw(
                "GET /v1/session?a=%C3%A4&b=x+y HTTP/1.1\r\nHost: h\r\nCookie: hansard_session=t\r\nAuthorization: Bearer t\r\n"
                        + "Connection: close, X-Secret-Hop\r\nX-Secret-Hop: 1\r\nTE: trailers\r\nX-Hansard-As: ben");
        Seen asked = lastSeen();
        assertEquals("/v1/session?a=%C3%A4&b=x+y", asked.uri());
        assertEquals(List.of("hansard_session=t"), asked.headers().get("Cookie"));
        assertEquals(List.of("Bearer t"), asked.headers().get("Authorization"));
        assertEquals(List.of("ben"), asked.headers().get("X-hansard-as"));
        assertFalse(asked.headers().containsKey("X-secret-hop"));
        assertFalse(asked.headers().containsKey("Te"));
        HttpResponse<String> answer = get("/v1/session");
        assertEquals(
                List.of("hansard_session=a; HttpOnly", "other=b"),
                answer.headers().allValues("Set-Cookie"));
        assertTrue(answer.headers().firstValue("Keep-Alive").isEmpty());
    }

    @Test
    void answerThatBreaksOffIsNotPassedOffAsWhole() {
        assertThrows(IOException.class, () -> get("/v1/recordings/c/broken"));
    }

    @Test
    void emptyAnswerAndErrorOfTheStagePassUnchanged() throws Exception {
        HttpResponse<String> deleted =
                client.send(request("/v1/holds/h-1?reason=over").DELETE().build(), BodyHandlers.ofString());
        assertEquals(204, deleted.statusCode());
        assertEquals("/v1/holds/h-1?reason=over", lastSeen().uri());
        HttpResponse<String> missing = get("/v1/recordings/nothing");
        assertEquals(404, missing.statusCode());
        assertEquals(
                "application/problem+json",
                missing.headers().firstValue("Content-Type").orElseThrow());
        assertTrue(missing.body().contains("no such call"));
    }

    @Test
    void pageOfAnotherSiteChangesNothing() throws Exception {
        HttpResponse<String> answer = client.send(
                request("/v1/holds")
                        .header("Sec-Fetch-Site", "cross-site")
                        .POST(BodyPublishers.ofString("{}"))
                        .build(),
                BodyHandlers.ofString());
        assertEquals(403, answer.statusCode());
        assertTrue(seen.isEmpty());
    }

    @Test
    void climbingPathReachesNoStage() throws Exception {
        for (String path : List.of(
                "/v1/session/../../metrics",
                "/v1/session/../other",
                "/v1/session/%2e%2e/%2e%2e/metrics",
                "/v1/session/..%2f..%2fmetrics",
                "/v1/session/%2e/x")) {
            String unused = raw("GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close");
        }
        assertTrue(seen.isEmpty(), "the stage was asked " + seen);
    }

    @Test
    void frontDoorSaysWhatItHas() throws Exception {
        Map<?, ?> answer = Json.mapper().readValue(get("/v1").body(), Map.class);
        assertEquals("Hansard", answer.get("product"));
        assertTrue(String.valueOf(answer.get("endpoints")).contains("GET /v1/search"));
        assertEquals(404, get("/v1/secrets").statusCode());
    }
}
