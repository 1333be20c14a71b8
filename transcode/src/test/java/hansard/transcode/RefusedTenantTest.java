package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.keys.KeyRef;
import hansard.testkit.TenantsOwnGroup;
import hansard.wire.Artifact;
import hansard.wire.Frame;
import hansard.wire.RecordingOrder;
import hansard.wire.StreamDescription;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole stage, whose worker is not in the key group of a tenant; two partitions are shared by all. */
class RefusedTenantTest {
    private static final long START = TestMedia.EPOCH_MICROS;
    private static final int OURS = 6;

    @TempDir
    Path directory;

    @Test
    void refusedTenantHoldsUpNobodyElseAndLosesNothing() throws IOException {
        TenantsOwnGroup group = new TenantsOwnGroup(directory.resolve("vault"), "bank");
        List<StreamDescription> theirs = List.of(
                TestMedia.stream("bank", "their-call", "theirs-0", "opus"),
                TestMedia.stream("bank", "their-call", "theirs-1", "opus"));
        List<Frame> frames = TestMedia.opus(START, 100, TestMedia.tone(500));
        try (Recorded recorded = new Recorded(directory)) {
            Artifact.TrackStored picture = pictureFromWhenThereWasLeave(recorded);
            try (TranscodeService service = recorded.startService(group.config())) {
                for (StreamDescription stream : theirs) {
                    recorded.opened(stream);
                    recorded.frames(stream, frames.subList(0, 60));
                }
                recorded.order(composite("bank", "their-call", picture));
                ours(recorded, frames, "first");
                recorded.order(composite("default", "our-call", picture)); // not ours, and so answered at once
                recorded.artifacts("our-call", all -> !Recorded.only(all, Artifact.CompositeStored.class)
                        .isEmpty());
                awaitLeaveAsked(service);
                assertTrue(service.health().problems().get("vault.leave").contains("bank"));
            }
            try (TranscodeService again = recorded.startService(group.config())) {
                for (StreamDescription stream : theirs) {
                    recorded.frames(stream, frames.subList(60, 100));
                    recorded.ended(stream, 100, "the call ended");
                }
                ours(recorded, frames, "second");
                assertEquals(1, stored(recorded.artifacts("their-call")).size(), "the picture only");
                group.letTheWorkerIn();
                List<Artifact> made = recorded.artifacts(
                        "their-call",
                        all -> stored(all).size() >= 3
                                && !Recorded.only(all, Artifact.CompositeStored.class)
                                        .isEmpty());
                assertEquals(3, stored(made).size());
                stored(made).subList(1, 3).forEach(track -> assertWhole(recorded, frames, track));
                assertEquals("", String.join("", again.health().problems().values()));
                assertEquals(
                        2 * OURS,
                        stored(recorded.artifacts("our-call")).size(),
                        "nobody else's tracks were made again");
            }
            assertTrue(recorded.faults.isEmpty(), () -> "the stage failed: " + recorded.faults);
        }
    }

    private static Artifact.TrackStored pictureFromWhenThereWasLeave(Recorded recorded) {
        try (TranscodeService service = recorded.startService()) {
            StreamDescription video = TestMedia.stream("bank", "their-call", "theirs-v", "vp8");
            recorded.track(video, TestMedia.video("libvpx", START, 30, 15, 15, 160, 120));
            Artifact.TrackStored stored = stored(
                            recorded.artifacts("their-call", all -> !stored(all).isEmpty()))
                    .getFirst();
            assertTrue(service.health().problems().isEmpty());
            return stored;
        }
    }

    private static void ours(Recorded recorded, List<Frame> frames, String round) {
        int before = stored(recorded.artifacts("our-call")).size();
        for (int i = 0; i < OURS; i++) {
            recorded.track(TestMedia.stream("our-call", "ours-" + round + i, "opus"), frames);
        }
        recorded.artifacts("our-call", all -> stored(all).size() >= before + OURS);
    }

    private static void awaitLeaveAsked(TranscodeService service) {
        long until = System.nanoTime() + 30_000_000_000L;
        while (service.health().problems().get("vault.leave") == null && System.nanoTime() - until < 0) {
            java.util.concurrent.locks.LockSupport.parkNanos(50_000_000);
        }
    }

    private static RecordingOrder composite(String tenant, String callId, Artifact.TrackStored picture) {
        RecordingOrder.Part part =
                new RecordingOrder.Part("theirs-v", picture.startMicros(), picture.durationMicros(), picture.object());
        return new RecordingOrder.CompositeOrdered(
                "order-" + callId,
                tenant,
                callId,
                1,
                "olga",
                picture.startMicros(),
                picture.durationMicros(),
                List.of(new RecordingOrder.Tile("V", List.of(part))),
                null);
    }

    private static List<Artifact.TrackStored> stored(List<Artifact> all) {
        return Recorded.only(all, Artifact.TrackStored.class);
    }

    private static void assertWhole(Recorded recorded, List<Frame> frames, Artifact.TrackStored track) {
        List<byte[]> payloads = new ArrayList<>();
        KeyRef ref = new KeyRef("bank", "their-call", track.stream().streamId());
        try (var channel = recorded.objects.open(track.object().objectKey(), ref);
                Demuxer demuxer = new Demuxer(channel)) {
            for (Optional<Demuxer.Packet> p = demuxer.next(); p.isPresent(); p = demuxer.next()) {
                payloads.add(p.get().payload());
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        assertEquals(frames.size(), payloads.size());
        for (int i = 0; i < frames.size(); i++) {
            assertArrayEquals(frames.get(i).payload().array(), payloads.get(i));
        }
    }
}
