package hansard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class RecordsTest {
    static final StreamDescription STREAM = new StreamDescription(
            "s-1",
            "c-1",
            "acme",
            "p-1",
            MediaKind.AUDIO,
            "opus",
            48_000,
            2,
            Map.of(111, "opus"),
            Map.of(1, "urn:ietf:params:rtp-hdrext:ssrc-audio-level"),
            StreamDescription.Srtp.fresh("AES_CM_128_HMAC_SHA1_80"),
            0xfedcba98L,
            40_000,
            false,
            "mid 0",
            "");
    static final StreamAccount ACCOUNT =
            new StreamAccount(10, 7, Map.of(RejectReason.REPLAYED, 1L, RejectReason.AUTH_FAILED, 2L), 0, 8, 1);
    static final Octets BYTES = Octets.of(new byte[] {1, 2, 3});

    private static final List<SrtpRecord> SRTP = List.of(
            new SrtpRecord.Datagrams(
                    7,
                    List.of(
                            new SrtpRecord.Datagram(1_000_000_000_000L, BYTES),
                            new SrtpRecord.Datagram(1_000_000_000_500L, Octets.of(new byte[0])),
                            new SrtpRecord.Datagram(999_999_999_000L, Octets.of(new byte[1500])))),
            new SrtpRecord.Datagrams(0, List.of()),
            new SrtpRecord.Paused(5),
            new SrtpRecord.Resumed(6, 100, 2),
            new SrtpRecord.Closed(7, 3, "left — gone"));
    private static final List<FrameRecord> FRAMES = List.of(
            new FrameRecord.Opened(STREAM, 7),
            new FrameRecord.Frames(70_000_000_000L, BYTES),
            new FrameRecord.Ended(STREAM, 7, ACCOUNT, 9, "left"),
            new FrameRecord.Abandoned(7),
            new FrameRecord.Observed(List.of(
                    new Observation.Missing(0, 5, 7, 1, 2),
                    new Observation.Found(1, 6),
                    new Observation.Paused(1, 2, 3),
                    new Observation.Refused(RejectReason.NO_KEY, 4, 5, 6))));
    private static final List<SpeechRecord> SPEECH = List.of(
            new SpeechRecord.Opened(STREAM, 7),
            new SpeechRecord.Speech(-5, 320, BYTES),
            new SpeechRecord.Ended(STREAM, 7, 0),
            new SpeechRecord.Began(STREAM, 7, 1_600_000_000_000_000L, 1_700_000_000_000_000L),
            new SpeechRecord.Paused(1_700_000_000_000_000L));
    private static final List<Frame> BUNDLE = List.of(
            new Frame(1, 1L << 33, 2, 1, true, false, -1, BYTES),
            new Frame(3, 4, 5, 65535, false, true, 127, Octets.of(new byte[0])),
            new Frame(6, 7, 8, 1, true, false, -1, 101, BYTES));

    @Test
    void datagramRecordsComeBackTheSame() {
        SRTP.forEach(r -> assertEquals(r, SrtpRecord.fromBytes(r.toBytes())));
    }

    @Test
    void frameRecordsComeBackTheSame() {
        FRAMES.forEach(r -> assertEquals(r, FrameRecord.fromBytes(r.toBytes())));
    }

    @Test
    void speechRecordsComeBackTheSame() {
        SPEECH.forEach(r -> assertEquals(r, SpeechRecord.fromBytes(r.toBytes())));
    }

    @Test
    void framesComeBackTheSame() {
        assertEquals(BUNDLE, Frame.fromBytes(Frame.toBytes(BUNDLE)));
        assertEquals(List.of(), Frame.fromBytes(Frame.toBytes(List.of())));
    }

    @Test
    void everyTruncationOfEveryBinaryRecordIsMalformed() {
        SRTP.forEach(r -> assertDamageIsMalformed(r.toBytes(), SrtpRecord::fromBytes));
        FRAMES.forEach(r -> assertDamageIsMalformed(r.toBytes(), FrameRecord::fromBytes));
        SPEECH.forEach(r -> assertDamageIsMalformed(r.toBytes(), SpeechRecord::fromBytes));
        assertDamageIsMalformed(Frame.toBytes(BUNDLE), Frame::fromBytes);
    }

    private static void assertDamageIsMalformed(byte[] whole, Function<byte[], ?> read) {
        for (int length = 0; length < whole.length; length++) {
            assertMalformed(Arrays.copyOf(whole, length), read);
        }
        assertMalformed(Arrays.copyOf(whole, whole.length + 1), read);
        byte[] newer = whole.clone();
        newer[0] = 2;
        assertMalformed(newer, read);
        Random random = new Random(3);
        for (int i = 0; i < 2_000; i++) {
            byte[] altered = whole.clone();
            altered[random.nextInt(altered.length)] = (byte) random.nextInt();
            try {
                assertNotNull(read.apply(altered)); // read as something else, or refused
            } catch (HansardException e) {
                assertEquals(ErrorCode.MALFORMED, e.code());
            }
        }
    }

    private static void assertMalformed(byte[] bytes, Function<byte[], ?> read) {
        HansardException refusal = assertThrows(HansardException.class, () -> read.apply(bytes));
        assertEquals(ErrorCode.MALFORMED, refusal.code(), refusal.getMessage());
    }

    @Test
    void unknownTypesAreMalformed() {
        assertMalformed(new byte[] {1, 9}, SrtpRecord::fromBytes);
        assertMalformed(new byte[] {1, 9}, FrameRecord::fromBytes);
        assertMalformed(new byte[] {1, 9}, SpeechRecord::fromBytes);
    }

    @Test
    void aLieAboutALengthAllocatesNothing() {
        byte[] frames = ByteBuffer.allocate(14)
                .put((byte) 1)
                .put((byte) 2)
                .putLong(0)
                .putInt(Integer.MAX_VALUE)
                .array();
        assertMalformed(frames, FrameRecord::fromBytes);
        byte[] negative = ByteBuffer.allocate(14)
                .put((byte) 1)
                .put((byte) 2)
                .putLong(0)
                .putInt(-1)
                .array();
        assertMalformed(negative, FrameRecord::fromBytes);
        byte[] many = ByteBuffer.allocate(3).put((byte) 1).putShort((short) -1).array();
        assertMalformed(many, Frame::fromBytes);
    }

    @Test
    void jsonWithoutWhatMustBeThereIsMalformed() {
        for (String json : List.of(
                "{}", "null", "[]", "{\"stream\":null}", "{\"stream\":{}}", "{\"stream\":{\"streamId\":\"s\"}}")) {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            byte[] opened = Wire.write(1, out -> Wire.blob(out, bytes));
            assertMalformed(opened, FrameRecord::fromBytes);
            assertMalformed(opened, SpeechRecord::fromBytes);
            assertMalformed(bytes, SealedSessionKeys::fromBytes);
            byte[] ended = Wire.write(3, out -> Wire.blob(out, bytes));
            assertMalformed(ended, FrameRecord::fromBytes);
        }
    }

    @Test
    void tooLargeADatagramIsRefusedNotCut() {
        var datagrams = new SrtpRecord.Datagrams(
                0, List.of(new SrtpRecord.Datagram(0, Octets.of(new byte[65_536])), new SrtpRecord.Datagram(0, BYTES)));
        assertThrows(IllegalArgumentException.class, datagrams::toBytes);
    }

    @Test
    void anAccountAddsUp() {
        assertEquals(3, ACCOUNT.rejectedTotal());
        assertTrue(ACCOUNT.addsUp());
        assertTrue(StreamAccount.EMPTY.addsUp());
        assertFalse(new StreamAccount(10, 7, Map.of(), 2, 8, 1).addsUp());
        assertTrue(new StreamAccount(10, 7, Map.of(), 3, 8, 1).addsUp());
        assertFalse(new StreamAccount(10, 7, Map.of(RejectReason.RTCP, 3L), 3, 8, 1).addsUp());
        assertTrue(new StreamAccount(10, 5, Map.of(RejectReason.RTCP, 1L), 1, 8, 1, 3).addsUp());
    }

    @Test
    void whatIsSpokenIsNotPrinted() {
        var word = new Utterance.Word("swordfish", 1, 2, 0.5);
        var text = new Utterance.Text("swordfish", 0.5, List.of(word));
        var utterance = new Utterance("u", "acme", "c", "s", 0, "p", 1, 2, false, "m", BYTES);
        for (Object printed : List.of(word, text, utterance, new FrameRecord.Frames(0, BYTES))) {
            assertFalse(printed.toString().contains("swordfish"));
            assertFalse(printed.toString().contains("1, 2, 3"));
        }
    }
}
