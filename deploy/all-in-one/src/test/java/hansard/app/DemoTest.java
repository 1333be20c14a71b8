package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import hansard.access.Access;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.testkit.Require;
import hansard.testkit.WordErrorRate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The demo's call, as those see it who come for it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DemoTest {
    private Path directory = Path.of("");

    private AllInOne all;
    private ApiClient owner;
    private String callId = "";

    @BeforeAll
    void record(@TempDir Path fresh) throws IOException {
        directory = fresh;
        Path data = directory.resolve("data");
        Access access = Access.open(data.resolve("access"));
        DemoCommand.users().forEach(user -> access.putUser(user, "demo"));
        all = Calls.start(
                data,
                Map.of(
                        "retention.policies.trading.department",
                        "trading",
                        "retention.policies.trading.keep",
                        "7y",
                        "retention.policies.trial.department",
                        "trial",
                        "retention.policies.trial.keep",
                        "1s",
                        "retention.check-interval",
                        "1s"));
        owner = Calls.owner(all);
        callId = play("trading");
    }

    private String play(String department) {
        return new Replay(
                        owner,
                        DemoCommand.sidecar(),
                        DemoCommand.capture(),
                        Map.of("title", "Trade order", "department", department, "client", "David Chen"),
                        Map.of("Alice Morgan", "alice"),
                        true)
                .run(Replay.Speed.MAX, Calls.QUIET);
    }

    @AfterAll
    void stop() {
        owner.close();
        all.close();
    }

    private JsonNode search(String user, String query) {
        return owner.actingAs(user).get("/v1/search?" + ApiClient.query(Map.of("q", query)));
    }

    @Test
    @Order(1)
    void theCallIsUnderstoodAlmostWordForWord() {
        JsonNode report = owner.get("/v1/recordings/" + callId + "/report");
        long errors = 0;
        long words = 0;
        for (JsonNode party : DemoTest.sidecarJson().path("participants")) {
            String said = party.path("reference_transcript").asText();
            StringBuilder heard = new StringBuilder();
            report.path("transcript").forEach(u -> {
                if (u.path("participant").asText().equals(party.path("display").asText())) {
                    heard.append(u.path("text").asText()).append(' ');
                }
            });
            WordErrorRate rate = WordErrorRate.of(said, heard.toString());
            errors += rate.errors();
            words += rate.words();
        }
        System.out.printf("the demo's call: %d errors in %d words%n", errors, words);
        assertTrue(errors <= words / 20, errors + " errors in " + words + " words");
        assertTrue(report.path("mix").path("durationMs").asLong() > 45_000);
    }

    private static JsonNode sidecarJson() {
        try (var in = DemoTest.class.getResourceAsStream("demo/trade-order.json")) {
            return hansard.runtime.Json.mapper().readTree(in);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    @Order(2)
    void whoWasNotInTheCallFindsNothingOfItNotEvenACount() {
        assertEquals(2, search("olivia", DemoCommand.SEARCH).path("total").asInt());
        assertEquals(2, search("alice", DemoCommand.SEARCH).path("total").asInt());
        JsonNode nothing = search("mark", DemoCommand.SEARCH);
        assertEquals(0, nothing.path("total").asInt());
        assertTrue(nothing.path("hits").isEmpty());
        assertEquals(
                0, owner.actingAs("mark").get("/v1/recordings").path("total").asInt());
        for (String path : List.of("", "/transcript", "/report", "/media/mix")) {
            assertEquals(ErrorCode.NOT_FOUND, refusal("mark", "/v1/recordings/" + callId + path), path);
            assertEquals(ErrorCode.NOT_FOUND, refusal("mark", "/v1/recordings/never-was" + path), path);
        }
        assertEquals(ErrorCode.FORBIDDEN, refusal("mark", "/v1/audit?callId=" + callId));
    }

    private ErrorCode refusal(String user, String path) {
        try {
            owner.actingAs(user).text(path);
            throw new AssertionError(user + " may read " + path);
        } catch (HansardException e) {
            return e.code();
        }
    }

    @Test
    @Order(3)
    void noPlaintextIsOutsideTheIndex() throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(directory.resolve("data"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (file.startsWith(directory.resolve("data/index")) || Files.size(file) > 100_000_000) {
                    continue;
                }
                String bytes = Files.readString(file, java.nio.charset.StandardCharsets.ISO_8859_1);
                for (String word : List.of("trading desk", "OpusHead", "main account", "until friday")) {
                    if (bytes.contains(word)) {
                        found.add(word + " in " + file);
                    }
                }
            }
        }
        assertEquals(List.of(), found);
    }

    @Test
    @Order(4)
    void searchOpenPlayAndHearFromAWordInChromium() {
        Path chromium = Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(Path.of("/nonexistent"));
        Require.present(Files.isExecutable(chromium), "Chromium");
        Playwright.CreateOptions options =
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"));
        try (Playwright playwright = Playwright.create(options);
                Browser browser = playwright
                        .chromium()
                        .launch(new BrowserType.LaunchOptions()
                                .setExecutablePath(chromium)
                                .setArgs(List.of(
                                        "--no-sandbox",
                                        "--disable-gpu",
                                        "--disable-quic",
                                        "--no-first-run",
                                        "--disable-background-networking",
                                        "--disable-component-update",
                                        "--disable-sync",
                                        "--autoplay-policy=no-user-gesture-required")))) {
            Page page = browser.newPage();
            List<String> errors = new ArrayList<>();
            page.onPageError(errors::add);
            page.navigate(all.instance().api() + "/");
            page.getByTestId("login-user").fill("olivia");
            page.getByTestId("login-password").fill("demo");
            page.getByTestId("login-submit").click();
            page.getByTestId("search-input").fill(DemoCommand.SEARCH);
            page.getByTestId("search-input").press("Enter");
            page.getByTestId("search-hit").first().waitFor();
            screenshot(page, "search");
            page.getByTestId("search-hit").first().click();
            page.getByTestId("transcript-word").first().waitFor();
            var word =
                    page.getByTestId("transcript-word").getByText("confirmed").first();
            word.click();
            page.waitForCondition(() -> currentTime(page) > 30 && currentTime(page) < 45);
            double at = currentTime(page);
            page.waitForCondition(() -> currentTime(page) > at + 0.5); // it plays
            screenshot(page, "call");
            page.getByTestId("play-toggle").click();
            assertEquals(List.of(), errors);
            assertFalse(page.getByTestId("transcript-current-word").all().isEmpty());
        }
    }

    private static double currentTime(Page page) {
        Object time = page.getByTestId("player-audio").evaluate("a => a.currentTime");
        return ((Number) time).doubleValue();
    }

    private static void screenshot(Page page, String name) {
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target/screenshots", name + ".png")));
    }

    @Test
    @Order(5)
    void whoHeardItIsInTheAudit() {
        JsonNode audit = owner.actingAs("olivia").get("/v1/audit?callId=" + callId + "&limit=500");
        List<String> actions = audit.path("events").findValuesAsText("action");
        for (String action : List.of("call.opened", "stream.announced", "key.opened", "media.stored", "call.closed")) {
            assertTrue(actions.contains(action), action + " in " + actions);
        }
        assertTrue(audit.path("chain").path("intact").asBoolean());
    }

    @Test
    @Order(6)
    void pastItsDateACallIsErasedEverywhereAndAHeldOneIsNot() throws Exception {
        owner.actingAs("olivia").post("/v1/holds", Map.of("callId", callId, "reason", "complaint 42"));
        String trial = play("trial");
        List<String> what = List.of();
        for (int i = 0; i < 300 && !what.contains("call"); i++) {
            Thread.sleep(100); // the wait between two looks at a remote state
            what = owner.get("/v1/receipts?callId=" + trial).findValuesAsText("what");
        }
        assertTrue(what.containsAll(List.of("objects", "data-keys", "session-keys", "index", "call")), what.toString());
        JsonNode retention = owner.get("/v1/retention/" + trial);
        assertEquals("purged", retention.path("state").asText(), retention.toPrettyString());
        try (Stream<Path> objects = Files.walk(directory.resolve("data/store"))) {
            assertTrue(objects.noneMatch(p -> p.toString().contains("default/" + trial + "/")));
        }
        ErrorCode refusal = refusal("olivia", "/v1/recordings/" + trial + "/media/mix");
        assertTrue(refusal == ErrorCode.KEY_GONE || refusal == ErrorCode.NOT_FOUND, refusal.name());
        assertEquals(2, search("olivia", DemoCommand.SEARCH).path("total").asInt(), "the held call is still there");
        assertFalse(owner.get("/v1/retention/" + callId).path("holds").isEmpty());
    }
}
