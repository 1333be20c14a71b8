package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.keys.KeyRef;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.testkit.Ffmpeg;
import hansard.wire.Artifact;
import hansard.wire.CallEvent;
import hansard.wire.Frame;
import hansard.wire.Redaction;
import hansard.wire.StreamDescription;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole stage, for a tenant whose card numbers nobody is to hear; the transcripts are the test's. */
class RedactedTracksTest {
    private static final long START = TestMedia.EPOCH_MICROS;
    private static final Redaction CARD =
            new Redaction(START + 2_000_000, START + 3_000_000, Redaction.Kind.CARD_NUMBER);
    private static final SoundPolicy KEEPING =
            new SoundPolicy(new SoundPolicy.Wish(SoundPolicy.KEEP_ORIGINAL, "withheld"), Map.of());

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

    /** Six seconds of a tone, 300 packets. */
    private static List<Frame> telephone(String format, int hertz, int rate) {
        String tone = "sine=frequency=" + hertz + ":sample_rate=" + rate + ":duration=6";
        byte[] samples = Ffmpeg.output("-f", "lavfi", "-i", tone, "-f", format, "-");
        List<Frame> frames = new ArrayList<>();
        for (int at = 0; at + 160 <= samples.length; at += 160) {
            frames.add(TestMedia.frame(START + at * 125L, at, true, Arrays.copyOfRange(samples, at, at + 160)));
        }
        return frames;
    }

    private static List<Demuxer.Packet> packets(Artifact.StoredObject object, KeyRef key) throws IOException {
        List<Demuxer.Packet> packets = new ArrayList<>();
        try (var channel = recorded.objects.open(object.objectKey(), key);
                Demuxer demuxer = new Demuxer(channel)) {
            for (Optional<Demuxer.Packet> p = demuxer.next(); p.isPresent(); p = demuxer.next()) {
                packets.add(p.get());
            }
        }
        return packets;
    }

    private static short[] heard(Artifact.StoredObject object, KeyRef key, String codec) throws IOException {
        short[] pcm = new short[0];
        try (SoundDecoder decoder = SoundDecoder.of(codec, 1, SoundDecoder.TO_PLAY)) {
            for (Demuxer.Packet packet : packets(object, key)) {
                short[] block = decoder.decode(packet.payload());
                int at = pcm.length;
                pcm = Arrays.copyOf(pcm, at + block.length);
                System.arraycopy(block, 0, pcm, at, block.length);
            }
        }
        return pcm;
    }

    /** Before, in (but for 40 ms in which a codec with memory fades) and after the stretch. */
    private static void assertSilentThere(short[] pcm, double quiet) {
        assertTrue(Sound.level(pcm, 48 * 1_000, 48 * 900) > 0.05, "before");
        double there = Sound.level(pcm, 48 * 2_040, 48 * 950);
        assertTrue(there < quiet, "there: " + there);
        assertTrue(Sound.level(pcm, 48 * 3_100, 48 * 900) > 0.05, "after");
    }

    private static Artifact.RedactionStored of(List<Artifact> made, String streamId) {
        return Recorded.only(made, Artifact.RedactionStored.class).stream()
                .filter(r -> r.streamId().equals(streamId))
                .findFirst()
                .orElseThrow();
    }

