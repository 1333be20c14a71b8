package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.wire.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Who alone is heard is in the mix with the packets that came; what is heard of it all is what everything decoded and added up gives. */
class MixTest {
    private static final int BLOCK = 960;
    private static final int PACKETS = 1_000; // 20 s

    /** Speaks in the seconds that are named; hums beneath the quiet. */
    private static TestMedia.Signal speaker(double pitch, Set<Integer> seconds) {
        return n -> {
            double t = n / 48_000.0;
            double syllable = seconds.contains((int) t) ? Math.pow(Math.sin(Math.PI * 4 * (t - Math.floor(t))), 8) : 0;
            double phase = 2 * Math.PI * (pitch * t + 4 * Math.sin(2 * Math.PI * 0.7 * t));
            return 2e-4 * Math.sin(phase)
                    + 0.25 * syllable * (Math.sin(phase) + 0.6 * Math.sin(2 * phase) + 0.4 * Math.sin(5 * phase));
        };
    }

    /** Both speak in second 9 and 10: who begins interrupts the other. */
    private static final TestMedia.Signal ONE = speaker(140, Set.of(0, 1, 2, 3, 7, 8, 9, 10, 14, 15));

    private static final TestMedia.Signal OTHER = speaker(190, Set.of(4, 5, 9, 10, 11, 12, 17));

    private static Job.Voice voice(int input, List<Frame> frames, boolean known) {
        QuietStretches quiet = new QuietStretches();
        try (OpusDecoder decoder = new OpusDecoder(SoundDecoder.TO_PLAY)) {
            frames.forEach(frame -> quiet.add(
                    frame.mediaMicros(),
                    20_000,
                    SoundLevel.of(decoder.decode(frame.payload().array()))));
        }
        List<Job.Quiet> stretches = quiet.all().stream()
                .map(q -> new Job.Quiet(q.fromMicros(), q.toMicros()))
                .toList();
        return new Job.Voice(
                input,
                "opus",
                2,
                0,
                known ? PACKETS * 20_000L : 0,
                List.of(),
                List.of(),
                known ? stretches : List.of());
    }

    /** The same, with noise that is as loud as is given, of one's own room. */
    private static TestMedia.Signal inNoise(TestMedia.Signal signal, double decibels, long seed) {
        double[] noise = new double[PACKETS * BLOCK];
        Random random = new Random(seed);
        for (int i = 0; i < noise.length; i++) {
            noise[i] = random.nextGaussian() * Math.pow(10, decibels / 20);
        }
        return n -> signal.at(n) + noise[(int) n];
    }

    private static List<Job.Quiet> noise(List<Frame> frames) {
        SteadyNoise noise = new SteadyNoise();
        try (OpusDecoder decoder = new OpusDecoder(SoundDecoder.TO_PLAY)) {
            frames.forEach(frame -> noise.add(
                    frame.mediaMicros(),
                    20_000,
                    SoundLevel.of(decoder.decode(frame.payload().array()))));
        }
        return noise.all().stream()
                .map(n -> new Job.Quiet(n.fromMicros(), n.toMicros()))
                .toList();
    }

    private static Job.Mix noisyJob(List<Frame> one, List<Frame> other) {
        Job.Mix job = job(one, other, true);
        return new Job.Mix(
                RoomNoise.withoutOthers(job.voices(), List.of(noise(one), noise(other)), job.durationMicros()),
                job.durationMicros(),
                job.bitrate(),
                job.complexity());
    }

    private static List<byte[]> packets(Job.Mix job, List<List<Frame>> tracks) throws IOException {
        List<byte[]> media = new ArrayList<>();
        for (List<Frame> track : tracks) {
            media.add(TestMedia.track("opus", track));
        }
        SealedScratch made = SealedScratch.create();
        new JobWork(input -> TestMedia.scratch(media.get(input)), thousandths -> {}).make(job, made);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        FastStart.copyRange(made, 0, made.size(), Channels.newChannel(bytes));
        List<byte[]> packets = new ArrayList<>();
        try (Demuxer demuxer = new Demuxer(TestMedia.scratch(bytes.toByteArray()))) {
            for (Optional<Demuxer.Packet> next = demuxer.next(); next.isPresent(); next = demuxer.next()) {
                assertEquals(packets.size() * 20_000L, next.get().atMicros());
                packets.add(next.get().payload());
            }
        }
        return packets.subList(1, packets.size()); // the first one is before the sound
    }

    /** The sound of a mix, block by block; what comes before it is decoded and discarded. */
    private static short[] decoded(List<byte[]> packets) {
        short[] line = new short[packets.size() * BLOCK];
        try (OpusDecoder decoder = new OpusDecoder(SoundDecoder.TO_PLAY)) {
            for (int i = 0; i < packets.size(); i++) {
                System.arraycopy(decoder.decode(packets.get(i)), 0, line, i * BLOCK, BLOCK);
            }
        }
        return line;
    }

