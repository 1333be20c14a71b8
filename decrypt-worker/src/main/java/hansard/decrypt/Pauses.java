package hansard.decrypt;

/**
 * The pauses by policy of one stream, as far as they still matter: the one that lasts, and the last one that is over. What was spoken during
 * a pause may arrive after it; its media time tells.
 */
final class Pauses {
    private static final long NEVER = 0;

    private long sinceMicros;
    private long lastFromMicros;
    private long lastToMicros;

    void begin(long atMicros) {
        if (sinceMicros == NEVER) {
            sinceMicros = atMicros;
        }
    }

    /** It is over. Gives when it began. */
    long end(long atMicros) {
        long from = sinceMicros == NEVER ? atMicros : sinceMicros;
        lastFromMicros = from;
        lastToMicros = Math.max(from, atMicros);
        sinceMicros = NEVER;
        return from;
    }

    boolean lasts() {
        return sinceMicros != NEVER;
    }

    /** Whether media of that time was spoken during the last pause that is over. */
    boolean cover(long mediaMicros) {
        return mediaMicros >= lastFromMicros && mediaMicros < lastToMicros;
    }

    long lastFromMicros() {
        return lastFromMicros;
    }

    long lastToMicros() {
        return lastToMicros;
    }

    void write(StateWriter out) {
        out.i64(sinceMicros);
        out.i64(lastFromMicros);
        out.i64(lastToMicros);
    }

    static Pauses read(StateReader in) {
        Pauses pauses = new Pauses();
        pauses.sinceMicros = in.i64();
        pauses.lastFromMicros = in.i64();
        pauses.lastToMicros = in.i64();
        return pauses;
    }
}
