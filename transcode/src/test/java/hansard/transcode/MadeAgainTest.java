package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.wire.Artifact;
import hansard.wire.CallEvent;
import hansard.wire.Frame;
import hansard.wire.Redaction;
import hansard.wire.StreamDescription;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A record that is signed must hold also when a process that is killed makes parts of it once more. */
class MadeAgainTest {
    private static final long START = TestMedia.EPOCH_MICROS;
    private static final String CALL = "again";
    private static final SoundPolicy KEEPING =
            new SoundPolicy(new SoundPolicy.Wish(SoundPolicy.KEEP_ORIGINAL, "withheld"), Map.of());

    /** Of objects that are sealed and signed, but for the statement itself, which is of the last time. */
    private static Stream<Artifact.StoredObject> objects(Artifact artifact) {
        return switch (artifact) {
            case Artifact.TrackStored a -> a.files().stream().flatMap(file -> file.objects().stream());
            case Artifact.RedactionStored a -> a.files().stream().flatMap(file -> file.objects().stream());
            case Artifact.MixStored a -> Stream.ofNullable(a.object());
            case Artifact.PartStored a -> Stream.of(a.object());
            case Artifact.FramesStored a -> Stream.of(a.object());
            case Artifact.CoverageStored a -> Stream.of(a.object());
            default -> Stream.empty();
        };
    }

    private static List<Artifact.StoredObject> objects(List<Artifact> made) {
        return made.stream().flatMap(MadeAgainTest::objects).toList();
    }

    @Test
    void whatIsMadeOnceMoreAfterTheRecordWasSignedIsWhatWasSigned(@TempDir Path directory) {
        StreamDescription card = TestMedia.stream(CALL, "again-card", "opus");
        StreamDescription line = TestMedia.telephone(CALL, "again-line", "g722");
        StreamDescription vp8 = TestMedia.stream(CALL, "again-vp8", "vp8");
        StreamDescription h264 = TestMedia.stream(CALL, "again-h264", "h264");
        List<StreamDescription> streams = List.of(card, line, vp8, h264);
        try (Recorded recorded = new Recorded(directory)) {
            List<Artifact> before;
            try (TranscodeService first = recorded.startService(KEEPING)) {
                for (StreamDescription s : streams) {
                    recorded.call(new CallEvent.StreamAnnounced("e-" + s.streamId(), "default", CALL, 1, s, ""));
                }
                recorded.track(card, TestMedia.opus(START, 300, TestMedia.burst(1_000, 1_000, 2_000)));
                recorded.track(line, dialling());
                recorded.track(vp8, TestMedia.video("libvpx", START + 40_000, 45, 15, 15, 160, 120));
                recorded.track(h264, TestMedia.video("libopenh264", START + 60_000, 45, 15, 15, 160, 120));
                recorded.call(new CallEvent.CallClosed(
                        "e-closed",
                        "default",
                        CALL,
                        99,
                        "",
                        streams.stream().map(StreamDescription::streamId).toList()));
                recorded.transcribed(
                        CALL,
                        "again-card",
                        new Redaction(START + 2_000_000, START + 3_000_000, Redaction.Kind.CARD_NUMBER));
                recorded.transcribed(CALL, "again-line");
                before = recorded.artifacts(CALL, all -> !Recorded.only(all, Artifact.RecordingSealed.class)
                        .isEmpty());
                assertTrue(first.health().problems().isEmpty());
            }
            Set<String> signed = new TreeSet<>();
            objects(before).forEach(object -> signed.add(object.objectKey() + " " + object.sha256()));
            assertEquals(
                    Set.of(), missing(signed, ".webm", ".mp4", ".mka", ".weba", "redacted/0.webm", "mix.webm"), "made");

            recorded.broker.forgetWhatWasRead(
                    "hansard-transcode", "hansard-transcode-redaction", "hansard-transcode-mix");
            int first = objects(before).size();
            try (TranscodeService second = recorded.startService(KEEPING)) {
                List<Artifact> after =
                        recorded.artifacts(CALL, all -> objects(all).size() >= 2 * first);
                Set<String> all = new TreeSet<>();
                objects(after).forEach(object -> all.add(object.objectKey() + " " + object.sha256()));
                assertEquals(signed, all);
                assertTrue(second.health().problems().isEmpty());
            }
        }
    }

    private static Set<String> missing(Set<String> signed, String... ends) {
        Set<String> missing = new TreeSet<>(List.of(ends));
        missing.removeIf(end ->
                signed.stream().anyMatch(s -> s.substring(0, s.indexOf(' ')).endsWith(end)));
        return missing;
    }

    /** Two seconds of a line on which a key is pressed. */
    private static List<Frame> dialling() {
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            byte[] samples = new byte[160];
            Arrays.fill(samples, (byte) 0xfa);
            frames.add(TestMedia.frame(START + i * 20_000L, i * 160L, true, samples));
        }
        return frames;
    }
}