    private static Set<String> contents(List<Frame> frames) {
        Set<String> contents = new HashSet<>();
        frames.forEach(frame -> contents.add(new String(frame.payload().array(), StandardCharsets.ISO_8859_1)));
        return contents;
    }

    private static double error(short[] one, short[] other, int from) {
        short[] difference = new short[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            difference[i] = (short) (one[from + i] - other[from + i]);
        }
        return Sound.level(difference, 0, BLOCK);
    }

    @Test
    void whoSpeaksAloneIsHeardAsTheyWereSent() throws IOException {
        List<Frame> one = TestMedia.opusWithFec(0, PACKETS, ONE);
        List<Frame> other = TestMedia.opusWithFec(0, PACKETS, OTHER);
        List<byte[]> mix = packets(job(one, other, true), List.of(one, other));
        assertEquals(PACKETS, mix.size());
        // in each second in which one speaks alone; where it is a turn's first, from when the other is not counted any
        // more
        for (int second : new int[] {0, 1, 2, 3, 7, 8, 14, 15}) {
            assertPassed(one, mix, second, Set.of(0, 7, 14).contains(second));
        }
        for (int second : new int[] {4, 5, 11, 12, 17}) {
            assertPassed(other, mix, second, Set.of(4, 11, 17).contains(second));
        }
        Set<String> came = contents(one);
        came.addAll(contents(other));
        for (int i = 9 * 50; i < 10 * 50; i++) {
            assertTrue(!came.contains(new String(mix.get(i), StandardCharsets.ISO_8859_1)), "both speak in block " + i);
        }
    }

    @Test
    void whoSpeaksAloneInNoisyRoomsIsHeardAsTheyWereSent() throws IOException {
        List<Frame> one = TestMedia.opusWithFec(0, PACKETS, inNoise(ONE, -48, 1));
        List<Frame> other = TestMedia.opusWithFec(0, PACKETS, inNoise(OTHER, -52, 2));
        assertEquals(
                PACKETS, packets(job(one, other, true), List.of(one, other)).size());
        List<byte[]> mix = packets(noisyJob(one, other), List.of(one, other));
        assertEquals(PACKETS, mix.size());
        // after three seconds each room is known; where nobody speaks before a turn, all of the turn is passed
        for (int second : new int[] {7, 8, 14, 15}) {
            assertPassed(one, mix, second, false);
        }
        for (int second : new int[] {5, 11, 12, 17, 18, 19}) {
            assertPassed(other, mix, second, second == 11);
        }
        Set<String> came = contents(one);
        came.addAll(contents(other));
        long passed = mix.stream()
                .filter(packet -> came.contains(new String(packet, StandardCharsets.ISO_8859_1)))
                .count();
        assertTrue(passed > PACKETS / 2, passed + " packets were passed");
    }

    /** Against the sum of what is not left out. The noise is never gone in between: of -45 dBFS, 5 dB are above what SILK codes, 7 the encoder's. */
    @Test
    void changesFromRoomToRoomAreNotHeard() throws IOException {
        for (boolean silk : new boolean[] {true, false}) {
            TestMedia.Signal first = inNoise(ONE, -45, 1);
            TestMedia.Signal second = inNoise(OTHER, -45, 2);
            List<Frame> one = silk ? TestMedia.opusWithFec(0, PACKETS, first) : TestMedia.opus(0, PACKETS, first);
            List<Frame> other = silk ? TestMedia.opusWithFec(0, PACKETS, second) : TestMedia.opus(0, PACKETS, second);
            Job.Mix known = noisyJob(one, other);
            short[] heard = decoded(packets(known, List.of(one, other)));
            double encoded = worst(sum(one, other), decoded(packets(job(one, other, false), List.of(one, other))));
            double passed = worst(sum(known, List.of(one, other)), heard);
            assertTrue(passed < 1.5 * encoded, "silk " + silk + ": worst block " + passed + " beside " + encoded);
            for (int at = 10 * BLOCK; at < heard.length; at += BLOCK) {
                double decibels = 20 * Math.log10(Sound.level(heard, at, BLOCK));
                assertTrue(decibels > -58, "silk " + silk + ", block " + at / BLOCK + ": " + decibels);
            }
        }
    }

    /** 6 dB above the noise of the room, while another gives as much noise and has spoken last; and while another speaks. */
    @Test
    void whoSpeaksSoftlyInANoisyRoomIsInTheMix() throws IOException {
        TestMedia.Signal soft = n -> 0.03 * ONE.at(n + 3 * 48_000); // in second 4 to 7, and 11 to 12
        List<Frame> one = TestMedia.opusWithFec(0, PACKETS, inNoise(soft, -50, 1));
        List<Frame> other = TestMedia.opusWithFec(0, PACKETS, inNoise(OTHER, -50, 2));
        Job.Mix known = noisyJob(one, other);
        short[] everything = decoded(one.stream().map(f -> f.payload().array()).toList());
        short[] heard = line(known.voices().getFirst(), one);
        int spoken = 0;
        for (int i = 150; i < PACKETS; i++) {
            if (Sound.level(everything, i * BLOCK, BLOCK) > Math.pow(10, -45 / 20.0)) {
                spoken++;
                assertTrue(
                        error(everything, heard, i * BLOCK) < Sound.level(everything, i * BLOCK, BLOCK) / 10,
                        "block " + i);
            }
        }
        assertTrue(spoken > 20, spoken + " blocks");
        assertTrue(!known.voices().getFirst().quiet().isEmpty());
    }

