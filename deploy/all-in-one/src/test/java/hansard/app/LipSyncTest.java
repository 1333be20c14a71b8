package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.testkit.Captures;
import hansard.testkit.Ffmpeg;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Flashes and beeps that a page made at the same moments, and when they are in the record: the page's times are the truth. */
@ExtendWith(RecordedCaptures.Shared.class)
class LipSyncTest {
    private static final String NAME = Captures.FLASH_AND_BEEP;

    /** What is seen and heard of people who speak is together for a viewer up to here (ITU-R BT.1359-1 has 45 ms for sound ahead). */
    private static final double TOGETHER_MS = 40;

    /** A picture may wait for the next of 30 in a second, and sound for its packet of 20 ms to be full. */
    private static final double MOST_LATE_MS = 1000 / 30.0 + 20;

    /** A composite has 15 pictures in a second of its own, and shows a track's with the nearest of those. */
    private static final double MOST_LATE_IN_COMPOSITE_MS = MOST_LATE_MS + 1000 / 15.0 / 2;

    /** Some 24 s lie between the middles of the first and the last third: a clock that is wrong by a thousandth is past it. */
    private static final double NO_TREND_MS = 20;

    private static final double BEEP_MS = 100;

    /** @param flashMs and {@code beepMs} as the page made them, in the call's time */
    private record Moment(double flashMs, double beepMs) {}

    /** When the sender sent no sound, in the call's time. */
    private record Mute(double fromMs, double toMs) {
        boolean hides(Moment moment) {
            return moment.beepMs() + BEEP_MS > fromMs && moment.beepMs() < toMs;
        }
    }

    /** How much later a moment is in the record than on the page. */
    private record Late(Moment moment, double flashMs, double beepMs) {
        double apartMs() {
            return flashMs - beepMs;
        }
    }

    @TempDir
    Path directory;

    @Test
    void whatWasSeenAndHeardTogetherIsTogetherInTheRecordBeforeBetweenAndAfterMutes(RecordedCaptures recorded)
            throws IOException {
        List<Double> seen = Ffmpeg.lights(track(recorded, "video"));
        List<Double> heard = Ffmpeg.tones(track(recorded, "audio"));
        seen.replaceAll(at -> at + startMs(recorded, "video"));
        heard.replaceAll(at -> at + startMs(recorded, "audio"));
        List<Late> late = late(seen, heard, MOST_LATE_MS);
        List<Mute> mutes = mutes();
        assertTogether(late, moment -> true, "call");
        assertTogether(late, moment -> moment.beepMs() < mutes.getFirst().fromMs(), "before the mutes");
        assertTogether(
                late,
                moment -> moment.beepMs() > mutes.getFirst().toMs()
                        && moment.beepMs() < mutes.getLast().fromMs(),
                "between the mutes");
        assertTogether(late, moment -> moment.beepMs() > mutes.getLast().toMs(), "after the mutes");
        double first = median(late.subList(0, late.size() / 3));
        double last = median(late.subList(late.size() - late.size() / 3, late.size()));
        assertEquals(first, last, NO_TREND_MS, "first third and last third of the call");
    }

    @Test
    void whatWasSeenAndHeardTogetherIsTogetherInTheComposite(RecordedCaptures recorded) throws Exception {
        Path file = composite(recorded);
        assertTogether(
                late(Ffmpeg.lights(file), Ffmpeg.tones(file), MOST_LATE_IN_COMPOSITE_MS), moment -> true, "composite");
    }

    /** Every flash, and every beep that was sent, is found at its time; nothing else is. */
    private static List<Late> late(List<Double> seen, List<Double> heard, double mostMs) {
        List<Mute> mutes = mutes();
        List<Moment> made = made();
        List<Double> seenOnly = new ArrayList<>(seen);
        List<Double> heardOnly = new ArrayList<>(heard);
        List<Late> late = new ArrayList<>();
        for (Moment moment : made) {
            double flash = take(seenOnly, moment.flashMs(), mostMs, "flash");
            if (mutes.stream().noneMatch(mute -> mute.hides(moment))) {
                double beep = take(heardOnly, moment.beepMs(), mostMs, "beep");
                late.add(new Late(moment, flash - moment.flashMs(), beep - moment.beepMs()));
                assertEquals(0, late.getLast().apartMs(), mostMs, moment::toString);
            }
        }
        assertTrue(late.size() >= made.size() - 6, late.size() + " of " + made.size() + ": three fall into each mute");
        assertEquals(List.of(), seenOnly, "flashes that nobody made");
        // a sender's encoder may still hold the end of the tone in which the microphone went, and give it when it comes
        // back
        heardOnly.removeIf(at -> mutes.stream().anyMatch(mute -> Math.abs(at - mute.toMs()) < MOST_LATE_MS));
        assertEquals(List.of(), heardOnly, "beeps that nobody made");
        return late;
    }

    private static double take(List<Double> onsets, double atMs, double mostMs, String what) {
        Double found = onsets.stream()
                .filter(onset -> Math.abs(onset - atMs) < mostMs)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + what + " of " + atMs + " ms in " + onsets));
        onsets.remove(found);
        return found;
    }

    private static void assertTogether(List<Late> all, Predicate<Moment> when, String where) {
        List<Late> some = all.stream().filter(late -> when.test(late.moment())).toList();
        assertTrue(some.size() >= 7, where + " has " + some.size() + " moments");
        assertEquals(0, median(some), TOGETHER_MS, where);
    }

    private static double median(List<Late> late) {
        return late.stream()
                .mapToDouble(Late::apartMs)
                .sorted()
                .skip(late.size() / 2)
                .findFirst()
                .orElseThrow();
    }

    private static List<Moment> made() {
        Captures.Capture capture = Captures.load(NAME);
        List<Moment> made = new ArrayList<>();
        for (JsonNode flash : capture.sidecar().at("/participants/0/flashes")) {
            made.add(new Moment(
                    flash.path("flash_wall_ms").asDouble() - Calls.startWallMs(capture),
                    flash.path("beep_wall_ms").asDouble() - Calls.startWallMs(capture)));
        }
        return made;
    }

    private static List<Mute> mutes() {
        Captures.Capture capture = Captures.load(NAME);
        JsonNode actions = capture.sidecar().path("actions");
        List<Mute> mutes = new ArrayList<>();
        for (int i = 0; i < actions.size(); i += 2) {
            mutes.add(new Mute(
                    actions.path(i).path("wall_ms").asDouble() - Calls.startWallMs(capture),
                    actions.path(i + 1).path("wall_ms").asDouble() - Calls.startWallMs(capture)));
        }
        return mutes;
    }

    private Path track(RecordedCaptures recorded, String kind) throws IOException {
        return recorded.file(NAME, ofKind(recorded, kind).path("trackId").asText(), directory);
    }

    private static double startMs(RecordedCaptures recorded, String kind) {
        return ofKind(recorded, kind).path("startMs").asDouble();
    }

    private static JsonNode ofKind(RecordedCaptures recorded, String kind) {
        return recorded.tracks(NAME).stream()
                .filter(track -> track.path("kind").asText().equals(kind))
                .findFirst()
                .orElseThrow();
    }

    private Path composite(RecordedCaptures recorded) throws IOException, InterruptedException {
        recorded.composite(NAME);
        return recorded.file(NAME, "composite", directory);
    }
}
