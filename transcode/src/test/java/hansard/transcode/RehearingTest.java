package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.keys.Envelopes;
import hansard.keys.KeyRef;
import hansard.testkit.Ffmpeg;
import hansard.wire.Artifact;
import hansard.wire.CallEvent;
import hansard.wire.Frame;
import hansard.wire.Hearing;
import hansard.wire.RecordingOrder.TranscriptOrdered;
import hansard.wire.RecordingOrder.Voice;
import hansard.wire.SpeechRecord;
import hansard.wire.StreamDescription;
import hansard.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole stage: a recording's sound is ordered to be heard again; the orders and the transcripts are the test's. */
class RehearingTest {
    private static final long START = TestMedia.EPOCH_MICROS;
    private static final Hearing SECOND = new Hearing(1, "0123456789", "large");

    @TempDir
    static Path directory;

    private static Recorded recorded;

    @BeforeAll
    static void open() {
        recorded = new Recorded(directory);
    }

    @AfterAll
    static void close() {
        recorded.close();
    }

    @AfterEach
    void nothingFailed() {
        assertTrue(recorded.faults.isEmpty(), () -> "the stage failed: " + recorded.faults);
    }

    /** Two tones with silence between and around them; eight seconds, 400 packets. */
    private static List<Frame> telephone(String format, int rate) {
        String spoken = "sine=frequency=500:sample_rate=" + rate
                + ":duration=8,volume='between(t,1,2.5)+between(t,5,6.2)':eval=frame";
        byte[] samples = Ffmpeg.output("-f", "lavfi", "-i", spoken, "-f", format, "-");
        List<Frame> frames = new ArrayList<>();
        for (int at = 0; at + 160 <= samples.length; at += 160) {
            frames.add(TestMedia.frame(START + at * 125L, at, true, Arrays.copyOfRange(samples, at, at + 160)));
        }
        return frames;
    }

    /** Of the last time that it was begun. */
    private static List<SpeechRecord> speech(StreamDescription stream, Hearing hearing) {
        List<SpeechRecord> all = recorded.speech(stream.streamId(), some -> some.stream()
                .anyMatch(r -> r instanceof SpeechRecord.Ended e && e.hearing().equals(hearing)));
        List<SpeechRecord> ofHearing = new ArrayList<>();
        boolean inside = false;
        for (SpeechRecord record : all) {
            if (record instanceof SpeechRecord.Opened opened) {
                inside = opened.hearing().equals(hearing);
                if (inside) {
                    ofHearing.clear(); // what came before counts no more
                }
            }
            if (inside) {
                ofHearing.add(record);
            }
        }
        return ofHearing;
    }

    private static List<Stretches.Heard> heard(StreamDescription stream, Hearing hearing) {
        Stretches stretches = new Stretches();
        Envelopes envelopes = new Envelopes(recorded.vault);
        KeyRef key = new KeyRef("default", stream.callId(), stream.streamId());
        for (SpeechRecord record : speech(stream, hearing)) {
            switch (record) {
                case SpeechRecord.Opened ignored -> {}
                case SpeechRecord.Began began -> {
                    assertEquals(hearing, began.hearing());
                    stretches.began(began.startMicros());
                }
                case SpeechRecord.Speech s -> {
                    String subject = stream.streamId() + "/" + s.startMicros();
                    stretches.speech(
                            s.startMicros(),
                            s.samples(),
                            envelopes.open(key, Topics.MEDIA_SPEECH, subject, s.sealed()));
                }
                case SpeechRecord.Paused paused -> stretches.paused(paused.startMicros());
                case SpeechRecord.Ended ignored -> {}
            }
        }
        return stretches.all();
    }

    /** The container counts milliseconds: so much may it begin elsewhere; the sound is the same. */
    private static void assertSame(StreamDescription stream) {
        List<Stretches.Heard> first = heard(stream, Hearing.FIRST);
        List<Stretches.Heard> again = heard(stream, SECOND);
        assertEquals(2, first.size(), stream.streamId());
        assertEquals(first.size(), again.size(), stream.streamId());
        for (int i = 0; i < first.size(); i++) {
            assertEquals(first.get(i).startMicros(), again.get(i).startMicros(), 11_000, stream.streamId());
            assertEquals(first.get(i).endMicros(), again.get(i).endMicros(), 21_000, stream.streamId());
            assertEquals(
                    level(first.get(i).pcm()),
                    level(again.get(i).pcm()),
                    level(first.get(i).pcm()) / 50,
                    stream.streamId());
        }
    }

    private static double level(short[] pcm) {
        double sum = 0;
        for (short sample : pcm) {
            sum += (double) sample * sample;
        }
        return Math.sqrt(sum / pcm.length);
    }

    private static List<Artifact> sealed(String callId, List<StreamDescription> streams) {
        recorded.call(new CallEvent.CallClosed(
                "e-" + callId,
                "default",
                callId,
                99,
                "",
                streams.stream().map(StreamDescription::streamId).toList()));
        recorded.artifacts(
                callId, all -> Recorded.only(all, Artifact.TrackStored.class).size() == streams.size());
        streams.forEach(s -> recorded.artifact(new Artifact.TranscriptStored(
                "default",
                callId,
                1,
                s.streamId(),
                0,
                0,
                new Artifact.StoredObject("t", "00", 1, "application/json"))));
        return recorded.artifacts(callId, all -> !Recorded.only(all, Artifact.RecordingSealed.class)
                .isEmpty());
    }

