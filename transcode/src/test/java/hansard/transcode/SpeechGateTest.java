package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.wire.SpeechRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sound is put together, so that it is known to the sample when somebody speaks. */
class SpeechGateTest {
    private static final long START = TestMedia.EPOCH_MICROS;

    private static Stretches cut(short[] sound, int atOnce) {
        Stretches stretches = new Stretches();
        SpeechGate gate = new SpeechGate(stretches);
        gate.begin(START);
        for (int at = 0; at < sound.length; at += atOnce) {
            gate.hear(Arrays.copyOfRange(sound, at, Math.min(sound.length, at + atOnce)));
        }
        gate.end();
        return stretches;
    }

    private static Stretches cut(TestVoice voice) {
        return cut(voice.samples(), 320);
    }

    private static boolean holds(Stretches stretches, int fromMillis, int millis) {
        return stretches.hold(START + fromMillis * 1_000L, START + (fromMillis + millis) * 1_000L);
    }

    private static long at(Stretches.Heard heard) {
        return (heard.startMicros() - START) * SpeechRecord.SAMPLE_RATE / 1_000_000;
    }

    @Test
    void aTurnIsOneStretchHoweverShortItsPauses() {
        Stretches stretches = cut(new TestVoice(12_000)
                .noise(66)
                .say(3_000, 1_000, 24)
                .say(4_400, 1_000, 24)
                .say(5_900, 1_500, 24));
        Stretches.Heard turn = stretches.all().getLast();
        assertTrue(holds(stretches, 3_000, 4_400), "a word at its edge is lost");
        assertEquals(START + 2_700_000, turn.startMicros(), 60_000);
        assertEquals(START + 7_700_000, turn.endMicros(), 60_000);
    }

    @Test
    void aPauseOfASecondParts() {
        Stretches stretches = cut(new TestVoice(9_000).say(1_000, 2_000, 24).say(4_000, 2_000, 24));
        assertEquals(2, stretches.all().size());
        assertTrue(holds(stretches, 1_000, 2_000));
        assertTrue(holds(stretches, 4_000, 2_000));
    }

    @Test
    void aTrackThatBeginsAndEndsInTheMiddleOfAWordLosesNothingOfIt() {
        Stretches stretches = cut(new TestVoice(2_005).noise(60).say(0, 2_005, 24));
        assertEquals(1, stretches.all().size());
        assertEquals(START, stretches.all().getFirst().startMicros());
        assertEquals(2_005 * 16, stretches.all().getFirst().pcm().length);
    }

    @Test
    void digitalSilenceGivesNothing() {
        assertEquals(List.of(), cut(new TestVoice(60_000)).all());
    }

