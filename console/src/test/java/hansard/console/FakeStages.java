package hansard.console;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import hansard.runtime.Json;
import hansard.testkit.Subtitles;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The stages behind the console, by hand: what they answer, over real HTTP, with nothing behind. */
final class FakeStages implements AutoCloseable {
    /** What the call's transcript has. */
    final List<Map<String, Object>> utterances = new ArrayList<>(SampleCall.utterances());

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d*)");

    private final HttpServer server;
    private final byte[] audio = Tone.wav(SampleCall.SECONDS);
    private final List<Map<String, Object>> holds = new CopyOnWriteArrayList<>();

    /** What was asked, as "METHOD path?query". */
    final List<String> asked = new CopyOnWriteArrayList<>();

    /** Events for whoever listens to the live call, as "event\ndata". */
    final BlockingQueue<String> liveEvents = new LinkedBlockingQueue<>();

    volatile byte[] video = new byte[0];

    /** Whether Ben shows his screen, first in one codec and then in another. */
    volatile boolean screen;

    /** What a live call has to alarm. */
    volatile List<Map<String, Object>> liveAlarms = List.of();

    /** What the composite is, each time somebody looks; the last for ever. */
    private final Queue<Map<String, Object>> composite = new ConcurrentLinkedQueue<>(List.of(Map.of("state", "none")));

    /** The model that the transcript is made again with; empty when nobody asked for it. */
    private volatile String ordered = "";

    private volatile int looks;

    FakeStages() throws IOException {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/", this::handle);
        server.start();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange x) throws IOException {
        asked.add(x.getRequestMethod() + " " + x.getRequestURI());
        String path = x.getRequestURI().getPath();
        try (x) {
            if (path.equals("/v1/session")) {
                session(x);
            } else if (!signedIn(x)) {
                json(x, 401, Map.of("status", 401, "code", "HSD-1001", "detail", "sign in first"));
            } else {
                answer(x, path.substring(3));
            }
        }
    }

    private void answer(HttpExchange x, String path) throws IOException {
        Map<String, String> query = query(x);
        switch (path) {
            case "/search" -> {
                List<Map<String, Object>> hits = SampleCall.hits(query.getOrDefault("q", ""));
                json(
                        x,
                        200,
                        Map.of("query", query.getOrDefault("q", ""), "total", hits.size(), "tookMs", 4, "hits", hits));
            }
            case "/recordings" -> recordings(x);
            case "/recordings/c-2041" -> {
                Map<String, Object> recording = new LinkedHashMap<>(SampleCall.recording(video.length > 0));
                if (screen) {
                    recording.put("tracks", SampleCall.withScreen(recording.get("tracks")));
                }
                recording.put("composite", composite.size() > 1 ? composite.remove() : composite.element());
                json(x, 200, recording);
            }
            case "/recordings/c-2041/composite" -> {
                composite.clear();
                composite.addAll(List.of(
                        Map.of("state", "none"),
                        Map.of("state", "making", "percent", 42),
                        Map.of(
                                "state",
                                "ready",
                                "percent",
                                100,
                                "durationMs",
                                61_000,
                                "media",
                                "/v1/recordings/c-2041/media/v-anna")));
                json(x, 202, Map.of("state", "making", "percent", 0));
            }
            case "/recordings/c-2041/transcript" -> {
                if (query.containsKey("format")) {
                    media(x, Subtitles.file().getBytes(StandardCharsets.UTF_8), "text/vtt; charset=utf-8");
                    return;
                }
                json(x, 200, Map.of("callId", SampleCall.ID, "utterances", utterances));
            }
            case "/recordings/c-2041/transcripts" -> transcripts(x);
            case "/recordings/c-silent/transcripts", "/recordings/c-e2ee/transcripts" ->
                json(x, 200, Map.of("current", 0, "versions", List.of(SampleCall.version(0, "", "current"))));
            case "/recordings/c-2041/completeness" -> json(x, 200, SampleCall.completeness());
            case "/recordings/c-silent" -> json(x, 200, SampleCall.nothing());
            case "/recordings/c-silent/completeness" -> json(x, 200, SampleCall.nothingCompleteness());
            case "/recordings/c-silent/transcript" ->
                json(x, 200, Map.of("callId", SampleCall.NOTHING_ID, "utterances", List.of()));
            case "/recordings/c-2041/keys" -> json(x, 200, SampleCall.keys());
            case "/recordings/c-2041/media/s-ben" -> media(x, video, "video/webm");
            case "/recordings/c-2041/media/v-anna" -> media(x, video, "video/webm");
            case "/recordings/c-e2ee" -> json(x, 200, SampleCall.endToEnd());
            case "/recordings/c-e2ee/transcript" ->
                json(x, 200, Map.of("callId", SampleCall.SEALED_ID, "utterances", List.of()));
            case "/recordings/c-live" -> {
                Map<String, Object> live =
                        new LinkedHashMap<>(SampleCall.summary("c-live", "Weekly risk review", "live"));
                live.put("alarms", liveAlarms);
                json(x, 200, live);
            }
            case "/recordings/c-live/transcript" -> json(x, 200, Map.of("callId", "c-live", "utterances", List.of()));
            case "/recordings/c-live/events" -> events(x);
            case "/retention/c-2041", "/retention/c-live", "/retention/c-e2ee", "/retention/c-silent" -> retention(x);
            case "/holds" -> hold(x);
            case "/audit" -> audit(x);
            default -> {
                if (path.startsWith("/recordings/c-2041/media/")) {
                    media(x, audio, "audio/wav");
                } else {
                    json(x, 404, Map.of("status", 404, "code", "HSD-1004", "detail", "no such thing"));
                }
            }
        }
    }

    /** Each time somebody looks, what was ordered is one state further. */
    private void transcripts(HttpExchange x) throws IOException {
        if (x.getRequestMethod().equals("POST")) {
            ordered = String.valueOf(
                    Json.mapper().readValue(x.getRequestBody(), Map.class).get("model"));
            json(x, 202, SampleCall.version(1, ordered, "waiting"));
            return;
        }
        boolean there = !ordered.isEmpty() && looks++ > 0;
        List<Map<String, Object>> versions = new ArrayList<>();
        versions.add(SampleCall.version(0, "", there ? "kept" : "current"));
        if (!ordered.isEmpty()) {
            versions.add(SampleCall.version(1, ordered, there ? "current" : "waiting"));
        }
        json(x, 200, Map.of("current", there ? 1 : 0, "versions", versions));
    }

    private static void recordings(HttpExchange x) throws IOException {
        List<Map<String, Object>> all = List.of(
                SampleCall.summary("c-live", "Weekly risk review", "live"),
                SampleCall.summary(SampleCall.ID, "Copper contract, delivery date", "sealed"),
                SampleCall.summary("c-2039", "", "closed"),
                SampleCall.endToEnd(),
                SampleCall.nothing(),
                SampleCall.summary(
                        "c-1210", "Onboarding of Harbour Freight GmbH with everybody from operations", "purged"));
        json(x, 200, Map.of("total", all.size(), "recordings", all));
    }

    private void retention(HttpExchange x) throws IOException {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("callId", SampleCall.ID);
        answer.put("policy", "trading: 7y");
        answer.put("keepUntil", "2033-11-16T09:31:04Z");
        answer.put("holds", holds);
        answer.put("state", holds.isEmpty() ? "kept" : "held");
        answer.put("receipts", List.of());
        json(x, 200, answer);
    }

    private void hold(HttpExchange x) throws IOException {
        Map<?, ?> order = Json.mapper().readValue(x.getRequestBody(), Map.class);
        holds.add(Map.of(
                "holdId",
                "h-" + (holds.size() + 1),
                "by",
                "olga",
                "reason",
                order.get("reason"),
                "atMicros",
                1_795_000_000_000_000L));
        json(x, 201, Map.of("holdId", "h-" + holds.size()));
    }

    private static void audit(HttpExchange x) throws IOException {
        List<Map<String, Object>> events = new ArrayList<>();
        String[] actions = {"play", "transcript.read", "search", "key.opened", "call.closed", "call.opened"};
        String[] actors = {"olga", "olga", "ben", "decrypt-worker/CN=worker-1", "connector/janus", "connector/janus"};
        for (int i = 0; i < actions.length; i++) {
            events.add(Map.of(
                    "eventId",
                    "e-" + i,
                    "actor",
                    actors[i],
                    "action",
                    actions[i],
                    "outcome",
                    i == 2 ? "refused" : "ok",
                    "atMicros",
                    1_795_000_000_000_000L - i * 61_000_000L));
        }
        json(x, 200, Map.of("events", events, "chain", Map.of("length", 418, "head", "9f2c", "intact", true)));
    }

    /** Sends what the test puts into the queue, until it puts "end". */
    private void events(HttpExchange x) throws IOException {
        x.getResponseHeaders().set("Content-Type", "text/event-stream");
        x.sendResponseHeaders(200, 0);
        OutputStream out = x.getResponseBody();
        out.write(":\n\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
        try {
            for (String event = liveEvents.take(); !event.equals("end"); event = liveEvents.take()) {
                out.write(("event: " + event.replace("\n", "\ndata: ") + "\n\n").getBytes(StandardCharsets.UTF_8));
                out.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static void media(HttpExchange x, byte[] bytes, String type) throws IOException {
        x.getResponseHeaders().set("Content-Type", type);
        x.getResponseHeaders().set("Accept-Ranges", "bytes");
        String header = x.getRequestHeaders().getFirst("Range");
        Matcher range = RANGE.matcher(header == null ? "" : header);
        if (!range.matches()) {
            send(x, 200, bytes);
            return;
        }
        int from = Integer.parseInt(range.group(1));
        if (from >= bytes.length) {
            x.getResponseHeaders().set("Content-Range", "bytes */" + bytes.length);
            send(x, 416, new byte[0]);
            return;
        }
        int to = range.group(2).isEmpty()
                ? bytes.length - 1
                : Math.min(bytes.length - 1, Integer.parseInt(range.group(2)));
        x.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + to + "/" + bytes.length);
        send(x, 206, Arrays.copyOfRange(bytes, from, to + 1));
    }

    private void session(HttpExchange x) throws IOException {
        Map<String, Object> olga = Map.of(
                "user",
                "olga",
                "displayName",
                "Olga Brandt",
                "roles",
                List.of("compliance-officer"),
                "token",
                "t-olga");
        switch (x.getRequestMethod()) {
            case "POST" -> {
                Map<?, ?> login = Json.mapper().readValue(x.getRequestBody(), Map.class);
                if ("secret".equals(login.get("password"))) {
                    x.getResponseHeaders()
                            .add("Set-Cookie", "hansard_session=t-olga; Path=/; HttpOnly; SameSite=Strict");
                    json(x, 200, olga);
                } else {
                    json(x, 401, Map.of("status", 401, "code", "HSD-1001", "detail", "wrong user or password"));
                }
            }
            case "DELETE" -> {
                x.getResponseHeaders().add("Set-Cookie", "hansard_session=; Path=/; Max-Age=0");
                x.sendResponseHeaders(204, -1);
            }
            default ->
                json(x, signedIn(x) ? 200 : 401, signedIn(x) ? olga : Map.of("status", 401, "detail", "sign in first"));
        }
    }

    private static boolean signedIn(HttpExchange x) {
        return x.getRequestHeaders().getOrDefault("Cookie", List.of()).stream()
                .anyMatch(c -> c.contains("hansard_session=t-olga"));
    }

    private static Map<String, String> query(HttpExchange x) {
        Map<String, String> found = new LinkedHashMap<>();
        String raw = x.getRequestURI().getRawQuery();
        for (String pair : raw == null ? new String[0] : raw.split("&")) {
            String[] parts = pair.split("=", 2);
            found.put(parts[0], parts.length == 2 ? URLDecoder.decode(parts[1], StandardCharsets.UTF_8) : "");
        }
        return found;
    }

    static void json(HttpExchange x, int status, Object body) throws IOException {
        x.getResponseHeaders().set("Content-Type", status < 400 ? "application/json" : "application/problem+json");
        send(x, status, Json.bytes(body));
    }

    static void send(HttpExchange x, int status, byte[] body) throws IOException {
        x.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        try (OutputStream out = x.getResponseBody()) {
            out.write(body);
        }
    }

    @Override
    public void close() {
        liveEvents.add("end");
        server.stop(0);
    }
}
