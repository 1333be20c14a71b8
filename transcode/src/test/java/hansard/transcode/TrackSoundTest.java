package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertLinesMatch;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.wire.Frame;
import hansard.wire.Observation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What listeners hear of packets that were lost, beside what was sent. */
class TrackSoundTest {
    private static final long START = TestMedia.EPOCH_MICROS;
    private static final int PACKET = 960;

    /** A voice: a pitch that moves, with overtones, in syllables. */
    private static final TestMedia.Signal VOICE = n -> {
        double t = n / 48_000.0;
        double phase = 2 * Math.PI * (140 * t + 4 * Math.sin(2 * Math.PI * 0.7 * t));
        double syllable = 0.55 + 0.45 * Math.sin(2 * Math.PI * 3 * t);
        return 0.25
                * syllable
                * (Math.sin(phase) + 0.6 * Math.sin(2 * phase) + 0.4 * Math.sin(3 * phase) + 0.2 * Math.sin(5 * phase));
    };

    private record Heard(short[] pcm, long recoveredMillis, long concealedMillis) {}

    /** What comes of the packets that are not lost, on a line of samples whose holes are silence. */
    private static Heard hear(List<Frame> frames, IntPredicate isLost, LostPackets lost) {
        short[] line = new short[frames.size() * PACKET];
        try (TrackSound sound = new TrackSound(new OpusDecoder(SoundDecoder.TO_PLAY), lost)) {
            for (int i = 0; i < frames.size(); i++) {
                if (!isLost.test(i)) {
                    for (TrackSound.Piece piece : sound.decode(
                            frames.get(i).mediaMicros(), frames.get(i).payload().array())) {
                        int at = (int) ((piece.mediaMicros() - START) * 48 / 1_000);
                        System.arraycopy(piece.sound(), 0, line, at, Math.min(piece.sound().length, line.length - at));
                    }
                }
            }
            return new Heard(line, sound.recoveredMillis(), sound.concealedMillis());
        }
    }

    /** When each piece of sound begins and how long it is, in microseconds. */
    private static List<String> pieces(
            List<Frame> frames, IntPredicate isLost, List<Observation> missing, int sampleRate) {
        LostPackets lost = new LostPackets();
        lost.observed(missing);
        List<String> all = new ArrayList<>();
        try (TrackSound sound = new TrackSound(new OpusDecoder(sampleRate), lost)) {
            for (int i = 0; i < frames.size(); i++) {
                if (!isLost.test(i)) {
                    sound.decode(
                                    frames.get(i).mediaMicros(),
                                    frames.get(i).payload().array())
                            .forEach(piece -> all.add(
                                    piece.mediaMicros() + " " + piece.sound().length * 1_000_000L / sampleRate));
                }
            }
            all.add(sound.recoveredMillis() + " recovered, " + sound.concealedMillis() + " concealed");
        }
        return all;
    }

    private static LostPackets told(List<Frame> frames, int from, int to) {
        LostPackets lost = new LostPackets();
        lost.observed(List.of(missing(frames, from, to)));
        return lost;
    }

    private static Observation missing(List<Frame> frames, int from, int to) {
        return new Observation.Missing(
                0,
                from,
                to - 1L,
                frames.get(from - 1).mediaMicros(),
                frames.get(to).mediaMicros());
    }

    /** Signal to error, in dB, where packets were lost; silence in their place is 0. */
    private static double likeness(short[] sent, short[] heard, Iterable<Integer> packets) {
        double signal = 0;
        double error = 1;
        for (int packet : packets) {
            for (int i = packet * PACKET; i < (packet + 1) * PACKET; i++) {
                signal += (double) sent[i] * sent[i];
                error += (double) (sent[i] - heard[i]) * (sent[i] - heard[i]);
            }
        }
        return 10 * Math.log10(signal / error);
    }

    private static boolean isSilent(short[] pcm, int fromPacket, int toPacket) {
        for (int i = fromPacket * PACKET; i < toPacket * PACKET; i++) {
            if (pcm[i] != 0) {
                return false;
            }
        }
        return true;
    }

    @Test
    void packetThatTheNextOneCarriesIsRecoveredFromIt() {
        List<Frame> frames = TestMedia.opusWithFec(START, 500, VOICE);
        TreeSet<Integer> gone = new TreeSet<>();
        LostPackets lost = new LostPackets();
        Random random = new Random(1);
        for (int i = 5; i < 495; i += 2 + random.nextInt(20)) {
            gone.add(i);
            lost.observed(List.of(missing(frames, i, i + 1)));
        }
        short[] sent = hear(frames, i -> false, new LostPackets()).pcm;
        Heard silent = hear(frames, gone::contains, new LostPackets());
        Heard heard = hear(frames, gone::contains, lost);
        assertEquals(0, likeness(sent, silent.pcm, gone), 0.1);
        assertTrue(likeness(sent, heard.pcm, gone) > 5, "alike to " + likeness(sent, heard.pcm, gone) + " dB");
        assertTrue(
                heard.recoveredMillis > gone.size() * 20L / 2,
                heard.recoveredMillis + " of " + gone.size() * 20 + " ms, alike to " + likeness(sent, heard.pcm, gone));
    }

