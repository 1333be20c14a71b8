package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.wire.Frame;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpeechCutterTest {
    private static final long START = TestMedia.EPOCH_MICROS;
    private static final int RATE = 16_000;

    private static List<Stretches.Heard> cut(List<Frame> frames) {
        Stretches stretches = new Stretches();
        try (SpeechCutter cutter =
                new SpeechCutter(stretches, new OpusDecoder(SoundDecoder.TO_RECOGNISE), new LostPackets())) {
            frames.forEach(f -> cutter.add(f.mediaMicros(), f.payload().array()));
            cutter.finish();
        }
        return stretches.all();
    }

    /** When a tone is first heard in a stretch, ms after the track's start. */
    private static long onsetMs(Stretches.Heard heard, double hertz, long fromMs) {
        long startMs = (heard.startMicros() - START) / 1_000;
        return startMs + Sound.onsetMs(heard.pcm(), hertz, RATE, Math.max(0, fromMs - startMs));
    }

    @Test
    void whoTalksAllTheTimeIsHeardFromTheFirstSampleToTheLast() {
        List<Stretches.Heard> heard = cut(TestMedia.opus(START, 250, TestMedia.syllables(440)));
        assertEquals(1, heard.size());
        assertEquals(START, heard.getFirst().startMicros());
        assertEquals(START + 250 * 20_000, heard.getFirst().endMicros(), 2_000);
    }

    @Test
    void silenceIsNotGiven() {
        assertEquals(List.of(), cut(TestMedia.opus(START, 500, n -> 0)));
    }

    /** Within 8 ms: the encoder's look-ahead of 6.5 ms is in it, and nothing of the decoder's. */
    @Test
    void aSoundIsWhereItWasSpoken() {
        Stretches.Heard heard = cut(TestMedia.opus(START, 200, TestMedia.burst(1_000, 1_500, 3_000)))
                .getFirst();
        assertEquals(START + 1_200_000, heard.startMicros(), 60_000);
        assertEquals(1_500, onsetMs(heard, 1_000, 1_200), 8);
    }

    @Test
    void whatWasNotSentInTheMiddleOfATurnIsSilenceOfTheSameLength() {
        List<Frame> all = TestMedia.opus(START, 200, TestMedia.syllables(1_000));
        List<Frame> sent = new ArrayList<>(all.subList(0, 50));
        sent.addAll(all.subList(75, 200)); // 500 ms are missing
        List<Stretches.Heard> heard = cut(sent);
        assertEquals(1, heard.size());
        short[] pcm = heard.getFirst().pcm();
        assertEquals(4_000, pcm.length / 16, 2);
        assertTrue(Sound.level(pcm, 1_100 * 16, 300 * 16) < 0.001);
        assertTrue(Sound.level(pcm, 1_600 * 16, 300 * 16) > 0.01);
    }

    @Test
    void aLongHoleBeginsANewStretchAtItsTime() {
        List<Frame> all = TestMedia.opus(START, 300, TestMedia.syllables(1_000));
        List<Frame> sent = new ArrayList<>(all.subList(0, 50));
        sent.addAll(all.subList(150, 300));
        List<Stretches.Heard> heard = cut(sent);
        assertEquals(
                List.of(START, START + 3_000_000),
                heard.stream().map(Stretches.Heard::startMicros).toList());
        assertEquals(1_000, heard.getFirst().pcm().length / 16, 2);
        assertEquals(3_000, heard.getLast().pcm().length / 16, 2);
    }

    /** Discontinuous transmission: a packet of noise every 400 ms while nobody speaks (RFC 6716 section 2.1.9). */
    @Test
    void packetsThatKeepAPauseAliveAreNoSpeech() {
        List<Frame> all = TestMedia.opus(
                START,
                1_000,
                n -> n < 144_000 || n >= 816_000
                        ? TestMedia.syllables(300).at(n)
                        : 0.003 * Math.sin(n * (double) (n % 9_973)));
        List<Frame> sent = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (i < 160 || i >= 850 || i % 20 == 0) {
                sent.add(all.get(i));
            }
        }
        List<Stretches.Heard> heard = cut(sent);
        assertEquals(2, heard.size());
        assertEquals(START + 3_300_000, heard.getFirst().endMicros(), 150_000);
        assertEquals(START + 17_000_000, heard.getLast().startMicros(), 400_000);
        assertTrue(heard.getLast().startMicros() <= START + 16_900_000);
    }

    @Test
    void aPacketThatCannotBeDecodedBecomesSilence() {
        List<Frame> frames = new ArrayList<>(TestMedia.opus(START, 100, TestMedia.syllables(1_000)));
        frames.set(40, TestMedia.frame(frames.get(40).mediaMicros(), 0, true, new byte[] {(byte) 0xff, 0, 1}));
        List<Stretches.Heard> heard = cut(frames);
        assertEquals(1, heard.size());
        assertEquals(2_000, heard.getFirst().pcm().length / 16, 2);
    }

    /** Its stretch would wait for its end for ever. */
    @Test
    void aStretchIsOverWhenItsDecoderIsGivenUp() {
        Stretches stretches = new Stretches();
        try (SpeechCutter cutter =
                new SpeechCutter(stretches, new OpusDecoder(SoundDecoder.TO_RECOGNISE), new LostPackets())) {
            TestMedia.opus(START, 100, TestMedia.syllables(300))
                    .forEach(f -> cutter.add(f.mediaMicros(), f.payload().array()));
            cutter.giveUp();
            assertEquals(1, stretches.all().size());
            assertEquals(2_000, stretches.all().getFirst().pcm().length / 16, 25);
        }
    }

    @Test
    void theSamePacketsGiveTheSameStretches() {
        List<Frame> frames = TestMedia.opus(
                START, 400, n -> n % 192_000 < 96_000 ? TestMedia.syllables(300).at(n) : 0);
        List<Stretches.Heard> once = cut(frames);
        List<Stretches.Heard> again = cut(frames);
        assertEquals(2, once.size());
        assertEquals(once.size(), again.size());
        for (int i = 0; i < once.size(); i++) {
            assertEquals(once.get(i).startMicros(), again.get(i).startMicros());
            assertEquals(once.get(i).pieces(), again.get(i).pieces());
            assertArrayEquals(once.get(i).pcm(), again.get(i).pcm());
        }
    }
}
