package hansard.console;

import hansard.runtime.Settings;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where the console listens and which stages are behind it.
 *
 * @param port 0 takes a free one
 * @param ingest address of the ingest's API, without a path
 * @param index address of the index's API, without a path
 * @param retention address of the retention's API, without a path
 * @param demoLogins shown on the login page to everybody who opens it: for demonstrations only
 */
public record ConsoleConfig(String host, int port, URI ingest, URI index, URI retention, List<DemoLogin> demoLogins) {
    private static final Pattern ADDRESS = Pattern.compile("https?://[^/?#\\s]+/?");

    public ConsoleConfig {
        demoLogins = List.copyOf(demoLogins);
    }

    /** A user whose password is no secret. */
    public record DemoLogin(String user, String password, String description) {}

    public static ConsoleConfig from(Settings s) {
        return new ConsoleConfig(
                s.string("console.http.host", "127.0.0.1"),
                s.integer("console.http.port", 7080, 0, 65_535),
                address(s, "console.ingest-url", "http://127.0.0.1:7070"),
                address(s, "console.index-url", "http://127.0.0.1:7071"),
                address(s, "console.retention-url", "http://127.0.0.1:7072"),
                demoLogins(s));
    }

    private static URI address(Settings s, String key, String fallback) {
        String text = s.string(key, fallback).strip();
        if (!ADDRESS.matcher(text).matches()) {
            s.problem(key, "is '" + text + "': must be http://HOST:PORT or https://HOST:PORT without a path");
            return URI.create(fallback);
        }
        return URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    }

    private static List<DemoLogin> demoLogins(Settings s) {
        String key = "console.demo-logins";
        List<DemoLogin> logins = new ArrayList<>();
        for (String entry : s.string(key, "").split("[;\\n]")) {
            if (entry.isBlank()) {
                continue;
            }
            String[] parts = entry.strip().split(":", 3);
            if (parts.length < 3) {
                s.problem(key, "has an entry that is not user:password:description (entries are separated by ';')");
                continue;
            }
            logins.add(new DemoLogin(parts[0], parts[1], parts[2]));
        }
        return logins;
    }
}
