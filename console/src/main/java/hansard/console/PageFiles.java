package hansard.console;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.Handler;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The page's files, from the class path: {@code /app/**} are ours, {@code /webjars/NAME/**} those of the libraries (whichever
 * version is on the class path), and the page's own addresses ({@code /call/…}) all give {@code index.html}, which then
 * shows the right view. Thread-safe.
 */
final class PageFiles implements Handler {
    private static final Pattern APP = Pattern.compile("/app/(?:[a-z0-9-]+/)?[a-z0-9-]+\\.(?:js|css|svg)");
    private static final Pattern WEBJAR = Pattern.compile(
            "/webjars/(lit|lit-html|lit-element|lit__reactive-element)/((?:[a-z0-9-]+/)?[a-z0-9-]+\\.js)");
    private static final Pattern VIEW = Pattern.compile("/|/login|/search|/recordings|/call/[^/]+");
    private static final Pattern IMPORT_MAP =
            Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);
    private static final Map<String, String> CONTENT_TYPES = Map.of(
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "html", "text/html; charset=utf-8");

    private static final HeaderName CSP = HeaderNames.create("Content-Security-Policy");
    private static final HeaderName NOSNIFF = HeaderNames.create("X-Content-Type-Options");
    private static final HeaderName REFERRER = HeaderNames.create("Referrer-Policy");
    private static final HeaderName OPENER = HeaderNames.create("Cross-Origin-Opener-Policy");

    private final Map<String, PageFile> files = new ConcurrentHashMap<>();
    private final PageFile index;
    private final String policy;

    private record PageFile(byte[] bytes, String contentType, String etag) {}

    private PageFiles(PageFile index, String policy) {
        this.index = index;
        this.policy = policy;
    }

    /** Reads the page's frame and works out its policy. */
    static PageFiles open() {
        PageFile index = load("hansard/console/page/index.html")
                .orElseThrow(() -> new HansardException(
                        ErrorCode.INTERNAL, "the console's jar has no hansard/console/page/index.html"));
        return new PageFiles(index, policy(new String(index.bytes(), StandardCharsets.UTF_8)));
    }

    /**
     * Nothing but our own files, and of inline scripts only the import map, by its hash (CSP 3 section 2.3.1): browsers take no
     * import map from a file of its own.
     */
    static String policy(String html) {
        Matcher map = IMPORT_MAP.matcher(html);
        String hash = map.find()
                ? " 'sha256-"
                        + Base64.getEncoder().encodeToString(sha256(map.group(1).getBytes(StandardCharsets.UTF_8)))
                        + "'"
                : "";
        return "default-src 'self'; script-src 'self'" + hash + "; style-src 'self'; img-src 'self' data:; "
                + "media-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
    }

    /** Adds the headers that every answer of the page has. */
    void secure(ServerResponse res) {
        res.header(CSP, policy);
        res.header(NOSNIFF, "nosniff");
        res.header(REFERRER, "no-referrer");
        res.header(OPENER, "same-origin");
    }

    @Override
    public void handle(ServerRequest req, ServerResponse res) {
        secure(res);
        String path = req.path().path();
        if (VIEW.matcher(path).matches()) {
            send(req, res, index);
            return;
        }
        Optional<PageFile> file = resource(path).flatMap(this::file);
        if (file.isPresent()) {
            send(req, res, file.get());
        } else {
            res.status(Status.NOT_FOUND_404);
            res.header(HeaderNames.CONTENT_TYPE, index.contentType());
            res.send(index.bytes());
        }
    }

    private static void send(ServerRequest req, ServerResponse res, PageFile file) {
        res.header(HeaderNames.ETAG, file.etag());
        res.header(HeaderNames.CACHE_CONTROL, "no-cache"); // asks each time, gets 304: a new release shows at once
        if (req.headers().values(HeaderNames.IF_NONE_MATCH).contains(file.etag())) {
            res.status(Status.NOT_MODIFIED_304);
            res.send();
            return;
        }
        res.header(HeaderNames.CONTENT_TYPE, file.contentType());
        res.send(file.bytes());
    }

    /** The class path name of a page address, if the address has one of the allowed shapes: no other resource is reachable. */
    static Optional<String> resource(String path) {
        if (APP.matcher(path).matches()) {
            return Optional.of("hansard/console/page" + path);
        }
        Matcher webjar = WEBJAR.matcher(path);
        if (webjar.matches()) {
            return WebJars.version(webjar.group(1))
                    .map(version ->
                            "META-INF/resources/webjars/" + webjar.group(1) + "/" + version + "/" + webjar.group(2));
        }
        return Optional.empty();
    }

    /** Remembers what exists and only that, so that made-up names take no memory. */
    private Optional<PageFile> file(String name) {
        return Optional.ofNullable(files.computeIfAbsent(name, n -> load(n).orElse(null)));
    }

    private static Optional<PageFile> load(String name) {
        try (InputStream in = PageFiles.class.getClassLoader().getResourceAsStream(name)) {
            if (in == null) {
                return Optional.empty();
            }
            byte[] bytes = in.readAllBytes();
            String type =
                    CONTENT_TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "application/octet-stream");
            return Optional.of(new PageFile(bytes, type, '"' + HexFormat.of().formatHex(sha256(bytes), 0, 12) + '"'));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + name + " from the class path", e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
