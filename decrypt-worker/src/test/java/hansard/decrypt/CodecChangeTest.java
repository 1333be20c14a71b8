package hansard.decrypt;

import static hansard.decrypt.SyntheticStream.START;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hansard.testkit.SrtpSender;
import hansard.wire.Frame;
import hansard.wire.MediaKind;
import hansard.wire.Octets;
import hansard.wire.RejectReason;
import hansard.wire.SrtpRecord;
import hansard.wire.StreamAccount;
import hansard.wire.StreamDescription;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A sender that changes from one announced codec to another, and what no codec says, through the whole worker. */
class CodecChangeTest extends ThroughTheWorker {
    private static final long SSRC = 4711;
    private static final int OPUS = 111;
    private static final int PCMU = 0;
    private static final int EVENT = 126;
    private static final int UNANNOUNCED = 42;
    private static final byte[] KEY = SyntheticStream.keyAndSalt(SrtpSuite.AES_CM_128_HMAC_SHA1_80, 8);

    private final StreamDescription stream = new StreamDescription(
            id,
            "call-" + id,
            "default",
            "alice",
            MediaKind.AUDIO,
            "opus",
            48_000,
            2,
            Map.of(OPUS, "opus/48000/2", PCMU, "pcmu/8000", EVENT, "telephone-event/8000"),
            Map.of(),
            StreamDescription.Srtp.fresh("AES_CM_128_HMAC_SHA1_80"),
            SSRC,
            20_000,
            false,
            "",
            "");
    private long index;

    /** The next packet, number n of 20 ms. */
    private void packet(int type, long n, long timestamp, byte... payload) {
        byte[] datagram = new SrtpSender(KEY, 10, SSRC, type).datagram(index++, timestamp, false, payload);
        wire.add(new SrtpRecord.Datagram(START + n * 20_000, Octets.of(datagram)));
    }

    private StreamAccount ended() {
        worker = worker.played(stream, KEY, wire);
        return worker.account(stream);
    }

    private void assertInTime(List<Frame> frames, long packets) {
        assertEquals(packets, frames.size());
        for (int i = 0; i < frames.size(); i++) {
            assertEquals(START + i * 20_000L, frames.get(i).mediaMicros(), 1_500, "time of frame " + i);
        }
    }

    @Test
    void aCodecWithAClockOfItsOwnGoesOnWhereTheOneBeforeEnds() {
        for (long n = 0; n < 300; n++) {
            boolean opus = n < 100 || n >= 200;
            // each codec's timestamps begin anywhere, as after a new negotiation
            packet(opus ? OPUS : PCMU, n, opus ? n * 960 + (n < 200 ? 0 : 77_777) : 3_000_000_000L + n * 160, (byte) n);
        }
        StreamAccount account = ended();
        assertEquals(new StreamAccount(300, 300, Map.of(), 0, 300, 0), account);
        List<Frame> frames = worker.opened(stream);
        assertInTime(frames, 300);
        for (int n = 0; n < 300; n++) {
            assertEquals(
                    n < 100 || n >= 200 ? Frame.OF_THE_CODEC : PCMU,
                    frames.get(n).payloadType(),
                    "frame " + n);
        }
    }

    @Test
    void eventsOfAnotherClockLeaveTheMediasAlone() {
        for (long n = 0; n < 200; n++) {
            packet(OPUS, n, n * 960, (byte) n);
            if (n % 50 == 10) {
                packet(EVENT, n, 5_000 + n * 160, (byte) 5, (byte) 0x8a, (byte) 3, (byte) 0x20);
            }
        }
        ended();
        List<Frame> frames = worker.opened(stream);
        assertInTime(
                frames.stream()
                        .filter(f -> f.payloadType() == Frame.OF_THE_CODEC)
                        .toList(),
                200);
        List<Frame> events =
                frames.stream().filter(f -> f.payloadType() == EVENT).toList();
        assertEquals(4, events.size());
        for (int i = 0; i < 4; i++) {
            assertEquals(START + (10 + 50L * i) * 20_000, events.get(i).mediaMicros(), 25_000, "event " + i);
        }
    }

    @Test
    void aPayloadTypeThatLiesMovesNoClock() {
        for (long n = 0; n < 100; n++) {
            packet(OPUS, n, n * 960, (byte) n);
            if (n % 10 == 5) {
                packet(UNANNOUNCED, n, 0xdeadbeefL + n, (byte) 1);
            }
        }
        StreamAccount account = ended();
        assertEquals(Map.of(RejectReason.UNANNOUNCED, 10L), account.rejected());
        assertEquals(0, account.lost());
        List<Frame> frames = worker.opened(stream);
        assertInTime(frames.stream().filter(f -> !f.isWholePacket()).toList(), 100);
        List<Frame> packets = frames.stream().filter(Frame::isWholePacket).toList();
        assertEquals(10, packets.size());
        byte[] first = packets.getFirst().payload().array();
        assertEquals(UNANNOUNCED, first[1] & 0x7f, "the packet is kept with its header");
        assertEquals(13, first.length);
        assertEquals(1, first[12], "and with what is in it, opened");
    }

    @Test
    void framesOfNoLengthAreNoFramesAndNoLoss() {
        for (long n = 0; n < 100; n++) {
            if (n % 10 == 5) {
                packet(OPUS, n, n * 960);
            } else {
                packet(OPUS, n, n * 960, (byte) n);
            }
        }
        StreamAccount account = ended();
        assertEquals(new StreamAccount(100, 100, Map.of(), 0, 100, 0), account);
        List<Frame> frames = worker.opened(stream);
        assertEquals(90, frames.size());
        assertEquals(START + 99 * 20_000L, frames.getLast().mediaMicros(), 1_500);
    }

    @Test
    void aJumpOfTheRtpClockMovesNothingInTime() {
        for (long n = 0; n < 300; n++) {
            long said = n < 100 ? n : n < 200 ? n + 1_500 : n - 700; // 30 s on, then 44 s back
            packet(OPUS, n, said * 960 & 0xffff_ffffL, (byte) n);
        }
        StreamAccount account = ended();
        assertEquals(new StreamAccount(300, 300, Map.of(), 0, 300, 0), account);
        List<Frame> frames = worker.opened(stream);
        assertEquals(300, frames.size());
        for (int i = 0; i < frames.size(); i++) {
            assertEquals(START + i * 20_000L, frames.get(i).mediaMicros(), 45_000, "time of frame " + i);
        }
    }
}
