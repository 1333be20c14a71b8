package hansard.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.runtime.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * How late words come to who looks on, in milliseconds: when they are shown, when their utterance is final and, from then on, when search finds it.
 * When a word was spoken is what its final utterance says, on the call's clock, counted from the first datagram.
 */
final class WatchedWords {
    private final boolean each;
    private final List<Double> shown = Collections.synchronizedList(new ArrayList<>());
    private final List<Double> finals = Collections.synchronizedList(new ArrayList<>());
    private final List<Double> found = Collections.synchronizedList(new ArrayList<>());

    /** @param each whether to print each word, too */
    WatchedWords(boolean each) {
        this.each = each;
    }

    List<Double> shown() {
        return List.copyOf(shown);
    }

    List<Double> finals() {
        return List.copyOf(finals);
    }

    List<Double> found() {
        return List.copyOf(found);
    }

    void clear() {
        shown.clear();
        finals.clear();
        found.clear();
    }

    /** Until the call's events end. @param began when its first datagram was sent; by {@link System#nanoTime} */
    void watch(LiveCall call, AtomicLong began) {
        // by utterance, when so many words were shown of it first
        Map<String, List<Long>> seen = new ConcurrentHashMap<>();
        for (int attempt = 0; attempt < 200; attempt++) {
            try (Stream<String> lines = call.events()) {
                String[] event = {""};
                lines.forEach(line -> {
                    long now = System.nanoTime();
                    if (line.startsWith("event:")) {
                        event[0] = line.substring(6).strip();
                    } else if (line.startsWith("data:") && event[0].equals("utterance")) {
                        utterance(call, read(line.substring(5)), now, began.get(), seen);
                    }
                });
                return;
            } catch (IOException | UncheckedIOException e) { // its record is not there yet
                pause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void utterance(LiveCall call, JsonNode u, long now, long began, Map<String, List<Long>> seen) {
        List<Long> times = seen.computeIfAbsent(u.path("utteranceId").asText(), id -> new ArrayList<>());
        String text = u.path("text").asText();
        int words = text.isEmpty() ? 0 : text.split(" ").length;
        while (times.size() < words) {
            times.add(now);
        }
        if (u.path("partial").asBoolean()) {
            return;
        }
        finals.add((now - began) / 1e6 - u.path("endMs").asDouble());
        int number = 0;
        for (JsonNode word : u.path("words")) {
            double endMs = word.path("endMs").asDouble();
            double afterMs = (times.get(Math.min(number, times.size() - 1)) - began) / 1e6 - endMs;
            shown.add(afterMs);
            if (each) {
                System.out.printf(
                        Locale.ROOT,
                        "%s %s %.0f ms: %.0f ms later %s%n",
                        call.callId(),
                        u.path("utteranceId").asText(),
                        endMs,
                        afterMs,
                        word.path("word").asText());
            }
            number++;
        }
        if (words >= 3) {
            Thread.ofVirtual().start(() -> search(call, text, now));
        }
    }

    private void search(LiveCall call, String text, long since) {
        try {
            for (int i = 0; i < 100; i++) {
                if (call.search('"' + text + '"').toString().contains(call.callId())) {
                    found.add((System.nanoTime() - since) / 1e6);
                    return;
                }
                Thread.sleep(50);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static JsonNode read(String json) {
        try {
            return Json.mapper().readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