    /** One voice, as it is decoded for a mix. */
    private static short[] line(Job.Voice voice, List<Frame> frames) throws IOException {
        short[] line = new short[PACKETS * BLOCK];
        try (MixVoice sound = new MixVoice(
                TestMedia.scratch(TestMedia.track("opus", frames)), new OpusDecoder(SoundDecoder.TO_PLAY), voice)) {
            for (int at = 0; at < line.length; at += BLOCK) {
                short[] block = sound.next(BLOCK);
                System.arraycopy(block, 0, line, at, block.length);
            }
        }
        return line;
    }

    private static short[] sum(Job.Mix job, List<List<Frame>> tracks) throws IOException {
        List<short[]> lines = new ArrayList<>();
        for (Job.Voice voice : job.voices()) {
            lines.add(line(voice, tracks.get(voice.input())));
        }
        SpeakerSum sum = new SpeakerSum(lines.size());
        short[] all = new short[PACKETS * BLOCK];
        for (int at = 0; at < all.length; at += BLOCK) {
            int from = at;
            List<short[]> blocks = lines.stream()
                    .map(line -> Arrays.copyOfRange(line, from, from + BLOCK))
                    .toList();
            System.arraycopy(sum.add(blocks, BLOCK), 0, all, at, BLOCK);
        }
        return all;
    }

    private static void assertPassed(List<Frame> track, List<byte[]> mix, int second, boolean first) {
        for (int i = second * 50 + (first ? 30 : 0); i < second * 50 + 40; i++) {
            assertArrayEquals(track.get(i).payload().array(), mix.get(i), "block " + i);
        }
    }

    @Test
    void changesBetweenPacketsAndEncodedSoundAreNotHeard() throws IOException {
        for (boolean silk : new boolean[] {true, false}) {
            List<Frame> one = silk ? TestMedia.opusWithFec(0, PACKETS, ONE) : TestMedia.opus(0, PACKETS, ONE);
            List<Frame> other = silk ? TestMedia.opusWithFec(0, PACKETS, OTHER) : TestMedia.opus(0, PACKETS, OTHER);
            short[] sum = sum(one, other);
            double encoded = worst(sum, decoded(packets(job(one, other, false), List.of(one, other))));
            double passed = worst(sum, decoded(packets(job(one, other, true), List.of(one, other))));
            assertTrue(passed < 1.5 * encoded, "silk " + silk + ": worst block " + passed + " beside " + encoded);
        }
    }

    private static Job.Mix job(List<Frame> one, List<Frame> other, boolean known) {
        return new Job.Mix(List.of(voice(0, one, known), voice(1, other, known)), PACKETS * 20_000L, 32_000, 3);
    }

    /** Everything decoded and added up, as a mix does. */
    private static short[] sum(List<Frame> one, List<Frame> other) {
        SpeakerSum sum = new SpeakerSum(2);
        short[] line = new short[PACKETS * BLOCK];
        try (OpusDecoder first = new OpusDecoder(SoundDecoder.TO_PLAY);
                OpusDecoder second = new OpusDecoder(SoundDecoder.TO_PLAY)) {
            for (int i = 0; i < PACKETS; i++) {
                List<short[]> blocks = Stream.of(
                                first.decode(one.get(i).payload().array()),
                                second.decode(other.get(i).payload().array()))
                        .toList();
                System.arraycopy(sum.add(blocks, BLOCK), 0, line, i * BLOCK, BLOCK);
            }
        }
        return line;
    }

    /** The level of what is wrong in the worst block. */
    private static double worst(short[] expected, short[] heard) {
        double worst = 0;
        for (int at = 0; at < expected.length; at += BLOCK) {
            worst = Math.max(worst, error(expected, heard, at));
        }
        return worst;
    }

    @Test
    void speakerWhoStopsSendingIsFollowedByEncodedSilence() throws IOException {
        List<Frame> one = new ArrayList<>(TestMedia.opusWithFec(0, PACKETS, ONE));
        one.subList(150, 175).clear(); // half a second in the middle of a word, and no number is missing
        List<byte[]> mix =
                packets(new Job.Mix(List.of(voice(0, one, true)), PACKETS * 20_000L, 32_000, 3), List.of(one));
        assertArrayEquals(one.get(149).payload().array(), mix.get(149));
        assertArrayEquals(one.get(150).payload().array(), mix.get(175));
        short[] heard = decoded(mix);
        for (int i = 153; i < 174; i++) {
            assertTrue(Sound.level(heard, i * BLOCK, BLOCK) < 1e-3, "block " + i);
        }
    }
}
