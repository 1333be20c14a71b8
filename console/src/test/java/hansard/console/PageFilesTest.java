package hansard.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import hansard.runtime.StageContext;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PageFilesTest {
    private static final URI NOWHERE = URI.create("http://127.0.0.1:9");
    private static ConsoleService console;
    private static HttpClient client;

    @BeforeAll
    static void start() {
        client = HttpClient.newHttpClient();
        console = ConsoleService.start(
                new ConsoleConfig(
                        "127.0.0.1",
                        0,
                        NOWHERE,
                        NOWHERE,
                        NOWHERE,
                        List.of(new ConsoleConfig.DemoLogin("olga", "pw", "an officer"))),
                new StageContext(Clock.systemUTC(), new SimpleMeterRegistry(), (where, cause) -> fail(where, cause)));
    }

    @AfterAll
    static void stop() {
        console.close();
        client.shutdownNow();
    }

    private static HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + console.port() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    @Test
    void everyViewHasAnAddressThatLoads() throws Exception {
        for (String path : List.of("/", "/login", "/search?q=x", "/recordings", "/call/c-1?t=5")) {
            HttpResponse<String> answer = get(path);
            assertEquals(200, answer.statusCode(), path);
            assertTrue(answer.body().contains("<hansard-app>"), path);
        }
        assertEquals(404, get("/elsewhere").statusCode());
    }

    @Test
    void pageIsFencedIn() throws Exception {
        HttpResponse<String> answer = get("/");
        String policy = answer.headers().firstValue("Content-Security-Policy").orElseThrow();
        assertTrue(policy.contains("default-src 'self'"), policy);
        assertTrue(policy.contains("frame-ancestors 'none'"), policy);
        assertTrue(policy.matches(".*script-src 'self' 'sha256-[A-Za-z0-9+/=]{44}';.*"), policy);
        assertFalse(policy.contains("unsafe"), policy);
        assertEquals(
                "nosniff", answer.headers().firstValue("X-Content-Type-Options").orElseThrow());
        assertEquals(
                "no-referrer", answer.headers().firstValue("Referrer-Policy").orElseThrow());
    }

    @Test
    void libraryComesFromTheClassPathWhateverItsVersion() throws Exception {
        for (String path : List.of(
                "/webjars/lit/index.js",
                "/webjars/lit/directives/repeat.js",
                "/webjars/lit-html/lit-html.js",
                "/webjars/lit-element/lit-element.js",
                "/webjars/lit__reactive-element/reactive-element.js")) {
            HttpResponse<String> answer = get(path);
            assertEquals(200, answer.statusCode(), path);
            assertEquals(
                    "text/javascript; charset=utf-8",
                    answer.headers().firstValue("Content-Type").orElseThrow());
        }
    }

    @Test
    void unchangedFileIsNotSentAgain() throws Exception {
        String etag = get("/app/main.js").headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> again = get("/app/main.js", "If-None-Match", etag);
        assertEquals(304, again.statusCode());
        assertEquals("", again.body());
    }

    @Test
    void nothingElseOfTheClassPathIsReachable() {
        for (String path : List.of(
                "/app/../index.html",
                "/app/..%2findex.html",
                "/app/package-info.class",
                "/webjars/lit/package.json",
                "/webjars/other/index.js",
                "/hansard/console/ConsoleService.class",
                "/META-INF/MANIFEST.MF")) {
            assertEquals(Optional.empty(), PageFiles.resource(path), path);
        }
    }

    @Test
    void demoLoginsAreToldToThePage() throws Exception {
        assertEquals(
                "{\"demoLogins\":[{\"user\":\"olga\",\"password\":\"pw\",\"description\":\"an officer\"}]}",
                get("/console.json").body());
    }
}
