package hansard.decrypt;

import hansard.testkit.SrtpSender;
import hansard.wire.Octets;
import hansard.wire.SrtpRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * An Opus sender and the network before the recorder, of whom everything is known: a media clock that is fast or slow, silences with and
 * without packets, a clock that stands still, queues that build up and drain, packets held up, lost and overtaken. The same seed
 * gives the same call.
 *
 * <p>When something was spoken is told in the recorder's time, the shortest way through the network included: nobody at its end can
 * know how long that is.
 */
final class SimulatedSpeaker {
    private static final long FRAME_MICROS = 20_000;
    private static final int FRAME_UNITS = 960;
    /** Get through at a time. */
    private static final int FEW = 4;

    private static final long SHORTEST_WAY_MICROS = 30_000;

    private final Random random;
    private final double pace;
    private final Troubles troubles;
    private final SrtpSender sender;
    private final List<Long> spoken = new ArrayList<>();
    private final List<SrtpRecord.Datagram> sent = new ArrayList<>();

    private double nowMicros;
    private long timestamp = 0xffff_0000L;
    private long index = 65_000;
    private long queueBegins;
    private long queueEnds;
    private long queueMicros;
    private long heldUntil;
    private List<Long> openings = List.of();
    private int letThrough;
    private double heldLoss;
    private long drainMicros = 200;
    private long lastArrival;
    private boolean reports;
    private int droppedOnPurpose;

    /** What may happen on the way. */
    enum Troubles {
        JITTER,
        ALL
    }

    SimulatedSpeaker(long seed, int skewPpm, Troubles troubles, SrtpSender sender) {
        this.random = new Random(seed);
        this.pace = 1 / (1 + skewPpm / 1e6);
        this.troubles = troubles;
        this.sender = sender;
        this.nowMicros = SyntheticStream.START;
    }

    SimulatedSpeaker withReports() {
        reports = true;
        return this;
    }

    /** When the frame with this number was spoken. */
    long spokenMicros(int number) {
        return spoken.get(number);
    }

    /** Frames that are not lost in a way that is blocked. */
    int frames() {
        return spoken.size() - droppedOnPurpose;
    }

    long nowMicros() {
        return (long) nowMicros;
    }

    /** What arrived since this was last asked, in order of arrival; what comes later may still overtake the last of it. */
    List<SrtpRecord.Datagram> arrived() {
        sent.sort(Comparator.comparingLong(SrtpRecord.Datagram::arrivalMicros));
        List<SrtpRecord.Datagram> arrived = List.copyOf(sent);
        sent.clear();
        return arrived;
    }

    void speak(double seconds) {
        for (double until = nowMicros + seconds * 1e6; nowMicros < until; ) {
            frame(FRAME_MICROS);
        }
    }

    /** Discontinuous transmission: a frame every 400 ms, the clock goes on. */
    void dtx(double seconds) {
        for (double until = nowMicros + seconds * 1e6; nowMicros < until; ) {
            frame(20 * FRAME_MICROS);
        }
    }

    /** Nothing is sent, the clock goes on. */
    void mute(double seconds) {
        pass((long) (seconds * 1e6 / FRAME_MICROS) * FRAME_MICROS);
    }

    /** Nothing is sent and the media clock stands still. */
    void standStill(double seconds) {
        nowMicros += seconds * 1e6;
    }

    /** The media clock is set, forward or back. */
    void setClock(double bySeconds) {
        timestamp += (long) (bySeconds * 48_000);
    }

    /** Nothing gets through for so long; then all of it at once. */
    void holdUp(double seconds) {
        heldUntil = nowMicros() + SHORTEST_WAY_MICROS + (long) (seconds * 1e6);
    }

    /** The same in pieces: now and then a few get through. A share is lost, and the rest comes no faster than one in so long. */
    void holdUp(double seconds, int pieces, double lossShare, double drainMillis) {
        long from = nowMicros() + SHORTEST_WAY_MICROS;
        holdUp(seconds);
        List<Long> at = new ArrayList<>();
        for (int i = 1; i < pieces; i++) {
            at.add(from + (long) (random.nextDouble() * (heldUntil - from)));
        }
        openings = at.stream().sorted().toList();
        letThrough = 0;
        heldLoss = lossShare;
        drainMicros = (long) (drainMillis * 1e3);
    }

    /** A queue on the way: it grows, as a queue does, and for a while every packet is late. */
    void queue(double millis, double seconds) {
        queueMicros = (long) (millis * 1e3);
        queueBegins = nowMicros();
        queueEnds = nowMicros() + (long) (seconds * 1e6);
    }