    private static Voice voice(Artifact.TrackStored track) {
        return new Voice(track.stream(), track.generation(), track.startMicros(), track.files());
    }

    private static Artifact.HeardAgain last(String callId, int least) {
        return Recorded.only(
                        recorded.artifacts(
                                callId,
                                all -> Recorded.only(all, Artifact.HeardAgain.class)
                                                .size()
                                        >= least),
                        Artifact.HeardAgain.class)
                .getLast();
    }

    @Test
    void aSealedRecordingIsHeardAgainAsItWasAtFirst() {
        StreamDescription opus = TestMedia.stream("again", "again-opus", "opus");
        StreamDescription line = TestMedia.telephone("again", "again-pcmu", "pcmu");
        StreamDescription wide = TestMedia.telephone("again", "again-g722", "g722");
        List<StreamDescription> streams = List.of(opus, line, wide);
        TestMedia.Signal one = TestMedia.burst(1_000, 1_000, 2_500);
        TestMedia.Signal other = TestMedia.burst(700, 5_000, 6_200);
        List<Artifact> made;
        try (TranscodeService service = recorded.startService()) {
            for (StreamDescription s : streams) {
                recorded.call(new CallEvent.StreamAnnounced("e-" + s.streamId(), "default", "again", 1, s, ""));
            }
            recorded.track(opus, TestMedia.opus(START, 400, n -> one.at(n) + other.at(n)));
            recorded.track(line, telephone("mulaw", 8_000));
            recorded.track(wide, telephone("g722", 16_000));
            made = sealed("again", streams);
            assertTrue(service.health().problems().isEmpty());
        }
        TranscriptOrdered order = new TranscriptOrdered(
                SECOND.orderId(),
                "default",
                "again",
                1,
                "olga",
                "a better model",
                SECOND,
                Recorded.only(made, Artifact.TrackStored.class).stream()
                        .map(RehearingTest::voice)
                        .toList());
        recorded.order(order);
        try (TranscodeService next = recorded.startService()) {
            Artifact.HeardAgain done = last("again", 2);
            assertEquals("", done.failure());
            assertEquals(SECOND, done.hearing());
            assertEquals("olga", done.by());
            assertEquals(3, done.streamIds().size());
            streams.forEach(RehearingTest::assertSame);
            recorded.order(order); // as after a kill
            last("again", 4);
            streams.forEach(RehearingTest::assertSame);
            assertTrue(next.health().problems().isEmpty());
        }
        // each opening of each track is on record
        recorded.await(
                Topics.AUDIT_EVENTS,
                all -> all.stream()
                                .map(r -> new String(r.value(), StandardCharsets.UTF_8))
                                .filter(e -> e.contains("transcript.track-opened") && e.contains("a better model"))
                                .count()
                        == 6);
        assertEquals(
                1,
                Recorded.only(recorded.artifacts("again"), Artifact.RecordingSealed.class)
                        .size(),
                "the record is as it was signed");
    }

    @Test
    void whatCannotBeOpenedIsSaidAndLeavesNoTrackOpen() {
        StreamDescription mine = TestMedia.stream("mine", "mine-a", "opus");
        StreamDescription theirs = TestMedia.stream("theirs", "theirs-a", "opus");
        try (TranscodeService service = recorded.startService()) {
            for (StreamDescription s : List.of(mine, theirs)) {
                recorded.call(new CallEvent.StreamAnnounced("e-" + s.streamId(), "default", s.callId(), 1, s, ""));
                recorded.track(s, TestMedia.opus(START, 100, TestMedia.syllables(440)));
            }
            Artifact.TrackStored good = Recorded.only(sealed("mine", List.of(mine)), Artifact.TrackStored.class)
                    .getFirst();
            Artifact.TrackStored other = Recorded.only(sealed("theirs", List.of(theirs)), Artifact.TrackStored.class)
                    .getFirst();
            var moved = new Artifact.StoredObject(
                    good.object().objectKey().replace("mine-a", "gone"), "00", 1, "audio/webm");
            Voice gone =
                    new Voice(mine, 0, START, List.of(new Artifact.Segment("opus", 2, START, 2_000_000, moved, null)));
            Voice foreign = new Voice(mine, 0, START, other.files());
            int said = 0;
            for (Voice voice : List.of(gone, foreign)) {
                said += 2;
                Hearing hearing = new Hearing(said, "o-" + said, "large");
                recorded.order(new TranscriptOrdered(
                        hearing.orderId(), "default", "mine", 1, "olga", "why", hearing, List.of(voice)));
                Artifact.HeardAgain failed = last("mine", said);
                assertFalse(failed.failure().isEmpty());
                assertEquals(hearing, failed.hearing());
            }
            List<SpeechRecord> all = recorded.speech("mine-a", some -> true);
            Stream<SpeechRecord> opened = all.stream().filter(SpeechRecord.Opened.class::isInstance);
            Stream<SpeechRecord> ended = all.stream().filter(SpeechRecord.Ended.class::isInstance);
            assertEquals(opened.count(), ended.count());
            assertTrue(service.health().problems().isEmpty());
        }
    }
}