    private static Artifact.TrackStored track(List<Artifact> made, String streamId) {
        return Recorded.only(made, Artifact.TrackStored.class).stream()
                .filter(t -> t.stream().streamId().equals(streamId))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whatMayNotBeHeardIsInNoTrackNorMixThatPeopleGet() throws IOException {
        StreamDescription card = TestMedia.stream("card", "card-opus", "opus");
        StreamDescription line = TestMedia.telephone("card", "card-pcmu", "pcmu");
        StreamDescription wide = TestMedia.telephone("card", "card-g722", "g722");
        StreamDescription other = TestMedia.stream("card", "card-other", "opus");
        List<Frame> spoken = TestMedia.opusWithFec(START, 300, TestMedia.tone(1_000));
        try (TranscodeService first = recorded.startService(KEEPING)) {
            for (StreamDescription s : List.of(card, line, wide, other)) {
                recorded.call(new CallEvent.StreamAnnounced("e-" + s.streamId(), "default", "card", 1, s, ""));
            }
            recorded.track(card, spoken);
            recorded.track(line, telephone("mulaw", 600, 8_000));
            recorded.track(wide, telephone("g722", 500, 16_000));
            recorded.track(other, TestMedia.opus(START, 300, TestMedia.tone(1_700)));
            recorded.call(new CallEvent.CallClosed(
                    "e-closed",
                    "default",
                    "card",
                    99,
                    "",
                    List.of("card-opus", "card-pcmu", "card-g722", "card-other")));
            List<Artifact> made = recorded.artifacts(
                    "card",
                    all -> Recorded.only(all, Artifact.TrackStored.class).size() == 4);
            assertTrue(track(made, "card-opus").withheld());
            recorded.transcribed("card", "card-opus", CARD);
            recorded.transcribed("card", "card-other");
            recorded.artifacts(
                    "card",
                    all -> Recorded.only(all, Artifact.RedactionStored.class).size() == 2);
            assertTrue(first.health().problems().isEmpty());
        }
        assertEquals(
                List.of(),
                Recorded.only(recorded.artifacts("card"), Artifact.TracksComplete.class),
                "two tracks wait for their words");
        try (TranscodeService second = recorded.startService(KEEPING)) {
            recorded.transcribed("card", "card-pcmu", CARD);
            recorded.transcribed("card", "card-g722", CARD);
            List<Artifact> made = recorded.artifacts("card", all -> !Recorded.only(all, Artifact.RecordingSealed.class)
                    .isEmpty());
            assertOpus(made, spoken);
            assertTelephony(made);
            assertTrue(of(made, "card-other").nothingRemoved());
            assertMix(Recorded.only(made, Artifact.MixStored.class).getLast());
            Artifact.CompletenessStored stated =
                    Recorded.only(made, Artifact.CompletenessStored.class).getLast();
            assertTrue(stated.verdict().sentence().contains("3.0 s redacted by policy"), stated.verdict()::sentence);
            assertTrue(second.health().problems().isEmpty());
        }
    }

    private static void assertOpus(List<Artifact> made, List<Frame> spoken) throws IOException {
        Artifact.RedactionStored redacted = of(made, "card-opus");
        Artifact.Segment file = redacted.files().getFirst();
        Artifact.TrackStored original = track(made, "card-opus");
        assertEquals(original.startMicros(), file.startMicros());
        assertEquals(original.durationMicros(), file.durationMicros());
        KeyRef key = KeyRef.redacted("default", "card", "card-opus");
        List<Demuxer.Packet> packets = packets(file.object(), key);
        assertEquals(spoken.size(), packets.size());
        int replaced = 0;
        for (int i = 0; i < packets.size(); i++) {
            byte[] came = spoken.get(i).payload().array();
            if (Arrays.equals(came, packets.get(i).payload())) {
                continue;
            }
            replaced++;
            assertTrue(i >= 99 && i <= 150, "packet " + i);
        }
        assertTrue(replaced >= 50, replaced + " packets");
        assertSilentThere(heard(file.object(), key, "opus"), 0.0005);
        KeyRef ofOriginal = new KeyRef("default", "card", "card-opus");
        assertEquals(
                ErrorCode.NOT_AUTHENTIC,
                assertThrows(
                                HansardException.class,
                                () -> recorded.objects.open(file.object().objectKey(), ofOriginal))
                        .code());
        List<Demuxer.Packet> kept = packets(original.object(), ofOriginal);
        for (int i = 0; i < kept.size(); i++) {
            assertArrayEquals(spoken.get(i).payload().array(), kept.get(i).payload());
        }
    }

    private static void assertTelephony(List<Artifact> made) throws IOException {
        Artifact.Segment line = of(made, "card-pcmu").files().getFirst();
        assertSilentThere(heard(line.object(), KeyRef.redacted("default", "card", "card-pcmu"), "pcmu"), 0.0005);
        assertFalse(line.object().objectKey().contains("/card-pcmu.wav"));
        Artifact.Segment wide = of(made, "card-g722").files().getFirst();
        KeyRef key = KeyRef.redacted("default", "card", "card-g722");
        assertSilentThere(heard(wide.object(), key, "g722"), 0.005);
        assertSilentThere(heard(Objects.requireNonNull(wide.playable()), key, "opus"), 0.005);
    }

    private static void assertMix(Artifact.MixStored mix) throws IOException {
        short[] pcm = heard(Objects.requireNonNull(mix.object()), new KeyRef("default", "card", KeyRef.MIX), "opus");
        for (double hertz : new double[] {1_000, 600}) {
            assertTrue(Sound.toneLevel(pcm, 48 * 1_400, 4_800, hertz, 48_000) > 0.02, hertz + " before");
            assertTrue(Sound.toneLevel(pcm, 48 * 2_300, 24_000, hertz, 48_000) < 0.004, hertz + " there");
        }
        assertTrue(Sound.toneLevel(pcm, 48 * 2_300, 4_800, 1_700, 48_000) > 0.05, "who said nothing is heard");
    }

    @Test
    void whatCannotBeMadeSilentStaysWithheld() {
        StreamDescription stream = TestMedia.stream("broken", "broken-a", "opus");
        try (TranscodeService service = recorded.startService(KEEPING)) {
            recorded.call(new CallEvent.StreamAnnounced("e-broken", "default", "broken", 1, stream, ""));
            recorded.track(stream, TestMedia.opus(START, 50, TestMedia.tone(700)));
            List<Artifact> made = recorded.artifacts("broken", all -> !Recorded.only(all, Artifact.TrackStored.class)
                    .isEmpty());
            Artifact.TrackStored track = track(made, "broken-a");
            var moved = new Artifact.StoredObject(
                    track.object().objectKey().replace("broken-a", "gone"), "00", 1, "audio/webm");
            recorded.artifact(new Artifact.RedactionDue(
                    "default",
                    "broken",
                    1,
                    new Artifact.TrackStored(
                            "default", "broken", 1, stream, 0, track.account(), START, 1, 0, moved, List.of(), true),
                    "keep-original",
                    List.of(CARD)));
            Artifact.RedactionStored failed = of(
                    recorded.artifacts("broken", all -> !Recorded.only(all, Artifact.RedactionStored.class)
                            .isEmpty()),
                    "broken-a");
            assertEquals(List.of(), failed.files());
            assertFalse(failed.nothingRemoved());
            assertFalse(failed.failure().isEmpty());
            assertTrue(service.health().problems().isEmpty());
        }
    }
}
