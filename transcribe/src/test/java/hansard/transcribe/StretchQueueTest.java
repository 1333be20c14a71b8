package hansard.transcribe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.wire.Hearing;
import hansard.wire.Octets;
import hansard.wire.SpeechRecord;
import hansard.wire.Topics;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class StretchQueueTest {
    private static final TopicPartition P = new TopicPartition(Topics.MEDIA_SPEECH, 0);
    private static final long NOW = 1_700_000_000_000L;
    private static final long AN_HOUR_AGO = NOW - 3_600_000;

    private final List<Stretch> started = new ArrayList<>();
    private final List<Boolean> live = new ArrayList<>();
    private final SpeechBacklog backlog = new SpeechBacklog();
    private final StretchQueue queue = new StretchQueue(
            4,
            2,
            (stretch, isLive) -> {
                started.add(stretch);
                live.add(isLive);
            },
            backlog);
    private long offset;

    private static Track track(String streamId) {
        return new Track(TestStage.stream(streamId), 0, Hearing.FIRST, P, true, new SafeWords(false));
    }

    private Stretch begun(Track track, long producedMillis) {
        Stretch stretch = new Stretch(track, 1_000 * producedMillis, offset++, producedMillis, false);
        track.begin(stretch, 1);
        queue.add(stretch);
        return stretch;
    }

    private Stretch whole(Track track, long producedMillis) {
        Stretch stretch = begun(track, producedMillis);
        track.pause(offset++);
        return stretch;
    }

    @Test
    void whatIsSpokenNowIsBegunAtOnceWhateverWaits() {
        for (int i = 0; i < 5; i++) {
            Track over = track("over" + i);
            whole(over, AN_HOUR_AGO + i);
            over.end(1, offset++, false);
        }
        Stretch now = begun(track("live"), NOW - 100);
        queue.startWhatMay(NOW);
        assertEquals(now, started.getFirst());
        assertEquals(List.of(true, false, false), live);
    }

    @Test
    void ofWhatWaitsTracksThatGoOnAreFirstAndThenTheOldest() {
        Track over = track("over");
        Stretch oldest = whole(over, AN_HOUR_AGO);
        over.end(1, offset++, false);
        Stretch later = whole(track("goes-on-1"), AN_HOUR_AGO + 2_000);
        Stretch earlier = whole(track("goes-on-2"), AN_HOUR_AGO + 1_000);
        queue.startWhatMay(NOW);
        assertEquals(List.of(earlier, later), started);
        queue.remove(earlier);
        queue.startWhatMay(NOW);
        assertEquals(List.of(earlier, later, oldest), started);
    }

    @Test
    void aTracksStretchesAreBegunInOrderOneAtATime() {
        Track track = track("one");
        Stretch first = whole(track, NOW - 3_000);
        Stretch second = whole(track, NOW - 2_000);
        queue.startWhatMay(NOW);
        assertEquals(List.of(first), started);
        track.heard(first, List.of());
        queue.remove(first);
        queue.startWhatMay(NOW);
        assertEquals(List.of(first, second), started);
    }

    @Test
    void noMoreAreInHandThanThereAreRecognisers() {
        for (int i = 0; i < 6; i++) {
            begun(track("speaker" + i), NOW - 100 + i);
        }
        queue.startWhatMay(NOW);
        assertEquals(4, started.size());
        queue.remove(started.getFirst());
        queue.startWhatMay(NOW);
        assertEquals(5, started.size());
    }

    @Test
    void beyondTheLimitWhatWaitsIsOnKafkaAloneAndBeginsWhenItIsWhole() {
        for (int i = 0; i < 4; i++) {
            begun(track("speaker" + i), NOW);
        }
        queue.startWhatMay(NOW);
        Stretch large = begun(track("large"), NOW);
        SpeechRecord.Speech piece = new SpeechRecord.Speech(0, 16_000, Octets.of(new byte[1 << 20]));
        for (int i = 0; i < 65; i++) {
            queue.add(large, piece);
        }
        assertTrue(large.isDropped());
        Stretch small = begun(track("small"), NOW);
        queue.add(small, piece);
        assertFalse(small.isDropped(), "what was let go makes room");

        queue.remove(started.getFirst());
        queue.remove(started.get(1));
        queue.startWhatMay(NOW);
        assertEquals(small, started.getLast(), "the other is not whole yet");
        large.complete(offset++);
        queue.startWhatMay(NOW);
        assertEquals(large, started.getLast());
        assertFalse(live.getLast());
    }

    @Test
    void theBacklogSaysHowMuchWaitsAndWhenItIsDone() {
        Track track = track("behind");
        Stretch stretch = whole(track, NOW - 60_000);
        for (int i = 0; i < 30; i++) {
            queue.add(stretch, new SpeechRecord.Speech(0, 16_000, Octets.of(new byte[10])));
        }
        queue.startWhatMay(NOW);
        assertEquals(30, backlog.waitingSeconds());
        assertTrue(Double.isInfinite(backlog.forecastSeconds()));
        stretch.heard(10 * 16_000);
        queue.startWhatMay(NOW + 5_000);
        assertEquals(20, backlog.waitingSeconds());
        assertEquals(10, backlog.forecastSeconds(), 0.01);
        queue.remove(stretch);
        queue.startWhatMay(NOW + 7_000);
        assertEquals(0, backlog.waitingSeconds());
        assertEquals(0, backlog.forecastSeconds());
        assertTrue(queue.isIdle());
    }

    /** Four seconds of speech come in a second and two are recognised; then the calls end. */
    @Test
    void theForecastFollowsTheEndOfCallsWithinSeconds() {
        Stretch stretch = begun(track("many"), NOW);
        for (int second = 1; second <= 60; second++) {
            for (int i = 0; i < 4; i++) {
                queue.add(stretch, new SpeechRecord.Speech(0, 16_000, Octets.of(new byte[10])));
            }
            stretch.heard(2L * second * 16_000);
            queue.startWhatMay(NOW + 1_000L * second);
        }
        assertEquals(120, backlog.waitingSeconds());
        assertTrue(Double.isInfinite(backlog.forecastSeconds()));
        for (int second = 61; second <= 71; second++) {
            stretch.heard(2L * second * 16_000);
            queue.startWhatMay(NOW + 1_000L * second);
        }
        assertEquals(98, backlog.waitingSeconds());
        assertEquals(49, backlog.forecastSeconds(), 1);
    }

    /** Before there was anything to do nothing was recognised, which says nothing of how fast it is. */
    @Test
    void timeInWhichNothingWaitedIsNoPace() {
        for (int second = 0; second < 50; second++) {
            queue.startWhatMay(NOW + 1_000L * second);
        }
        Stretch stretch = begun(track("late"), NOW + 50_000);
        for (int i = 0; i < 20; i++) {
            queue.add(stretch, new SpeechRecord.Speech(0, 16_000, Octets.of(new byte[10])));
        }
        queue.startWhatMay(NOW + 50_000);
        stretch.heard(10 * 16_000);
        queue.startWhatMay(NOW + 60_000);
        stretch.heard(12 * 16_000);
        queue.startWhatMay(NOW + 62_000);
        assertEquals(8, backlog.forecastSeconds(), 0.1);
    }
}
