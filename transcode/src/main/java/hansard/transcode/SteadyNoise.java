package hansard.transcode;

import hansard.wire.TrackCoverage;
import hansard.wire.TrackCoverage.Noise;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Collects where a track gives nothing but the noise of its room, from how loud its packets were when they were decoded: each is nearly as
 * loud as the softest of the three seconds before it, and as the loudest of the stretch. Noise that gets louder is taken for something else for three seconds.
 *
 * <p>Packets of 20 ms of white noise differ by 2 dB, of pink noise by 3 to 5, of soft speech by more than 10. Rumble (brown noise) differs by
 * 8 to 12 and is not found: as loud as that is, something could be hidden in it.
 */
final class SteadyNoise {
    /** How far packets may be apart. */
    private static final int SPREAD_DECIBELS = 5;
    /** Nobody speaks for longer without a pause (as {@link NoiseFloor} has it). */
    private static final long REMEMBERED_MICROS = 3_000_000;
    /** A vowel may be held for long, and seldom as evenly. */
    private static final long SHORTEST_MICROS = 1_000_000;
    /** Packets of silence come every 400 ms where the sender has DTX; after a longer hole all begins anew. */
    private static final long HOLE_MICROS = 1_000_000;
    /** As in {@link QuietStretches}. */
    private static final long LONGEST_MICROS = 3_600_000_000L;

    private static final int MOST = 100_000;
    private static final long NONE = Long.MIN_VALUE;

    /** @param level in dB below full scale */
    private record Packet(long mediaMicros, int level) {}

    private final List<Noise> all = new ArrayList<>();
    /** Each softer than those after it: the first is the softest. */
    private final Deque<Packet> softest = new ArrayDeque<>();
    /** Of the stretch, each louder than those after it. */
    private final Deque<Packet> loudest = new ArrayDeque<>();

    private long firstMicros;
    private long fromMicros = NONE;
    private long toMicros;
    private long heardUntilMicros = NONE;
    private boolean quiet;

    /** The next packet, in order. @param level in dB below full scale */
    void add(long mediaMicros, long durationMicros, int level) {
        if (heardUntilMicros == NONE || mediaMicros - heardUntilMicros > HOLE_MICROS) {
            end(mediaMicros);
            firstMicros = mediaMicros;
            softest.clear();
        }
        heardUntilMicros = mediaMicros + durationMicros;
        Packet packet = new Packet(mediaMicros, level);
        while (!softest.isEmpty() && softest.getLast().level <= level) {
            softest.removeLast();
        }
        softest.add(packet);
        forget(softest, mediaMicros);
        forget(loudest, mediaMicros);
        boolean steady = level > -TrackCoverage.NOISE_DECIBELS
                && softest.getFirst().level - level <= SPREAD_DECIBELS
                && mediaMicros - firstMicros >= REMEMBERED_MICROS;
        boolean fallen = !loudest.isEmpty() && level - loudest.getFirst().level > SPREAD_DECIBELS;
        if (!steady || fallen || fromMicros != NONE && mediaMicros - fromMicros > LONGEST_MICROS) {
            end(mediaMicros);
        }
        if (steady) {
            goOn(packet, durationMicros);
        }
    }

    private void goOn(Packet packet, long durationMicros) {
        if (fromMicros == NONE) {
            fromMicros = packet.mediaMicros;
            quiet = true;
        }
        toMicros = packet.mediaMicros + durationMicros;
        quiet &= packet.level > -TrackCoverage.QUIET_DECIBELS;
        while (!loudest.isEmpty() && loudest.getLast().level >= packet.level) {
            loudest.removeLast();
        }
        loudest.add(packet);
    }

    private static void forget(Deque<Packet> packets, long nowMicros) {
        while (!packets.isEmpty() && packets.getFirst().mediaMicros < nowMicros - REMEMBERED_MICROS) {
            packets.removeFirst();
        }
    }

    private void end(long atMicros) {
        if (isWorthTelling(atMicros)) {
            all.add(new Noise(fromMicros, atMicros));
        }
        fromMicros = NONE;
        loudest.clear();
    }

    /** What is quiet all the time is known as such. */
    private boolean isWorthTelling(long atMicros) {
        return fromMicros != NONE && !quiet && atMicros - fromMicros >= SHORTEST_MICROS && all.size() < MOST;
    }

    /** What is known so far, in order of time. */
    List<Noise> all() {
        List<Noise> known = new ArrayList<>(all);
        if (isWorthTelling(toMicros)) {
            known.add(new Noise(fromMicros, toMicros));
        }
        return known;
    }
}
