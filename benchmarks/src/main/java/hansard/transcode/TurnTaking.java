package hansard.transcode;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A call of a few people who take turns: each says one to three of the sentences that he or she has read, in a random order, and when all
 * are said, again; pauses of 0.25 to 0.9 s within a turn, and from one speaker to the next between 0.2 s too early and 1.2 s late.
 *
 * @param tracks 48 kHz mono, of the same length: what each one's microphone hears
 * @param said the words of each, in order
 */
record TurnTaking(List<short[]> tracks, List<String> said) {
    private static final double PAUSE_FROM = 0.25;
    private static final double PAUSE_TO = 0.9;
    private static final double CHANGE_FROM = -0.2;
    private static final double CHANGE_TO = 1.2;

    /** @param rooms what the microphones hear all the time, of the first speaker, the second and so on; and again from the first */
    static TurnTaking of(int speakers, int seconds, List<RoomTone> rooms) {
        Random random = new Random(1);
        List<List<Readings.Reading>> read = Readings.ofTheCapture().bySpeaker();
        List<short[]> tracks = new ArrayList<>();
        List<StringBuilder> said = new ArrayList<>();
        List<List<Readings.Reading>> left = new ArrayList<>();
        for (int i = 0; i < speakers; i++) {
            tracks.add(rooms.get(i % rooms.size()).sound(random, seconds));
            said.add(new StringBuilder());
            left.add(new ArrayList<>());
        }
        double at = 0.5;
        int speaker = 0;
        while (true) {
            for (int sentences = 1 + random.nextInt(3); sentences > 0; sentences--) {
                List<Readings.Reading> unsaid = left.get(speaker);
                if (unsaid.isEmpty()) {
                    unsaid.addAll(read.get(speaker));
                }
                Readings.Reading reading = unsaid.remove(random.nextInt(unsaid.size()));
                int from = (int) (at * OpusPacket.SAMPLE_RATE);
                if (from + reading.sound().length > tracks.get(speaker).length) {
                    return new TurnTaking(
                            tracks, said.stream().map(StringBuilder::toString).toList());
                }
                add(reading.sound(), tracks.get(speaker), from);
                said.get(speaker).append(reading.words()).append(' ');
                at += (double) reading.sound().length / OpusPacket.SAMPLE_RATE;
                at += sentences > 1 ? between(random, PAUSE_FROM, PAUSE_TO) : between(random, CHANGE_FROM, CHANGE_TO);
            }
            speaker = (speaker + 1 + random.nextInt(speakers - 1)) % speakers;
        }
    }

    private static void add(short[] sound, short[] to, int at) {
        for (int i = 0; i < sound.length; i++) {
            to[at + i] = (short) Math.clamp(to[at + i] + sound[i], Short.MIN_VALUE, Short.MAX_VALUE);
        }
    }

    private static double between(Random random, double from, double to) {
        return from + (to - from) * random.nextDouble();
    }
}
