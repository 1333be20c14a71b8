package hansard.decrypt;

import org.jspecify.annotations.Nullable;

/**
 * The state of a stream of which something waits for a key: from before its session key came, or because nothing of it authenticates
 * under the keys that there are. The records wait in a store of their own.
 *
 * @param from ordinal of the first record that waits
 * @param to ordinal after the last one
 * @param bytes that wait
 * @param turnedAway datagrams beyond what may wait, from before anybody told what the stream is
 * @param sinceMicros arrival of the first datagram that waits
 * @param track how far the stream had come; null before its session key
 * @param suspicion whether what waits is SRTP at all, while nothing of the stream has authenticated
 */
record Waiting(
        long from,
        long to,
        long bytes,
        long turnedAway,
        long sinceMicros,
        @Nullable Track track,
        PlaintextSuspicion suspicion)
        implements StreamState {
    private static final long NOT_YET = Long.MAX_VALUE;

    /** Nothing waits; the track goes on from where it is. */
    static Waiting none(@Nullable Track track) {
        return new Waiting(0, 0, 0, 0, NOT_YET, track, new PlaintextSuspicion());
    }

    boolean isEmpty() {
        return from == to;
    }

    Waiting andParked(int recordBytes, long arrivalMicros) {
        return new Waiting(
                from, to + 1, bytes + recordBytes, turnedAway, Math.min(sinceMicros, arrivalMicros), track, suspicion);
    }

    Waiting andTurnedAway(long datagrams) {
        return new Waiting(from, to, bytes, turnedAway + datagrams, sinceMicros, track, suspicion);
    }

    /** The session key came: what was turned away is in the track's account from now on. */
    Waiting on(Track begun) {
        return new Waiting(from, to, bytes, 0, sinceMicros, begun, suspicion);
    }

    /** Those before this ordinal need not wait any longer. */
    Waiting after(long ordinal, long bytesLeft) {
        return new Waiting(ordinal, to, bytesLeft, turnedAway, sinceMicros, track, suspicion);
    }

    @Override
    public int type() {
        return 1;
    }

    @Override
    public void write(StateWriter out) {
        out.i64(from);
        out.i64(to);
        out.i64(bytes);
        out.i64(turnedAway);
        out.i64(sinceMicros);
        suspicion.write(out);
        out.flag(track != null);
        if (track != null) {
            track.write(out);
        }
    }

    static Waiting read(StateReader in) {
        long from = in.i64();
        long to = in.i64();
        long bytes = in.i64();
        long turnedAway = in.i64();
        long since = in.i64();
        PlaintextSuspicion suspicion = PlaintextSuspicion.read(in);
        return new Waiting(from, to, bytes, turnedAway, since, in.flag() ? Track.read(in) : null, suspicion);
    }
}