    /** Noise is taken for speech until it is known: half a second, and the hangover. */
    @Test
    void fourHoursOfSilenceGiveOneShortStretchAtMost() {
        short[] minute = new TestVoice(60_000).noise(60).samples();
        Stretches stretches = new Stretches();
        SpeechGate gate = new SpeechGate(stretches);
        gate.begin(START);
        long before = System.nanoTime();
        for (int i = 0; i < 4 * 60; i++) {
            gate.hear(minute);
        }
        gate.end();
        assertTrue(System.nanoTime() - before < 60_000_000_000L, "four hours of silence take a minute and more");
        assertTrue(stretches.all().size() <= 1, () -> stretches.all().size() + " stretches");
        assertTrue(stretches.totalMillis() <= 1_200, () -> stretches.totalMillis() + " ms");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hum", "fan", "white noise"})
    void whatSoundsAllTheTimeIsNoSpeechAndHidesNone(String noise) {
        TestVoice alone = new TestVoice(30_000);
        TestVoice spokenOver = new TestVoice(30_000).say(15_000, 3_000, 24);
        for (TestVoice voice : List.of(alone, spokenOver)) {
            switch (noise) {
                case "hum" -> voice.hum(26);
                case "fan" -> voice.fan(32);
                default -> voice.noise(36);
            }
        }
        assertTrue(cut(alone).totalMillis() <= 1_500, () -> cut(alone).totalMillis() + " ms");
        Stretches stretches = cut(spokenOver);
        assertTrue(holds(stretches, 15_000, 3_000));
        assertTrue(stretches.totalMillis() <= 1_500 + 3_700, () -> stretches.totalMillis() + " ms");
    }

    @Test
    void anOffsetOfTheSamplesChangesNothing() {
        Stretches plain = cut(new TestVoice(10_000).noise(60).say(4_000, 2_000, 30));
        Stretches lifted =
                cut(new TestVoice(10_000).noise(60).say(4_000, 2_000, 30).offset(8_000));
        assertTrue(holds(lifted, 4_000, 2_000));
        assertEquals(plain.totalMillis(), lifted.totalMillis(), 50);
    }

    @Test
    void clippedSoundIsSpeechAndItsPausesAreNot() {
        Stretches stretches = cut(new TestVoice(12_000)
                .noise(60)
                .say(2_000, 2_000, 24)
                .say(7_000, 2_000, 24)
                .louder(0, 26));
        assertTrue(holds(stretches, 2_000, 2_000));
        assertTrue(holds(stretches, 7_000, 2_000));
        assertTrue(stretches.totalMillis() <= 6_800, () -> stretches.totalMillis() + " ms");
    }

    /** Somebody may sing to it. */
    @Test
    void musicIsLetThrough() {
        assertTrue(cut(new TestVoice(20_000).noise(66).music(20)).totalMillis() > 18_000);
    }

    @Test
    void aWhisperIsHeard() {
        Stretches stretches = cut(new TestVoice(10_000).noise(70).say(5_000, 2_000, 50));
        assertTrue(holds(stretches, 5_000, 2_000));
    }

    @Test
    void aSpeakerWhoGetsThirtyDecibelsSofterIsHeard() {
        Stretches stretches = cut(new TestVoice(20_000)
                .noise(0, 20_000, 56, 3)
                .say(2_000, 3_000, 24)
                .say(8_000, 3_000, 24)
                .say(14_000, 3_000, 24)
                .louder(9_500, -30));
        assertTrue(holds(stretches, 2_000, 3_000));
        assertTrue(holds(stretches, 8_000, 3_000));
        assertTrue(holds(stretches, 14_000, 3_000));
    }

    /** The new noise is taken for speech until the quiet of before is three seconds ago. */
    @Test
    void noiseThatGetsThirtyDecibelsLouderCostsFourSecondsAndHidesNothing() {
        TestVoice louder = new TestVoice(40_000).noise(66).noise(10_000, 30_000, 36, 4);
        assertTrue(cut(louder).totalMillis() <= 1_200 + 4_500, () -> cut(louder).totalMillis() + " ms");
        Stretches stretches = cut(louder.say(11_000, 1_000, 20).say(25_000, 2_000, 20));
        assertTrue(holds(stretches, 11_000, 1_000));
        assertTrue(holds(stretches, 25_000, 2_000));
    }

    @Test
    void aClickIsNoSpeech() {
        TestVoice clicks = new TestVoice(20_000).noise(66);
        for (int i = 3; i < 20; i++) {
            clicks.noise(i * 1_000, 15, 12, i);
        }
        assertTrue(cut(clicks).totalMillis() <= 1_200, () -> cut(clicks).totalMillis() + " ms");
    }

    @Test
    void aLongTalkIsPartedInAShortPauseAndNothingOfItIsLost() {
        TestVoice talk = new TestVoice(61_000);
        for (int second = 0; second < 60; second += 5) {
            talk.say(second * 1_000, 4_650, 24); // pauses of 350 ms
        }
        Stretches stretches = cut(talk);
        assertEquals(3, stretches.all().size());
        for (Stretches.Heard heard : stretches.all()) {
            assertTrue(heard.pcm().length <= 26_000 * TestVoice.MILLI);
        }
        for (int second = 0; second < 60; second += 5) {
            int from = second;
            assertTrue(
                    stretches.all().stream()
                            .anyMatch(heard ->
                                    heard.holds(START + from * 1_000_000L, START + from * 1_000_000L + 4_650_000)),
                    () -> "said from " + from + " s on");
        }
    }

    @Test
    void aTalkWithoutAnyPauseIsPartedAfterHalfAMinuteAndGoesOnWithTheNextSample() {
        short[] sound = new TestVoice(70_000).music(20).samples();
        Stretches stretches = cut(sound, 320);
        assertEquals(3, stretches.all().size());
        List<Short> all = new ArrayList<>();
        for (Stretches.Heard heard : stretches.all()) {
            assertTrue(heard.pcm().length <= SpeechGate.MAX_STRETCH);
            assertEquals(all.size(), at(heard));
            for (short sample : heard.pcm()) {
                all.add(sample);
            }
        }
        assertTrue(all.size() > 69_000 * TestVoice.MILLI);
    }

    @Test
    void whatEndsIsOverAndWhatBeginsIsApart() {
        Stretches stretches = new Stretches();
        SpeechGate gate = new SpeechGate(stretches);
        short[] sound = new TestVoice(3_000).say(0, 3_000, 24).samples();
        gate.begin(START);
        gate.hear(sound);
        gate.begin(START + 10_000_000);
        gate.hear(sound);
        gate.end();
        gate.end();
        assertEquals(
                List.of(START, START + 10_000_000),
                stretches.all().stream().map(Stretches.Heard::startMicros).toList());
        assertArrayEquals(sound, stretches.all().getLast().pcm());
    }

    /** Whatever is said when: all of it is in a stretch, with its surroundings, sample by sample as it was, and little besides. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void everyTurnIsInAStretchAndLittleBesides(long seed) {
        Random random = new Random(seed);
        TestVoice voice = new TestVoice(120_000).noise(0, 120_000, 45 + random.nextInt(30), seed);
        double level = 18 + random.nextInt(12);
        List<int[]> turns = new ArrayList<>();
        long said = 0;
        for (int at = 2_000 + random.nextInt(3_000); at < 115_000; ) {
            int millis = Math.min(300 + random.nextInt(random.nextInt(9_000) + 1), 119_000 - at);
            voice.say(at, millis, level);
            turns.add(new int[] {at, millis});
            said += millis;
            at += millis + 150 + random.nextInt(random.nextInt(12_000) + 1);
        }
        short[] sound = voice.samples();
        Stretches stretches = cut(sound, 320);
        for (int[] turn : turns) {
            // a long stretch may be parted in the pause right before it or after it
            assertTrue(
                    stretches.all().stream()
                            .anyMatch(heard -> heard.holds(
                                    START + (turn[0] - 50) * 1_000L, START + (turn[0] + turn[1] + 50) * 1_000L)),
                    () -> "said from " + turn[0] + " to " + (turn[0] + turn[1]) + " ms");
        }
        assertTrue(stretches.totalMillis() <= said + 1_200 + 750L * turns.size());
        for (Stretches.Heard heard : stretches.all()) {
            assertTrue(heard.pcm().length <= SpeechGate.MAX_STRETCH);
            int from = (int) at(heard);
            assertArrayEquals(Arrays.copyOfRange(sound, from, from + heard.pcm().length), heard.pcm());
        }
    }

    @Test
    void howTheSoundComesInPiecesChangesNothing() {
        short[] sound = new TestVoice(30_000)
                .noise(55)
                .say(3_000, 4_000, 24)
                .say(7_500, 900, 30)
                .say(20_000, 5_000, 24)
                .samples();
        List<Stretches.Heard> once = cut(sound, 320).all();
        for (int atOnce : new int[] {1, 159, 1_000, sound.length}) {
            List<Stretches.Heard> again = cut(sound, atOnce).all();
            assertEquals(once.size(), again.size());
            for (int i = 0; i < once.size(); i++) {
                assertEquals(once.get(i).startMicros(), again.get(i).startMicros());
                assertEquals(once.get(i).pieces(), again.get(i).pieces());
                assertArrayEquals(once.get(i).pcm(), again.get(i).pcm());
            }
        }
        assertFalse(once.isEmpty());
    }
}
