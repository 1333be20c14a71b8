package hansard.decrypt;

import hansard.wire.SrtpRecord;

/** How many datagrams, and when the first and the last of them arrived. */
record Tally(long count, long firstArrivalMicros, long lastArrivalMicros) {
    static final Tally NONE = new Tally(0, Long.MAX_VALUE, Long.MIN_VALUE);

    static Tally of(long count, long arrivalMicros) {
        return count == 0 ? NONE : new Tally(count, arrivalMicros, arrivalMicros);
    }

    /** Of a record's datagrams; none of a mark. */
    static Tally of(SrtpRecord record) {
        return record instanceof SrtpRecord.Datagrams bundle
                        && !bundle.datagrams().isEmpty()
                ? new Tally(
                        bundle.datagrams().size(),
                        bundle.datagrams().getFirst().arrivalMicros(),
                        bundle.datagrams().getLast().arrivalMicros())
                : NONE;
    }

    Tally plus(Tally other) {
        return new Tally(
                count + other.count,
                Math.min(firstArrivalMicros, other.firstArrivalMicros),
                Math.max(lastArrivalMicros, other.lastArrivalMicros));
    }

    void write(StateWriter out) {
        out.i64(count);
        out.i64(firstArrivalMicros);
        out.i64(lastArrivalMicros);
    }

    static Tally read(StateReader in) {
        return new Tally(in.i64(), in.i64(), in.i64());
    }
}
