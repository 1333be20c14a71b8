package hansard.transcribe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.keys.DataKey;
import hansard.keys.KeyRef;
import hansard.runtime.Json;
import hansard.testkit.TenantsOwnGroup;
import hansard.testkit.WordErrorRate;
import hansard.wire.Artifact;
import hansard.wire.SpeechRecord;
import hansard.wire.StreamDescription;
import hansard.wire.Topics;
import hansard.wire.Utterance;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole stage, whose worker is not in the key group of a tenant; two partitions and two workers are shared by all. */
class RefusedTenantTest {
    private static final long T0 = 1_790_000_000_000_000L;
    private static final int OURS = 4;

    @TempDir
    Path directory;

    @Test
    void refusedTenantHoldsUpNobodyElseAndLosesNothing() {
        try (TestStage stage = new TestStage(directory)) {
            TenantsOwnGroup group = new TenantsOwnGroup(stage.vaultDirectory(), "bank");
            StreamDescription theirs = TestStage.stream("bank", "theirs");
            StreamDescription silent = TestStage.stream("bank", "their-silence");
            DataKey key = stage.vault.newDataKey(ref(theirs));
            List<Pcm> said = Clip.pieces(T0, 500);
            try (TranscribeService service = stage.start(group.config())) {
                stage.send("theirs", new SpeechRecord.Opened(theirs, 0).toBytes());
                stage.began(theirs, 0, T0);
                stage.pieces("theirs", key, said.subList(0, 6));
                stage.send("their-silence", new SpeechRecord.Opened(silent, 0).toBytes());
                stage.send("their-silence", new SpeechRecord.Ended(silent, 0, 0).toBytes());
                ours(stage, "first");
                awaitLeaveAsked(service);
                assertTrue(service.health().problems().get("vault.leave").contains("bank"));
            }
            try (TranscribeService again = stage.start(group.config())) {
                stage.pieces("theirs", key, said.subList(6, said.size()));
                stage.paused("theirs", T0);
                stage.send("theirs", new SpeechRecord.Ended(theirs, 0, T0).toBytes());
                ours(stage, "second");
                assertEquals(2 * OURS, stored(stage).size(), "theirs wait, ours are made once");
                group.letTheWorkerIn();
                await(stage, "their-silence");
                await(stage, "theirs");
                assertEquals(2 * OURS + 2, stored(stage).size(), "nobody else's were made again");
                awaitHealthy(again);
            }
            assertEquals(0, WordErrorRate.of(Clip.WORDS, text(stage, theirs)).errors());
        }
    }

    private static KeyRef ref(StreamDescription stream) {
        return new KeyRef(stream.tenant(), stream.callId(), stream.streamId());
    }

    private static void ours(TestStage stage, String round) {
        for (int i = 0; i < OURS; i++) {
            String streamId = "ours-" + round + i;
            stage.opened(streamId);
            stage.speech(
                    streamId,
                    stage.vault.newDataKey(TestStage.ref(streamId)),
                    Clip.pieces(T0, 500).subList(0, 4));
            stage.ended(streamId);
        }
        for (int i = 0; i < OURS; i++) {
            await(stage, "ours-" + round + i);
        }
    }

    private static void await(TestStage stage, String streamId) {
        stage.read(
                Topics.RECORDING_ARTIFACTS,
                r -> Artifact.fromBytes(r.value()) instanceof Artifact.TranscriptStored t
                        && t.streamId().equals(streamId));
    }

    private static List<String> stored(TestStage stage) {
        List<String> streams = new ArrayList<>();
        stage.all(Topics.RECORDING_ARTIFACTS).forEach(r -> {
            if (Artifact.fromBytes(r.value()) instanceof Artifact.TranscriptStored t) {
                streams.add(t.streamId());
            }
        });
        return streams;
    }

    private static String text(TestStage stage, StreamDescription stream) {
        StringBuilder text = new StringBuilder();
        stage.all(Topics.TRANSCRIPTS).stream()
                .filter(r -> isFinal(r.value(), stream))
                .map(r -> Utterance.fromBytes(r.value()))
                .map(u -> Json.read(
                        stage.envelopes.open(
                                KeyRef.told(stream.tenant(), stream.callId(), stream.streamId()),
                                Topics.TRANSCRIPTS,
                                u.utteranceId(),
                                u.sealed()),
                        Utterance.Text.class))
                .forEach(each -> text.append(each.text()).append(' '));
        return text.toString().strip();
    }

    private static boolean isFinal(byte[] record, StreamDescription stream) {
        Utterance utterance = Utterance.fromBytes(record);
        return utterance.streamId().equals(stream.streamId()) && !utterance.partial();
    }

    private static void awaitHealthy(TranscribeService service) {
        long until = System.nanoTime() + 30_000_000_000L;
        while (!service.health().problems().isEmpty() && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(50_000_000);
        }
        assertEquals("", String.join("", service.health().problems().values()));
    }

    private static void awaitLeaveAsked(TranscribeService service) {
        long until = System.nanoTime() + 30_000_000_000L;
        while (service.health().problems().get("vault.leave") == null && System.nanoTime() - until < 0) {
            LockSupport.parkNanos(50_000_000);
        }
    }
}