    @Test
    void whatNoPacketCarriesIsConcealedAtFirstAndThenSilent() {
        List<Frame> frames = TestMedia.opus(START, 200, VOICE);
        Heard heard = hear(frames, i -> i >= 50 && i < 70, told(frames, 50, 70));
        assertEquals(80, heard.concealedMillis);
        assertEquals(0, heard.recoveredMillis);
        assertTrue(Sound.level(heard.pcm, 50 * PACKET, PACKET) > 0.01);
        assertEquals(0, heard.pcm[54 * PACKET - 1], 30); // it fades
        assertTrue(isSilent(heard.pcm, 54, 70));
    }

    @Test
    void whoRecognisesHasTheSameAtTheSameTimesAsWhoListens() {
        List<Frame> frames = TestMedia.opusWithFec(START, 500, VOICE);
        TreeSet<Integer> gone = new TreeSet<>();
        List<Observation> lost = new ArrayList<>();
        Random random = new Random(3);
        for (int i = 5; i < 480; i += 3 + random.nextInt(20)) {
            int count = 1 + random.nextInt(2);
            for (int j = i; j < i + count; j++) {
                gone.add(j);
            }
            lost.add(missing(frames, i, i + count));
        }
        List<String> listener = pieces(frames, gone::contains, lost, SoundDecoder.TO_PLAY);
        assertTrue(listener.size() > 500 - gone.size() / 2, () -> listener.size() + " with " + gone.size() + " lost");
        assertLinesMatch(listener, pieces(frames, gone::contains, lost, SoundDecoder.TO_RECOGNISE));
    }

    @Test
    void holeWithoutMissingPacketsIsSilence() {
        List<Frame> frames = TestMedia.opusWithFec(START, 200, VOICE);
        Heard heard = hear(frames, i -> i >= 50 && i < 53, new LostPackets());
        assertTrue(isSilent(heard.pcm, 50, 53));
        assertEquals(0, heard.recoveredMillis + heard.concealedMillis);
    }

    /** One packet is missing somewhere in a pause of the sender's: nobody knows where. */
    @Test
    void holeThatIsLongerThanWhatIsMissingIsSilence() {
        List<Frame> frames = TestMedia.opusWithFec(START, 200, VOICE);
        LostPackets lost = new LostPackets();
        lost.observed(List.of(new Observation.Missing(
                0, 50, 50, frames.get(49).mediaMicros(), frames.get(60).mediaMicros())));
        assertTrue(isSilent(hear(frames, i -> i >= 50 && i < 60, lost).pcm, 50, 60));
    }

    @Test
    void nothingIsMadeUpOverAPauseNorTakenFromThePacketAfterIt() {
        List<Frame> frames = TestMedia.opusWithFec(START, 200, VOICE);
        LostPackets lost = told(frames, 50, 60);
        lost.observed(List.of(new Observation.Paused(
                frames.get(51).mediaMicros(), frames.get(59).mediaMicros(), 9)));
        assertTrue(isSilent(hear(frames, i -> i >= 50 && i < 60, lost).pcm, 50, 60));
    }

    @Test
    void whatMayBeAMuteIsSilence() {
        List<Frame> frames = TestMedia.opusWithFec(START, 200, VOICE);
        Heard heard = hear(frames, i -> i >= 50 && i < 110, told(frames, 50, 110));
        assertTrue(isSilent(heard.pcm, 50, 110));
    }

    /** The way of a mix: a stored track, and what its coverage says is lost, in a job's bytes. */
    @Test
    void lossThatTheCoverageTellsOfIsMadeUpForInTheMix() throws IOException {
        List<Frame> sent = TestMedia.opusWithFec(START, 200, VOICE);
        List<Frame> came = new ArrayList<>(sent);
        came.remove(50);
        Job told = new Job.Mix(
                List.of(new Job.Voice(
                        0, "opus", 2, 40_000, 0, List.of(new Job.Loss(1_040_000, 1)), List.of(), List.of())),
                4_040_000,
                32_000,
                5);
        Job.Voice voice = ((Job.Mix) JobForm.of(JobForm.bytes(told))).voices().getFirst();
        short[] whole = mixed(sent, Job.Voice.opus(0, 40_000));
        List<Integer> there = List.of(52); // 40 ms later than in the track
        assertEquals(0, likeness(whole, mixed(came, Job.Voice.opus(0, 40_000)), there), 0.1);
        double alike = likeness(whole, mixed(came, voice), there);
        assertTrue(alike > 3, "alike to " + alike + " dB");
    }

