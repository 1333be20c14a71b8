package hansard.app;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.runtime.Json;
import hansard.testkit.Require;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The distribution's Firefox without a window, told what to do by WebDriver BiDi (W3C) over its own WebSocket: no other program is between.
 * Used by one thread.
 */
final class Firefox implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<Integer, CompletableFuture<JsonNode>> asked = new ConcurrentHashMap<>();
    private final AtomicInteger numbers = new AtomicInteger();
    private final WebSocket socket;
    private final String tab;

    private Firefox(Process process, int port, Path log) throws IOException, InterruptedException {
        this.process = process;
        try {
            this.socket = connected(port, log);
            ask("session.new", Map.of("capabilities", Map.of()));
            this.tab = ask("browsingContext.getTree", Map.of())
                    .at("/contexts/0/context")
                    .asText();
        } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
            end();
            throw e;
        }
    }

    /** Skips the test where there is none. @param directory of the test, for an empty profile */
    static Firefox start(Path directory) throws IOException, InterruptedException {
        Optional<Path> program = Stream.of("firefox-esr", "firefox")
                .map(name -> Path.of("/usr/bin", name))
                .filter(Files::isExecutable)
                .findFirst();
        Require.present(program.isPresent(), "Firefox");
        Path profile = Files.createDirectories(directory.resolve("firefox"));
        // a page may play without a click; nothing is asked of the network
        Files.writeString(profile.resolve("user.js"), """
                user_pref("media.autoplay.default", 0);
                user_pref("media.autoplay.blocking_policy", 0);
                user_pref("media.cubeb.backend", "null");
                user_pref("app.update.enabled", false);
                user_pref("browser.safebrowsing.update.enabled", false);
                user_pref("datareporting.policy.dataSubmissionEnabled", false);
                user_pref("network.captive-portal-service.enabled", false);
                user_pref("network.connectivity-service.enabled", false);
                user_pref("services.settings.server", "data:,#remote-settings-dummy/v1");
                """);
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Path log = directory.resolve("firefox.log");
        ProcessBuilder builder = new ProcessBuilder(
                        program.orElseThrow().toString(),
                        "--headless",
                        "--no-remote",
                        "--remote-debugging-port=" + port,
                        "--profile",
                        profile.toString())
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("HOME", directory.toString());
        return new Firefox(builder.start(), port, log);
    }

    private WebSocket connected(int port, Path log) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (true) {
            try {
                return http.newWebSocketBuilder()
                        .buildAsync(URI.create("ws://127.0.0.1:" + port + "/session"), new Answers())
                        .join();
            } catch (CompletionException notYet) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new AssertionError("Firefox cannot be talked to: " + Files.readString(log), notYet);
                }
                Thread.sleep(100);
            }
        }
    }

    /** Goes to a page and waits until it is there. */
    void open(String address) {
        ask("browsingContext.navigate", Map.of("context", tab, "url", address, "wait", "complete"));
    }

    /** What an expression, or what it promises, is in the page: JSON that the page itself writes. */
    JsonNode evaluate(String expression) {
        JsonNode answer = ask(
                "script.evaluate",
                Map.of(
                        "expression",
                        "(async () => JSON.stringify(await (" + expression + ")))()",
                        "target",
                        Map.of("context", tab),
                        "awaitPromise",
                        true));
        if (!answer.path("type").asText().equals("success")) {
            throw new AssertionError(
                    expression + ": " + answer.at("/exceptionDetails/text").asText());
        }
        try {
            return Json.mapper().readTree(answer.at("/result/value").asText());
        } catch (IOException e) {
            throw new AssertionError(expression + " is no JSON", e);
        }
    }

    private JsonNode ask(String method, Map<String, ?> parameters) {
        int number = numbers.incrementAndGet();
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        asked.put(number, answer);
        byte[] command = Json.bytes(Map.of("id", number, "method", method, "params", parameters));
        socket.sendText(new String(command, StandardCharsets.UTF_8), true);
        try {
            JsonNode said = answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!said.path("type").asText().equals("success")) {
                throw new AssertionError(method + ": " + said.path("error").asText() + ": "
                        + said.path("message").asText());
            }
            return said.path("result");
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(method + " has no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(method + " was interrupted", e);
        }
    }

    private final class Answers implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                try {
                    JsonNode message = Json.mapper().readTree(text.toString());
                    CompletableFuture<JsonNode> waiting =
                            asked.remove(message.path("id").asInt());
                    if (waiting != null) { // others are events, which nobody asked for
                        waiting.complete(message);
                    }
                } catch (IOException e) {
                    asked.values().forEach(waiting -> waiting.completeExceptionally(e));
                } finally {
                    text.setLength(0);
                }
            }
            from.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void onError(WebSocket from, Throwable cause) {
            asked.values().forEach(waiting -> waiting.completeExceptionally(cause));
        }
    }

    private void end() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().join(); // its profile is deleted next
        http.close();
    }

    @Override
    public void close() {
        socket.abort();
        end();
    }
}
