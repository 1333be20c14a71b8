package hansard.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.ReducedMotion;
import hansard.runtime.Json;
import hansard.runtime.StageContext;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.File;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page in a real Chromium, through the front door, before stages written by hand. */
class ConsolePageTest {
    private static @Nullable Playwright playwright;
    private static @Nullable Browser browser;

    private final List<String> complaints = new ArrayList<>();
    private FakeStages stages;
    private ConsoleService console;
    private BrowserContext context;
    private Page page;

    @BeforeAll
    static void startBrowser() {
        Optional<Path> chromium = chromium();
        if (chromium.isEmpty()) {
            if (Boolean.getBoolean("hansard.requireAll")) {
                fail("no chromium on this machine, and hansard.requireAll is set: install Debian's package chromium");
            }
            Assumptions.abort("no chromium on this machine");
        }
        PlaywrightAssertions.setDefaultAssertionTimeout(20_000);
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
        playwright = Playwright.create(new Playwright.CreateOptions().setEnv(environment));
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium.orElseThrow())
                        .setArgs(List.of(
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-quic",
                                "--no-first-run",
                                "--disable-background-networking",
                                "--disable-component-update",
                                "--disable-sync",
                                "--mute-audio")));
    }

    private static Optional<Path> chromium() {
        String path = System.getenv().getOrDefault("PATH", "");
        return Stream.concat(
                        Stream.of(Path.of("/usr/bin/chromium")),
                        Stream.of(path.split(File.pathSeparator)).map(folder -> Path.of(folder, "chromium")))
                .filter(Files::isExecutable)
                .findFirst();
    }

    @AfterAll
    static void stopBrowser() {
        if (playwright != null) {
            playwright.close();
        }
    }

    @BeforeEach
    void open() throws Exception {
        stages = new FakeStages();
        URI address = stages.address();
        ConsoleConfig config = new ConsoleConfig(
                "127.0.0.1",
                0,
                address,
                address,
                address,
                List.of(new ConsoleConfig.DemoLogin(
                        "olga", "secret", "Compliance officer: hears every call, places holds")));
        console = ConsoleService.start(
                config,
                new StageContext(Clock.systemUTC(), new SimpleMeterRegistry(), (where, cause) -> fail(where, cause)));
        context = Objects.requireNonNull(browser)
                .newContext(new Browser.NewContextOptions()
                        .setBaseURL("http://127.0.0.1:" + console.port())
                        .setLocale("en-GB")
                        .setViewportSize(1280, 800));
        page = context.newPage();
        page.setDefaultTimeout(20_000);
        page.onPageError(complaints::add);
        page.onConsoleMessage(message -> {
            // a 401 before the login is the answer to "who am I?", and the browser notes it as an error
            if (message.type().equals("error") && !message.text().contains("401")) {
                complaints.add(message.text());
            }
        });
    }

    @AfterEach
    void close() {
        context.close();
        console.close();
        stages.close();
    }

    /** With the cookie that the form would have brought; the form has tests of its own. */
    private void signIn() {
        context.addCookies(
                List.of(new Cookie("hansard_session", "t-olga").setUrl("http://127.0.0.1:" + console.port())));
        page.navigate("/");
        assertThat(page.getByTestId("search-input")).isVisible();
    }

    private double playerMs() {
        return ((Number) page.evaluate("() => document.querySelector('hansard-player').playhead.ms")).doubleValue();
    }

    /** Waits until the player is there, and the audio with it unless it was never played. */
    private void assertPlayerNear(long ms) {
        page.waitForFunction(
                "ms => { const near = t => t >= ms - 60 && t < ms + 4000;"
                        + " const p = document.querySelector('hansard-player')?.playhead; const a = p?.audio;"
                        + " return p && near(p.ms) && !a.seeking && (a.readyState === 0 ? a.paused : near(a.currentTime * 1000)) }",
                (double) ms);
    }

    @Test
    void wrongPasswordIsSaidInPlainWords() {
        page.navigate("/call/c-2041");
        page.getByTestId("login-user").fill("olga");
        page.getByTestId("login-password").fill("wrong");
        page.getByTestId("login-submit").click();
        assertThat(page.getByRole(AriaRole.ALERT)).containsText("do not go together");
        page.getByTestId("login-password").fill("secret");
        page.getByTestId("login-submit").click();
        assertThat(page.getByTestId("call-title")).containsText("Copper contract");
    }

    @Test
    void demoLoginTakesOneClick() {
        page.navigate("/");
        page.getByTestId("demo-login").click();
        assertThat(page.getByTestId("search-input")).isFocused();
    }

    @Test
    void searchOpensTheCallAtTheWord() {
        signIn();
        page.getByTestId("search-input").fill("inspection report");
        page.keyboard().press("Enter");
        assertThat(page.getByTestId("search-hit")).hasCount(2);
        assertThat(page).hasURL(Pattern.compile("/search\\?q=inspection\\+report$"));
        assertThat(page.getByTestId("search-hit").first().locator("mark")).hasText("inspection report");
        assertThat(page.getByTestId("search-hit").first()).containsText("<b>"); // shown as text, never read as HTML
        page.getByTestId("search-hit").first().click();
        assertThat(page.getByTestId("call-title")).containsText("Copper contract");
        long word = 25_600 + 9 * 290;
        assertPlayerNear(word);
        assertThat(page.locator(".w.found")).hasText(new String[] {"inspection", "report", "inspection", "report"});
    }

    @Test
    void keyboardAloneFindsAndOpens() {
        signIn();
        page.getByTestId("search-input").blur();
        page.keyboard().press("/");
        assertThat(page.getByTestId("search-input")).isFocused();
        page.keyboard().type("amendment");
        page.keyboard().press("Enter");
        assertThat(page.getByTestId("search-hit")).hasCount(3);
        page.keyboard().press("ArrowDown");
        page.keyboard().press("ArrowDown");
        assertThat(page.getByTestId("search-hit").nth(1)).isFocused();
        page.keyboard().press("Enter");
        assertThat(page.getByTestId("call-title")).isVisible();
        assertPlayerNear(38_800 + 3 * 290 - 290);
    }

    @Test
    void noHitsSaysWhatToTry() {
        signIn();
        page.getByTestId("search-input").fill("zeppelin");
        page.keyboard().press("Enter");
        assertThat(page.getByTestId("no-hits")).containsText("Nobody said “zeppelin”");
    }

    @Test
    void aCallWhoseKeyWasNotReleasedSaysSoEverywhere() throws Exception {
        signIn();
        page.navigate("/recordings");
        Locator row =
                page.getByTestId("recording-row").filter(new Locator.FilterOptions().setHasText("Board, in private"));
        assertThat(row.getByTestId("end-to-end-badge")).hasText("Key not released");
        assertThat(page.getByTestId("end-to-end-badge")).hasCount(1);
        row.click();
        assertThat(page.getByTestId("end-to-end-notice")).containsText("End-to-end encrypted, key not released");
        assertThat(page.getByTestId("end-to-end-notice")).containsText("Anna Lindqvist, video: 3,300 frames");
        assertThat(page.getByTestId("completeness")).containsText("end-to-end encrypted, key not released");
        assertThat(page.getByText("there is no transcript until the key is released"))
                .isVisible();
        assertThat(page.getByText("End-to-end encrypted: the key was not released."))
                .isVisible();
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target", "screenshots", "end-to-end-sealed.png"))
                .setFullPage(true));
    }

    @Test
    void clickingAWordMovesThePlayer() {
        signIn();
        page.navigate("/call/c-2041");
        Locator word = page.locator("[data-start='26180']");
        word.click();
        assertPlayerNear(26_180);
        assertFalse((Boolean) page.getByTestId("player-audio").evaluate("a => a.paused"));
        assertThat(page).hasURL(Pattern.compile("t=26180"));
    }

    @Test
    void transcriptFollowsThePlayer() {
        signIn();
        page.navigate("/call/c-2041?t=58000");
        assertPlayerNear(58_000);
        page.getByTestId("play-toggle").click();
        Locator current = page.getByTestId("transcript-current-word");
        for (long from : List.of(58_600L, 59_500L)) {
            // asked of the page in one go: by the time an answer is here, the next word is being said
            page.waitForFunction(
                    "from => { const w = document.querySelector('[data-testid=transcript-current-word]');"
                            + " const now = document.querySelector('audio').currentTime * 1000;"
                            + " return w && w.dataset.start >= from && now > w.dataset.start - 150 && now < +w.dataset.start + 2000 }",
                    (double) from);
        }
        assertThat(current).isInViewport();
        assertThat(page.getByTestId("follow")).isHidden();

        page.locator(".utterances").hover();
        page.mouse().wheel(0, -2_000);
        assertThat(page.getByTestId("follow")).isVisible();
        page.getByTestId("follow").click();
        assertThat(current).isInViewport();
        assertThat(page.getByTestId("follow")).isHidden();
    }

    @Test
    void deepLinkOpensAtTheMoment() {
        signIn();
        page.navigate("/call/c-2041?t=46500");
        assertPlayerNear(46_500);
        assertThat(page.getByTestId("transcript-current-word")).hasText("works");
        assertThat(page.getByTestId("without-words"))
                .containsText("No words of Chiara Moretti: no model for fr; audio kept");
        assertThat(page.getByTestId("transcript-current-word")).isInViewport();
        assertSeenBelowThePlayer();
        assertTrue((Boolean) page.getByTestId("player-audio").evaluate("a => a.paused"), "nothing plays unasked");
        assertTrue(
                stages.asked.stream().noneMatch(request -> request.contains("/media/")),
                "nothing is fetched unasked: the audit would say that somebody listened");
    }

    @Test
    void wordStaysInSightWhenThePageIsLaidOutAnew() {
        signIn();
        page.navigate("/call/c-2041?t=63000");
        Locator current = page.getByTestId("transcript-current-word");
        assertThat(current).hasText("Thank");
        assertSeenBelowThePlayer();
        page.evaluate("() => { const late = document.createElement('div'); late.style.height = '400px';"
                + " document.querySelector('.player-bar').before(late); }");
        assertSeenBelowThePlayer();
        page.evaluate("() => { document.querySelector('.player-line').style.height = '160px'; }");
        assertSeenBelowThePlayer();
        for (int[] size : new int[][] {{1280, 660}, {1100, 520}, {420, 760}, {1280, 800}}) {
            page.setViewportSize(size[0], size[1]);
            assertSeenBelowThePlayer();
        }
    }

    @Test
    void wordScrolledAwayByHandIsNotPulledBack() {
        // without gliding, a pull would show at once
        page.emulateMedia(new Page.EmulateMediaOptions().setReducedMotion(ReducedMotion.REDUCE));
        signIn();
        page.navigate("/call/c-2041?t=63000");
        assertSeenBelowThePlayer();
        page.locator(".utterances").hover();
        page.mouse().wheel(0, -2_000);
        page.waitForFunction("() => document.querySelector('.utterances').scrollTop === 0");
        page.setViewportSize(1280, 700);
        page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        assertEquals(0, page.evaluate("() => document.querySelector('.utterances').scrollTop"));
    }

    /** The viewport is not enough: a word under the player is in it and cannot be read. */
    private void assertSeenBelowThePlayer() {
        page.waitForFunction("() => { const w = document.querySelector('[data-testid=transcript-current-word]');"
                + " if (!w) return false; const r = w.getBoundingClientRect();"
                + " const top = document.elementFromPoint(r.left + r.width / 2, r.top + 2);"
                + " const bottom = document.elementFromPoint(r.left + r.width / 2, r.bottom - 2);"
                + " return top === w && bottom === w }");
    }

    @Test
    void timelineSeeksByClickAndByKey() {
        signIn();
        page.navigate("/call/c-2041");
        assertThat(page.getByTestId("transcript-word").first()).isVisible();
        Locator timeline = page.getByTestId("timeline");
        double width = timeline.boundingBox().width;
        timeline.click(new Locator.ClickOptions().setPosition(width / 2, 10));
        assertPlayerNear(35_000);
        timeline.press("ArrowRight");
        assertPlayerNear(40_000);
        assertTrue(playerMs() < 44_000);
    }

    @Test
    void holdNeedsAReason() {
        signIn();
        page.navigate("/call/c-2041");
        page.getByTestId("hold-submit").click();
        assertThat(page.getByTestId("hold-complaint")).isVisible();
        assertThat(page.getByTestId("hold-reason")).isFocused();
        assertTrue(stages.asked.stream().noneMatch("POST /v1/holds"::equals), "nothing was sent");

        page.getByTestId("hold-reason").fill("Case 2026-118");
        page.getByTestId("hold-submit").click();
        assertThat(page.getByTestId("hold")).containsText("Case 2026-118");
        assertThat(page.getByTestId("hold-reason")).hasValue("");
    }

    @Test
    void completenessShowsASumThatAddsUp() {
        signIn();
        page.navigate("/call/c-2041");
        assertThat(page.getByTestId("completeness")).containsText("53 lost on the way to us");
        assertThat(page.getByTestId("completeness")).containsText("12 forged or altered");
        assertThat(page.getByTestId("completeness")).containsText("paused200");
        assertThat(page.getByTestId("completeness")).not().containsText("do not add up");
        assertThat(page.getByTestId("alarms")).containsText("Ben Okafor");
    }

    @Test
    void whatIsMissingIsInTheLanesInWordsAndInThePatternsOfTheLegend() {
        signIn();
        page.navigate("/call/c-2041");
        assertThat(page.getByTestId("verdict")).containsText("Complete but for 1.1 s lost in 2 gaps");
        assertThat(page.getByTestId("completeness")).containsText("Signed by transcode-1,O=Okafor");
        assertThat(page.getByTestId("legend").locator("li")).hasText(new String[] {
            "Lost",
            "Rejected",
            "No place in time",
            "Nothing came",
            "Paused by policy",
            "Redacted by policy",
            "Muted",
            "Not in the call",
            "Sealed, no key"
        });
        assertThat(page.getByTestId("span-lost")).hasCount(2);
        assertThat(page.getByTestId("span-lost").first().locator("title"))
                .hasText("Ben Okafor, 0:12.0 to 0:13.0, 1.0 s: lost on the way to us, 50 packets, numbers 231 to 280");
        assertThat(page.getByTestId("span-paused").locator("title"))
                .containsText("card number, by anna, through connector/sfu, 200 packets let go unopened");
        assertThat(page.getByTestId("span-redacted").locator("title"))
                .hasText(
                        "Chiara Moretti, 0:50.0 to 0:56.0, 6.0 s: taken out of what is heard, card number, by policy keep-original");
        List<Object> fills = new ArrayList<>();
        for (String reason :
                List.of("lost", "rejected", "unplaced", "nothing", "paused", "redacted", "muted", "absent", "sealed")) {
            fills.add(page.getByTestId("span-" + reason).first().evaluate("r => getComputedStyle(r).fill"));
        }
        assertEquals(fills.size(), fills.stream().distinct().count(), "each has a pattern of its own: " + fills);
        assertThat(page.getByTestId("gaps")).containsText("Announced as muted, but spoke for 1.5 s.");
        assertThat(page.getByTestId("gaps"))
                .containsText("arrived when its time was over, 200 ms arrived that has no place in time");
        assertThat(page.getByTestId("mended"))
                .containsText(
                        "1 packet sent twice (RED), 12 packets sent again (RTX), 60 ms heard in the packet after it (FEC), 80 ms made up by the decoder");
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target", "screenshots", "completeness.png"))
                .setFullPage(true));
        Locator gap = page.getByTestId("gaps").getByText("0:12.0 to 0:13.0");
        gap.focus();
        assertThat(gap).isFocused();
        page.keyboard().press("Enter");
        assertPlayerNear(12_000);
        page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
        page.screenshot(
                new Page.ScreenshotOptions().setPath(Path.of("target", "screenshots", "completeness-dark.png")));
    }

    @Test
    void aCallThatNeverCameIsListedAndSaysSo() {
        signIn();
        page.navigate("/recordings");
        Locator row = page.getByTestId("recording-row").filter(new Locator.FilterOptions().setHasText("Callback"));
        assertThat(row.getByTestId("completeness-badge")).hasText("Nothing captured");
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "screenshots", "recordings.png")));
        row.click();
        assertThat(page.getByTestId("verdict"))
                .containsText("Nothing captured: no packet ever arrived for 1 of 1 stream.");
        assertThat(page.getByTestId("gaps")).containsText("Announced, and never a packet.");
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target", "screenshots", "nothing-captured.png"))
                .setFullPage(true));
    }

    @Test
    void liveCallGrowsAsItIsSpoken() {
        signIn();
        page.navigate("/call/c-live");
        assertThat(page.getByTestId("state-badge")).hasText("Live");
        stages.liveEvents.add("utterance\n" + json(SampleCall.utterance("p-ben", 1_000, "so the", true)));
        assertThat(page.getByTestId("utterance")).containsText("so the");
        stages.liveEvents.add(
                "utterance\n" + json(SampleCall.utterance("p-ben", 1_000, "So the limits were kept.", false)));
        assertThat(page.getByTestId("utterance")).hasCount(1);
        assertThat(page.getByTestId("utterance")).containsText("So the limits were kept.");
        assertThat(page.getByTestId("play-toggle")).isDisabled();
    }

    @Test
    void videoKeepsInStepWithTheMix() {
        signIn();
        stages.video = RecordedVideo.bytes(page);
        page.navigate("/call/c-2041?t=3500");
        page.getByTestId("play-toggle").click();
        page.waitForFunction("() => { const v = document.querySelector('video');"
                + " return v && v.readyState > 1 && !v.seeking && v.currentTime > 1.2 }");
        page.waitForFunction(
                "() => { const v = document.querySelector('video'); const a = document.querySelector('audio');"
                        + " return a.currentTime > 4 && Math.abs(v.currentTime + 2 - a.currentTime) < 0.4 }");
    }

    @Test
    void aScreenWhoseCodecChangesPlaysOnInItsNextFile() {
        signIn();
        stages.video = RecordedVideo.bytes(page);
        stages.screen = true;
        page.navigate("/call/c-2041?t=4500");
        assertThat(page.locator("figure.screen figcaption")).containsText("Ben Okafor, screen");
        assertThat(page.getByTestId("completeness")).containsText("video of the screen");
        assertThat(page.getByTestId("completeness"))
                .containsText("codec vvc is not known to this version; 12 packets kept sealed");
        page.getByTestId("play-toggle").click();
        String playing = "n => { const v = document.querySelector('figure.screen video');"
                + " return v.src.endsWith('segment=' + n) && v.readyState > 1 && !v.paused && v.currentTime > 0.2 }";
        page.waitForFunction(playing, 0);
        page.waitForFunction(playing, 1);
        page.waitForFunction("() => { const v = document.querySelector('figure.screen video');"
                + " const a = document.querySelector('audio');"
                + " return Math.abs(v.currentTime + 6 - a.currentTime) < 0.4 }");
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target", "screenshots", "screen.png"))
                .setFullPage(true));
    }

    @Test
    void keysPressedAreShownToWhoAsksAndNobodyAsksByOpeningTheCall() {
        signIn();
        page.navigate("/call/c-2041");
        assertThat(page.getByTestId("completeness")).isVisible();
        assertTrue(
                stages.asked.stream().noneMatch(asked -> asked.endsWith("/keys")),
                "an audit entry for a look nobody took");
        page.getByTestId("pressed-keys").locator("summary").click();
        assertThat(page.getByTestId("pressed-keys")).containsText("4 Ben Okafor at 0:21");
        assertThat(page.getByTestId("pressed-keys")).containsText("its end was not seen");
        assertTrue(stages.asked.contains("GET /v1/recordings/c-2041/keys"));
    }

    @Test
    void aStreamThatDoesNotComeIsAnAlarmOnTheLivePage() {
        signIn();
        page.navigate("/call/c-live");
        assertThat(page.getByTestId("state-badge")).hasText("Live");
        assertThat(page.getByTestId("alarms")).hasCount(0);
        stages.liveAlarms = List.of(Map.of("message", "Nothing has come of the screen of Ben Okafor (s-ben)"));
        assertThat(page.getByTestId("alarms"))
                .containsText(
                        "Nothing has come of the screen of Ben Okafor",
                        new com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions()
                                .setTimeout(25_000));
    }

    @Test
    void videoOfEverybodyIsMadeWhenAskedFor() {
        signIn();
        stages.video = RecordedVideo.bytes(page);
        page.navigate("/call/c-2041");
        page.getByTestId("composite-order").click();
        assertThat(page.getByTestId("composite-percent")).hasText("42 %");
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target", "screenshots", "composite-making.png"))
                .setFullPage(true));
        assertThat(page.getByTestId("composite-video")).isVisible();
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target", "screenshots", "composite-ready.png"))
                .setFullPage(true));
        assertTrue(stages.asked.contains("POST /v1/recordings/c-2041/composite"));
    }

    @Test
    void anOfficerHasTheWordsMadeAgainAndLooksAtTheEarlierOnes() {
        signIn();
        page.navigate("/call/c-2041");
        Locator versions = page.getByTestId("versions");
        assertThat(versions.locator("li")).hasCount(1);
        page.getByTestId("versions-again").click();
        versions.getByLabel("Speech model").fill("vosk-en-us-large");
        versions.getByLabel("Reason").fill("names were wrong");
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target", "screenshots", "versions-ordering.png"))
                .setFullPage(true));
        versions.locator("form button.primary").click();
        assertThat(versions.locator("li.waiting")).containsText("vosk-en-us-large being made");
        assertThat(page.getByTestId("versions-again")).isDisabled();
        assertThat(versions.locator("li.current")).containsText("vosk-en-us-large shown to everybody");
        page.screenshot(new Page.ScreenshotOptions()
                .setPath(Path.of("target", "screenshots", "versions.png"))
                .setFullPage(true));
        versions.locator("li.kept input").check();
        page.waitForCondition(() -> stages.asked.contains("GET /v1/recordings/c-2041/transcript?version=0"));
        assertThat(page.locator("a[href*='format=vtt']")).hasAttribute("href", Pattern.compile(".*&version=0"));
        versions.locator("li.current input").check();
        assertThat(page.locator("a[href*='format=vtt']")).hasAttribute("href", Pattern.compile(".*format=vtt"));
    }

    @Test
    void peopleReadWhatTheyWouldWriteAndSeeWhatWasHeardWhenTheyAsk() {
        stages.utterances.add(SampleCall.heard());
        signIn();
        page.navigate("/call/c-2041?t=30");
        Locator said = page.getByTestId("utterance").last();
        assertThat(said.locator("p")).hasText("Okafor sends 25 boxes at 2:30 p.m. my card is [card number] thanks.");
        Locator boxes = said.locator(".w.unsure");
        assertThat(boxes).hasText("boxes");
        assertThat(boxes).hasAttribute("title", "Recognised with 41 % confidence");
        assertThat(boxes).hasCSS("text-decoration-style", "dotted");
        Locator removed = said.locator(".w.removed");
        assertThat(removed).hasText("[card number]");
        assertThat(removed)
                .hasAttribute("title", Pattern.compile("A card number was said here\\. It was removed .*PCI DSS.*"));
        page.getByTestId("transcript-search").fill("twenty five");
        assertThat(said.locator(".w.found")).hasText("25");
        shoot("readable");

        Locator exact = page.getByTestId("exact-words");
        assertThat(exact).hasAttribute("aria-pressed", "false");
        exact.click();
        assertThat(exact).hasAttribute("aria-pressed", "true");
        assertThat(said.locator("p"))
                .hasText("okafor sends twenty five boxes at two thirty p m my card is [card number] thanks");
        assertThat(said.locator(".w.found")).hasText(new String[] {"twenty", "five"});
    }

    private void shoot(String name) {
        for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
            page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme));
            page.getByTestId("utterance").last().scrollIntoViewIfNeeded();
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(Path.of(
                            "target",
                            "screenshots",
                            name + "-" + scheme.name().toLowerCase(java.util.Locale.ROOT) + ".png")));
        }
        page.setViewportSize(390, 800);
        page.getByTestId("utterance").last().scrollIntoViewIfNeeded();
        page.screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "screenshots", name + "-narrow.png")));
        page.setViewportSize(1280, 800);
    }

    @Test
    void subtitlesAreWhatABrowserReads() {
        signIn();
        page.navigate("/call/c-2041");
        page.locator("details.menu summary").click();
        for (String format : List.of("txt", "vtt", "json")) {
            assertThat(page.locator("details.menu a[href='/v1/recordings/c-2041/transcript?format=" + format + "']"))
                    .hasAttribute("download", "c-2041." + format);
        }
        // the browser's own parser, as a video's subtitles
        Object read = page.evaluate("() => new Promise((done, failed) => {"
                + "const video = document.createElement('video'); const track = document.createElement('track');"
                + "track.kind = 'subtitles'; track.default = true; track.src = '/v1/recordings/c-2041/transcript?format=vtt';"
                + "track.onload = () => done([...track.track.cues].map(c => [c.id, c.startTime, c.endTime, c.text,"
                + " [...c.getCueAsHTML().querySelectorAll('*')].map(n => n.title).join(), c.getCueAsHTML().textContent]));"
                + "track.onerror = () => failed(new Error('no cues'));"
                + "video.append(track); document.body.append(video); track.track.mode = 'showing'; })");
        assertEquals(
                List.of(
                        List.of(
                                "u1",
                                1,
                                1.9,
                                "<v Ann &lt;b&gt;&amp; Co>Is a &lt; b --&gt; c?</v>",
                                "Ann <b>& Co",
                                "Is a < b --> c?"),
                        List.of(
                                "u2",
                                4000,
                                4000.9,
                                "<v Bob>My card is [card number].</v>",
                                "Bob",
                                "My card is [card number].")),
                read);
    }

    @Test
    void noScriptErrorsAndNoCspViolations() {
        page.addInitScript(
                "window.violations = [];"
                        + "document.addEventListener('securitypolicyviolation', e => window.violations.push(e.violatedDirective + ' ' + e.blockedURI))");
        signIn();
        for (String path : List.of(
                "/",
                "/search?q=delivery",
                "/search?q=zeppelin&client=x",
                "/recordings",
                "/call/c-2041",
                "/call/none",
                "/x")) {
            page.navigate(path);
            assertThat(page.locator("main h1, main h2, main .hits").first()).isVisible();
            assertEquals(List.of(), page.evaluate("() => window.violations"), path);
        }
        complaints.removeIf(c -> c.contains("404"));
        assertEquals(List.of(), complaints);
    }

    private static String json(Object value) {
        return new String(Json.bytes(value), StandardCharsets.UTF_8);
    }
}
