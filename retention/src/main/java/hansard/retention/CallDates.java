package hansard.retention;

/**
 * When things happened to a call, microseconds since 1970, 0 for not yet.
 *
 * @param heardMicros the latest of all that was heard of it
 */
record CallDates(
        long openedMicros,
        long closedMicros,
        boolean sealed,
        long firstMediaMicros,
        long lastMediaMicros,
        long heardMicros) {
    static final CallDates NONE = new CallDates(0, 0, false, 0, 0, 0);

    boolean isClosed() {
        return closedMicros > 0;
    }

    /**
     * The date that its period is counted from: the last media, so that every word is kept for the whole period; where
     * that is not known, the end of the call; for an abandoned call, the last that was heard of it.
     */
    long callMicros() {
        if (lastMediaMicros > 0) {
            return lastMediaMicros;
        }
        return isClosed() ? closedMicros : heardMicros;
    }

    CallDates heard(long atMicros) {
        return new CallDates(
                openedMicros, closedMicros, sealed, firstMediaMicros, lastMediaMicros, Math.max(heardMicros, atMicros));
    }

    CallDates opened(long atMicros) {
        return new CallDates(atMicros, closedMicros, sealed, firstMediaMicros, lastMediaMicros, heardMicros);
    }

    CallDates closed(long atMicros) {
        return new CallDates(openedMicros, atMicros, sealed, firstMediaMicros, lastMediaMicros, heardMicros);
    }

    CallDates sealed(long firstMicros, long lastMicros) {
        return new CallDates(openedMicros, closedMicros, true, firstMicros, lastMicros, heardMicros);
    }
}