    private static short[] mixed(List<Frame> frames, Job.Voice voice) throws IOException {
        short[] line = new short[200 * PACKET];
        try (MixVoice mix = new MixVoice(
                TestMedia.scratch(TestMedia.track("opus", frames)), new OpusDecoder(SoundDecoder.TO_PLAY), voice)) {
            for (int at = 0; at < line.length; at += PACKET) {
                short[] block = mix.next(PACKET); // empty when nothing is heard
                System.arraycopy(block, 0, line, at, block.length);
            }
        }
        return line;
    }

    @Test
    void stretchedSoundBeginsAndEndsAsItDidAndJumpsNowhere() {
        Stretch stretch = new Stretch(SoundDecoder.TO_PLAY);
        short[] sound = new short[PACKET];
        int steepest = 0;
        for (int i = 0; i < PACKET; i++) {
            sound[i] = (short) Math.round(32_767 * VOICE.at(20_000 + i));
            steepest = i == 0 ? 0 : Math.max(steepest, Math.abs(sound[i] - sound[i - 1]));
        }
        for (int by : new int[] {-480, -300, -240, 240, 300, 480}) {
            short[] changed = stretch.by(sound, by);
            assertEquals(by, changed.length - PACKET, 250, "by " + by);
            assertTrue((changed.length - PACKET) * by > 0);
            assertEquals(sound[0], changed[0]);
            assertEquals(sound[PACKET - 1], changed[changed.length - 1]);
            for (int i = 1; i < changed.length; i++) {
                assertTrue(Math.abs(changed[i] - changed[i - 1]) <= steepest * 5 / 4, by + " at " + i);
            }
        }
        assertArrayEquals(new short[100], stretch.by(new short[100], 300)); // too short: as it is
    }

    /** Gives a voice that goes on from packet to packet, whatever is in them. */
    private static final class Speaker implements SoundDecoder {
        private final short[] second;
        private int at;

        Speaker(int sampleRate) {
            second = new short[sampleRate];
            for (int i = 0; i < second.length; i++) { // whole periods: the second follows on itself
                double t = 2 * Math.PI * i / sampleRate;
                second[i] = (short) Math.round(6_000 * (Math.sin(150 * t) + 0.5 * Math.sin(300 * t)));
            }
        }

        @Override
        public short[] decode(byte[] payload) {
            short[] sound = new short[second.length / 50];
            System.arraycopy(second, at, sound, 0, sound.length);
            at = (at + sound.length) % second.length;
            return sound;
        }

        @Override
        public int sampleRate() {
            return second.length;
        }

        @Override
        public void close() {}
    }

    /** Four hours of a clock that is 200 ppm off: what is heard stays in its time, without a hole, a cut or a click. */
    @ParameterizedTest
    @ValueSource(ints = {SoundDecoder.TO_PLAY, SoundDecoder.TO_RECOGNISE})
    void driftOfFourHoursIsFollowedAndNotHeard(int sampleRate) {
        for (int ppm : new int[] {-200, 200}) {
            PcmTimeline timeline = new PcmTimeline(sampleRate, Long.MAX_VALUE / 1_000_000);
            Speaker speaker = new Speaker(sampleRate);
            int steepest = 0;
            for (int i = 1; i < speaker.second.length; i++) {
                steepest = Math.max(steepest, Math.abs(speaker.second[i] - speaker.second[i - 1]));
            }
            long samples = 0;
            double worstMs = 0;
            int last = 0;
            int jump = 0;
            try (TrackSound sound = new TrackSound(speaker, new LostPackets())) {
                for (int i = 0; i < 4 * 3_600 * 50; i++) {
                    long media = (long) (i * 20_000.0 * (1 + ppm / 1e6)) / 1_000 * 1_000; // a container's milliseconds
                    worstMs = Math.max(worstMs, Math.abs(media / 1_000.0 - samples * 1_000.0 / sampleRate));
                    for (TrackSound.Piece piece : sound.decode(media, new byte[1])) {
                        PcmTimeline.Placement placed = timeline.place(piece.mediaMicros(), piece.sound().length);
                        assertEquals(
                                i == 0 ? new PcmTimeline.Begin() : new PcmTimeline.Append(0, 0), placed, "packet " + i);
                        samples += piece.sound().length;
                        for (short sample : piece.sound()) {
                            jump = Math.max(jump, Math.abs(sample - last));
                            last = sample;
                        }
                    }
                }
            }
            assertTrue(worstMs <= 10, worstMs + " ms off at " + ppm + " ppm");
            assertTrue(jump <= steepest * 5 / 4, jump + " beside " + steepest + " at " + ppm + " ppm");
        }
    }
}
