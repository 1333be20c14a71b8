package hansard.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import hansard.runtime.Json;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows a call's events and shows who says what while they say it. One virtual thread, ended by {@link #close}. */
final class LiveTranscript implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LiveTranscript.class);
    private static final Terminal.Style[] COLOURS = {
        Terminal.Style.CYAN, Terminal.Style.MAGENTA, Terminal.Style.GREEN, Terminal.Style.YELLOW
    };

    private final ApiClient api;
    private final Terminal terminal;
    private final BiConsumer<String, String> partial;
    private final Map<String, Terminal.Style> colours = new HashMap<>();
    private final Thread thread;
    private volatile boolean open = true;

    /** @param partial told speaker and words so far of what is being said */
    LiveTranscript(ApiClient api, String callId, Terminal terminal, BiConsumer<String, String> partial) {
        this.api = api;
        this.terminal = terminal;
        this.partial = partial;
        this.thread = Thread.ofVirtual().name("live-transcript").start(() -> follow(callId));
    }

    private void follow(String callId) {
        while (open) {
            try (Stream<String> lines = api.events("/v1/recordings/" + callId + "/events")) {
                var each = lines.iterator();
                String event = "";
                while (open && each.hasNext()) {
                    String line = each.next();
                    if (line.startsWith("event:")) {
                        event = line.substring(6).strip();
                    } else if (line.startsWith("data:") && event.equals("utterance")) {
                        show(line.substring(5).strip());
                    }
                }
            } catch (IOException | java.io.UncheckedIOException e) {
                log.debug("the event stream of {} is not there yet", callId, e);
            } catch (InterruptedException e) {
                return; // closed
            }
            if (open && !pause()) {
                return;
            }
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(300); // between two tries to connect
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void show(String json) {
        JsonNode utterance;
        try {
            utterance = Json.mapper().readTree(json);
        } catch (JsonProcessingException e) {
            log.warn("an event is not JSON and is not shown");
            return;
        }
        String who = utterance.path("participant").asText();
        String text = utterance.path("text").asText();
        if (utterance.path("partial").asBoolean()) {
            partial.accept(who, text);
            return;
        }
        partial.accept("", "");
        Terminal.Style colour = colours.computeIfAbsent(who, w -> COLOURS[colours.size() % COLOURS.length]);
        terminal.line("  "
                + terminal.styled(
                        Terminal.Style.DIM,
                        pad(Terminal.clock(utterance.path("startMs").asLong()), 6)) + " "
                + terminal.styled(colour, pad(who, 14)) + " " + text);
    }

    private static String pad(String text, int width) {
        return text.length() >= width ? text : text + " ".repeat(width - text.length());
    }

    @Override
    public void close() {
        open = false;
        thread.interrupt();
    }
}
