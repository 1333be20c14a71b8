package hansard.ingest;

import hansard.wire.SrtpRecord;

/**
 * What {@code media.srtp} remembers of a stream, for a process that takes it up again.
 *
 * @param nextOrdinal the first ordinal that is free
 * @param durable datagrams on the topic; the ordinals that are missing were not durable
 * @param discarded arrived during the pauses that are over
 * @param paused the last mark is a pause
 * @param closed nothing more may be written
 * @param lastArrivalMicros of the last datagram, 0 without one
 */
record StreamMemory(
        long nextOrdinal, long durable, long discarded, boolean paused, boolean closed, long lastArrivalMicros) {
    static final StreamMemory NOTHING = new StreamMemory(0, 0, 0, false, false, 0);

    StreamMemory after(SrtpRecord record) {
        return switch (record) {
            case SrtpRecord.Datagrams d ->
                new StreamMemory(
                        Math.max(nextOrdinal, d.firstOrdinal() + d.datagrams().size()),
                        durable + d.datagrams().size(),
                        discarded,
                        paused,
                        closed,
                        d.datagrams().isEmpty()
                                ? lastArrivalMicros
                                : d.datagrams().getLast().arrivalMicros());
            case SrtpRecord.Paused ignored ->
                new StreamMemory(nextOrdinal, durable, discarded, true, closed, lastArrivalMicros);
            case SrtpRecord.Resumed r ->
                new StreamMemory(nextOrdinal, durable, discarded + r.discarded(), false, closed, lastArrivalMicros);
            case SrtpRecord.Closed ignored ->
                new StreamMemory(nextOrdinal, durable, discarded, paused, true, lastArrivalMicros);
        };
    }

    long notDurable() {
        return nextOrdinal - durable;
    }
}