    /** Anything that calls are made of, for that long. */
    void live(double seconds) {
        for (double until = nowMicros + seconds * 1e6; nowMicros < until; ) {
            switch (random.nextInt(troubles == Troubles.ALL ? 12 : 6)) {
                case 0, 1, 2 -> speak(2 + random.nextDouble() * 30);
                case 3, 4 -> dtx(2 + random.nextDouble() * 60);
                case 5 -> mute(1 + random.nextDouble() * 20);
                case 6 -> {
                    if (nowMicros > queueEnds + 1e6) { // by how much it stood still in a queue, nobody could tell
                        standStill(0.3 + random.nextDouble() * 10);
                        speak(2);
                    }
                }
                case 7 -> holdUp(0.1 + random.nextDouble() * 3);
                case 8 -> queue(20 + random.nextInt(160), 1 + random.nextDouble() * 8);
                default -> speak(5);
            }
        }
    }

    /** Ways that are blocked, in all the ways that they can be, between talk and clocks that stand still on ways that are free. */
    void blocked(double seconds) {
        for (double until = nowMicros + seconds * 1e6; nowMicros < until; ) {
            if (random.nextInt(3) == 0) {
                standStill(0.3 + random.nextDouble() * 10);
            } else {
                double[] loss = {0, 0, 0.1, 0.5, 0.9};
                holdUp(
                        0.3 + random.nextDouble() * 2.7,
                        1 + random.nextInt(4),
                        loss[random.nextInt(loss.length)],
                        0.2 + random.nextInt(3) * 4);
                speak(7); // and what was held up has drained
            }
            speak(2 + random.nextDouble() * 8);
        }
    }

    private void pass(long mediaMicros) {
        nowMicros += mediaMicros * pace;
        timestamp += mediaMicros / FRAME_MICROS * FRAME_UNITS;
    }

    private void frame(long lengthMicros) {
        byte[] payload =
                ByteBuffer.allocate(40).put((byte) 'x').putInt(spoken.size()).array();
        spoken.add(nowMicros() + SHORTEST_WAY_MICROS);
        if (reports && spoken.size() % 250 == 1) {
            report();
        }
        byte[] datagram = sender.datagram(index, timestamp & 0xffff_ffffL, false, payload);
        boolean dropped =
                heldLoss > 0 && nowMicros() + SHORTEST_WAY_MICROS < heldUntil && random.nextDouble() < heldLoss;
        if (dropped) {
            droppedOnPurpose++;
        } else if (random.nextInt(100) != 0) { // one in a hundred is lost
            sent.add(new SrtpRecord.Datagram(arrival(), Octets.of(datagram)));
        }
        index++;
        pass(lengthMicros);
    }

    private void report() {
        long unix = nowMicros() - 12_345_678_901L; // its wall clock is wrong, as many are
        long ntp = Math.floorDiv(unix, 1_000_000L) + 2_208_988_800L << 32
                | ((Math.floorMod(unix, 1_000_000L) << 32) / 1_000_000);
        byte[] packet = ByteBuffer.allocate(28)
                .put((byte) 0x80)
                .put((byte) 200)
                .putShort((short) 6)
                .putInt((int) SyntheticStream.SSRC)
                .putLong(ntp)
                .putInt((int) timestamp)
                .putInt(0)
                .putInt(0)
                .array();
        sent.add(new SrtpRecord.Datagram(arrival(), Octets.of(sender.rtcp(spoken.size(), true, packet))));
    }

    private long arrival() {
        double late = -Math.log(1 - random.nextDouble()) * 4_000;
        if (nowMicros < queueEnds) {
            late += Math.min(queueMicros, (nowMicros - queueBegins) / 5);
        }
        if (random.nextInt(1_000) == 0) {
            late += random.nextInt(150_000); // and is overtaken
            return nowMicros() + SHORTEST_WAY_MICROS + (long) late;
        }
        long arrival = nowMicros() + SHORTEST_WAY_MICROS + (long) late;
        arrival =
                Math.max(arrival, lastArrival + drainMicros); // a queue keeps the order, and drains no faster than that
        if (arrival < heldUntil) {
            arrival = Math.max(opening(arrival), lastArrival + drainMicros);
        }
        lastArrival = arrival;
        return arrival;
    }

    /** When the next packet gets through a way that is blocked. */
    private long opening(long arrival) {
        int opening = letThrough++ / FEW;
        return opening < openings.size() && openings.get(opening) >= arrival ? openings.get(opening) : heldUntil;
    }
}
