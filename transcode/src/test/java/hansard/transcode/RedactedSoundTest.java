package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.testkit.Ffmpeg;
import hansard.wire.Frame;
import hansard.wire.Redaction;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** With the real decoder. */
class RedactedSoundTest {
    private static final long T0 = 1_700_000_000_000_000L;
    private static final long FROM = T0 + 1_000_000;
    private static final long TO = T0 + 2_000_000;
    private static final List<Redaction> CARD = List.of(new Redaction(FROM, TO, Redaction.Kind.CARD_NUMBER));

    /** A voice: the encoder repeats its packets. */
    private static final TestMedia.Signal VOICE = n -> {
        double t = n / 48_000.0;
        double phase = 2 * Math.PI * (140 * t + 4 * Math.sin(2 * Math.PI * 0.7 * t));
        double syllable = 0.55 + 0.45 * Math.sin(2 * Math.PI * 3 * t);
        return 0.25
                * syllable
                * (Math.sin(phase) + 0.6 * Math.sin(2 * phase) + 0.4 * Math.sin(3 * phase) + 0.2 * Math.sin(5 * phase));
    };

    /** Every packet, and the sound of all of them. */
    private static short[] decoded(List<byte[]> packets) {
        short[] sound = new short[packets.size() * 960];
        int at = 0;
        try (OpusDecoder decoder = new OpusDecoder(SoundDecoder.TO_PLAY)) {
            for (byte[] packet : packets) {
                short[] samples = decoder.decode(packet);
                System.arraycopy(samples, 0, sound, at, samples.length);
                at += samples.length;
            }
        }
        return Arrays.copyOf(sound, at);
    }

    private static List<byte[]> passed(RedactedSound sound, List<Frame> frames) {
        List<byte[]> packets = new ArrayList<>();
        for (Frame frame : frames) {
            packets.add(sound.passed(frame.mediaMicros(), frame.payload().array()));
        }
        return packets;
    }

    @Test
    void whatWasSaidThereIsNotHeardAndTheRestIsUntouched() {
        List<Frame> frames = TestMedia.opusWithFec(T0, 150, VOICE);
        List<byte[]> packets = passed(new RedactedSound("opus", 2, CARD), frames);

        short[] sound = decoded(packets);
        assertEquals(150 * 960, sound.length);
        assertTrue(Sound.level(sound, 24_000, 20_000) > 0.05, "before");
        // where the modes of the codec change, the decoder fades over 5 ms
        assertTrue(Sound.level(sound, 48_480, 47_000) < 0.0005, "there: " + Sound.level(sound, 48_480, 47_000));
        assertTrue(Sound.level(sound, 100_000, 40_000) > 0.05, "after");
        for (int i = 0; i < 150; i++) {
            byte[] came = frames.get(i).payload().array();
            if (i < 50 || i > 100) {
                assertArrayEquals(came, packets.get(i), "packet " + i);
            }
        }
    }

    @Test
    void theCopyInTheNextPacketGoesToo() {
        List<Frame> frames = TestMedia.opusWithFec(T0, 150, VOICE);
        byte[] next = frames.get(100).payload().array();
        try (OpusDecoder decoder = new OpusDecoder(SoundDecoder.TO_PLAY)) {
            assertTrue(decoder.carried(next) > 0, "the test needs a packet that repeats the one before");
            byte[] passed = new RedactedSound("opus", 1, CARD).passed(TO, next);
            assertEquals(0, decoder.carried(passed));
        }
    }

    @Test
    void silenceIsAsLongAsWhatItReplaces() {
        RedactedSound sound = new RedactedSound("opus", 2, CARD);
        for (int config = 0; config < 32; config++) {
            for (int code = 0; code < 4; code++) {
                for (int stereo = 0; stereo <= 4; stereo += 4) {
                    byte[] packet = {(byte) (config << 3 | stereo | code), 2, 0, 0, 0, 0};
                    if (OpusPacket.samples(packet).isEmpty()) {
                        continue;
                    }
                    byte[] silence = sound.passed(FROM, packet);
                    assertNotSame(packet, silence);
                    assertEquals(OpusPacket.samples(packet), OpusPacket.samples(silence));
                    assertEquals(stereo, silence[0] & 4);
                    try (OpusDecoder decoder = new OpusDecoder(SoundDecoder.TO_PLAY)) {
                        for (short sample : decoder.decode(silence)) {
                            assertEquals(0, sample);
                        }
                    }
                }
            }
        }
    }

    @Test
    void telephonyIsSilencedInItsOwnLaw() {
        byte[] packet = new byte[160];
        Arrays.fill(packet, (byte) 0x12);
        byte[] mulaw = new RedactedSound("PCMU", 1, CARD).passed(FROM, packet);
        byte[] alaw = new RedactedSound("pcma", 1, CARD).passed(FROM, packet);
        assertEquals(160, mulaw.length);
        for (int i = 0; i < 160; i++) {
            assertEquals((byte) 0xff, mulaw[i]);
            assertEquals((byte) 0xd5, alaw[i]);
        }
    }

    @Test
    void g722FadesToWhatNobodyHears() {
        byte[] tone = Ffmpeg.output(
                "-f", "lavfi", "-i", "sine=frequency=500:sample_rate=16000:duration=3", "-f", "g722", "-");
        RedactedSound sound = new RedactedSound("g722", 1, CARD);
        short[] heard = new short[tone.length * 6];
        try (SoundDecoder decoder = SoundDecoder.of("g722", 1, SoundDecoder.TO_PLAY)) {
            for (int at = 0; at + 160 <= tone.length; at += 160) {
                byte[] packet = sound.passed(T0 + at * 125L, Arrays.copyOfRange(tone, at, at + 160));
                short[] samples = decoder.decode(packet);
                System.arraycopy(samples, 0, heard, at * 6, samples.length);
            }
        }
        assertTrue(Sound.level(heard, 24_000, 20_000) > 0.05, "before");
        double there = Sound.level(heard, 48 * 1_030, 48 * 960);
        assertTrue(there < 0.002, "there: " + there);
        assertTrue(Sound.level(heard, 48 * 2_100, 48 * 800) > 0.05, "after");
    }

    @Test
    void aPacketGoesWhenAnyOfItPlaysThere() {
        RedactedSound sound = new RedactedSound("pcmu", 1, CARD);
        byte[] packet = new byte[160];
        assertSame(packet, sound.passed(FROM - 20_000, packet));
        assertNotSame(packet, sound.passed(FROM - 19_999, packet));
        assertNotSame(packet, sound.passed(TO - 1, packet));
        assertSame(packet, sound.passed(TO, packet));
    }

    @Test
    void whatCannotBeSilencedIsRefusedNotPassed() {
        assertEquals(
                ErrorCode.MEDIA_FAILED,
                assertThrows(HansardException.class, () -> new RedactedSound("g729", 1, CARD))
                        .code());
        RedactedSound sound = new RedactedSound("opus", 1, CARD);
        assertThrows(HansardException.class, () -> sound.passed(FROM, new byte[0]));
    }
}
