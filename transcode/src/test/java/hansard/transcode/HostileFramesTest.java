package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.Frame;
import java.io.ByteArrayOutputStream;
import java.nio.channels.Channels;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever speaks in the call chooses the bytes of a frame: whatever they are, the process goes on. Seeded. */
class HostileFramesTest {
    @ParameterizedTest
    @ValueSource(strings = {"opus", "vp8", "h264"})
    void alteredFramesEndAtMostTheirTrack(String codec) {
        List<Frame> good =
                switch (codec) {
                    case "opus" -> TestMedia.opus(0, 50, TestMedia.tone(440));
                    case "vp8" -> TestMedia.video("libvpx", 0, 30, 15, 10, 160, 120);
                    default -> TestMedia.video("libopenh264", 0, 30, 15, 10, 160, 120);
                };
        int used = 0;
        for (int seed = 0; seed < 40; seed++) {
            used += feed(codec, good, new Random(seed));
        }
        assertTrue(used > 0);
    }

    private static int feed(String codec, List<Frame> good, Random random) {
        FrameGate gate = TestMedia.gate(codec).orElseThrow();
        int used = 0;
        try (TrackFile file = new TrackFile();
                SpeechCutter cutter = new SpeechCutter(
                        new Stretches(), new OpusDecoder(SoundDecoder.TO_RECOGNISE), new LostPackets())) {
            long at = 0;
            for (Frame frame : good) {
                byte[] bytes = altered(frame.payload().array().clone(), random);
                at += random.nextInt(40_000);
                if (gate.look(bytes) instanceof FrameGate.Usable usable) {
                    used++;
                    file.add(TestMedia.frame(at, 0, true, bytes), usable);
                    if (codec.equals("opus")) {
                        cutter.add(at, bytes);
                    }
                }
            }
            file.finish();
            cutter.finish();
            if (!file.isEmpty()) {
                file.copyTo(Channels.newChannel(new ByteArrayOutputStream()));
            }
        } catch (HansardException e) {
            assertTrue(e.code() == ErrorCode.MEDIA_FAILED, e.toString());
        }
        return used;
    }

    /** Some stay as they are, some have bits turned, some are cut, some are noise. */
    private static byte[] altered(byte[] bytes, Random random) {
        switch (random.nextInt(4)) {
            case 0 -> {
                for (int i = 0; i < 1 + random.nextInt(8); i++) {
                    bytes[random.nextInt(Math.min(bytes.length, 64))] ^= (byte) (1 << random.nextInt(8));
                }
            }
            case 1 -> {
                byte[] cut = new byte[random.nextInt(bytes.length)];
                System.arraycopy(bytes, 0, cut, 0, cut.length);
                return cut;
            }
            case 2 -> {
                byte[] noise = new byte[random.nextInt(200)];
                random.nextBytes(noise);
                return noise;
            }
            default -> {}
        }
        return bytes;
    }
}
