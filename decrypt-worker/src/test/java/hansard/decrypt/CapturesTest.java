package hansard.decrypt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.keys.Pkcs12Vault;
import hansard.keys.Vault;
import hansard.testkit.Captures;
import hansard.wire.Frame;
import hansard.wire.MediaKind;
import hansard.wire.RejectReason;
import hansard.wire.StreamAccount;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Real calls through the whole worker; the sidecars were written by another SRTP implementation. */
class CapturesTest {
    @TempDir
    static Path directory;

    private static Vault vault;

    @BeforeAll
    static void openVault() {
        vault = Pkcs12Vault.open(directory.resolve("vault"));
    }

    @AfterAll
    static void closeVault() {
        vault.close();
    }

    static Stream<String> sealedCaptures() {
        return Captures.ALL.stream().filter(name -> !name.equals("plaintext-misconfigured"));
    }

    @ParameterizedTest
    @MethodSource("sealedCaptures")
    void everyDatagramIsAccountedForAsTheForeignImplementationSawIt(String name) {
        for (CapturedStream stream : CapturedStream.of(Captures.load(name))) {
            String what = stream.description().streamId();
            try (DrivenWorker worker = new DrivenWorker(directory.resolve(what), vault)) {
                worker.key(stream.description(), stream.keyAndSalt());
                stream.sendTo(worker);

                StreamAccount account = worker.ended(stream.description()).account();
                List<Frame> frames = worker.opened(stream.description());
                assertTrue(account.addsUp(), what);
                assertEquals(0, account.inFlight(), what);
                assertEquals(stream.datagrams(), account.received(), what);
                assertEquals(worker.rejectedSums(what), account.rejected(), what);
                assertEquals(List.of("key.opened"), worker.auditActions());
                if (stream.observed().isMissingNode()) { // ffmpeg's: nobody else has counted
                    assertEquals(stream.datagrams(), account.framed(), what);
                    assertEquals(0, account.lost(), what);
                } else {
                    agrees(stream, account);
                }
                framesAreWhole(stream, account, frames);
            }
        }
    }

    private static void agrees(CapturedStream stream, StreamAccount account) {
        String what = stream.description().streamId();
        assertEquals(stream.observed("decrypted"), account.framed(), what);
        long replays = stream.observed("replay_fail") + stream.observed("replay_old");
        assertEquals(replays == 0 ? Map.of() : Map.of(RejectReason.REPLAYED, replays), account.rejected(), what);
        assertEquals(stream.observed("seq_missing"), account.lost(), what);
        assertEquals(account.framed() + account.lost(), account.expected(), what);
    }

    private static void framesAreWhole(CapturedStream stream, StreamAccount account, List<Frame> frames) {
        String what = stream.description().streamId();
        long packets = frames.stream().mapToLong(Frame::packets).sum();
        if (stream.description().kind() == MediaKind.AUDIO) {
            assertEquals(account.framed(), frames.size(), what);
            firstPayloadsAgree(stream, frames);
        } else {
            assertTrue(frames.stream().anyMatch(Frame::keyframe), what + ": no keyframe");
            long markers = stream.observed("marker_packets");
            if (account.lost() == 0) {
                assertEquals(markers, frames.size(), what);
                // a capture may stop in the middle of a frame, which then has no end
                assertTrue(packets <= account.framed() && packets > account.framed() - 8, what + ": " + packets);
            } else {
                assertTrue(frames.size() > markers / 2 && frames.size() <= markers, what + ": " + frames.size());
            }
            firstPayloadIsInTheFirstFrame(stream, frames);
        }
    }

    /** Reordered packets come in another order in the sidecar, so this holds for quiet captures. */
    private static void firstPayloadsAgree(CapturedStream stream, List<Frame> frames) {
        JsonNode first = stream.observed().path("first_payloads_hex");
        for (int i = 0; i < first.size(); i++) {
            String hex = HexFormat.of().formatHex(frames.get(i).payload().array());
            assertTrue(
                    hex.startsWith(first.get(i).asText()), stream.description().streamId() + " frame " + i);
        }
    }

    private static void firstPayloadIsInTheFirstFrame(CapturedStream stream, List<Frame> frames) {
        String payload = stream.observed().path("first_payloads_hex").path(0).asText();
        String frame = HexFormat.of().formatHex(frames.getFirst().payload().array());
        String what = stream.description().streamId();
        switch (stream.description().codec()) {
            case "vp8" -> { // after X, I and two bytes of picture id
                if (stream.observed("first_seq") == 1) {
                    assertTrue(frame.startsWith(payload.substring(8)), what);
                }
            }
            case "h264" -> { // STAP-A: header, then the first unit's length and bytes
                int length = Integer.parseInt(payload.substring(2, 6), 16);
                String unit = payload.substring(6, Math.min(payload.length(), 6 + 2 * length));
                assertTrue(frame.startsWith("00000001" + unit), what);
            }
            default -> // behind the descriptor of VP9, or the sizes that an AV1 frame has and its packets have not
                assertTrue(payload.contains(frame.substring(4, 14)), what);
        }
    }

    @Test
    void plainRtpIsAnAlarmNeverMedia() {
        for (CapturedStream stream : CapturedStream.of(Captures.load("plaintext-misconfigured"))) {
            String id = stream.description().streamId();
            try (DrivenWorker worker = new DrivenWorker(directory.resolve(id), vault)) {
                worker.key(stream.description(), stream.keyAndSalt());
                stream.sendTo(worker);
                var ended = worker.ended(stream.description());
                assertEquals(
                        Map.of(RejectReason.PLAINTEXT, stream.observed("auth_fail")),
                        ended.account().rejected());
                assertEquals(ended.account().rejected(), worker.rejectedSums(id));
                assertTrue(ended.account().addsUp());
                assertEquals(List.of(), worker.opened(stream.description()));
                assertTrue(ended.reason().contains("plain RTP"), ended.reason());
                assertEquals(List.of("key.opened", "alarm.plaintext"), worker.auditActions());
                var alarm = worker.audit.getLast();
                assertEquals("refused", alarm.outcome());
                assertEquals(id, alarm.detail().get("streamId"));
                assertEquals(
                        Integer.toString(stream.description().port()),
                        alarm.detail().get("port"));
            }
        }
    }

    @Test
    void mediaClockThatStoodStillIsPlacedAtItsArrival() {
        CapturedStream stream = CapturedStream.of(Captures.load("behaviours-opus-vp8-80")).stream()
                .filter(s -> s.description().port() == 20016)
                .findFirst()
                .orElseThrow();
        try (DrivenWorker worker = new DrivenWorker(directory.resolve("still"), vault)) {
            worker.key(stream.description(), stream.keyAndSalt());
            stream.sendTo(worker);
            List<Frame> frames = worker.opened(stream.description());
            // the browser's microphone was replaced by nothing for 2.98 s; the sidecar counts the clock 3.05 s behind
            Frame last = frames.getLast();
            assertTrue(
                    Math.abs(last.arrivalMicros() - last.mediaMicros()) < 500_000,
                    "the last frame is placed " + (last.arrivalMicros() - last.mediaMicros())
                            + " µs before its arrival");
            for (int i = 1; i < frames.size(); i++) {
                assertTrue(frames.get(i).mediaMicros() > frames.get(i - 1).mediaMicros(), "frame " + i);
            }
        }
    }
}
