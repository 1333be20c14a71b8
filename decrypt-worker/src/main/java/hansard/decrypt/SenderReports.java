package hansard.decrypt;

import org.jspecify.annotations.Nullable;

/**
 * What a source's sender reports say (RFC 3550 section 6.4.1): which time its own clock had at a timestamp. How far that clock is from
 * the call's, is the least difference to an arrival of the last half minute or more; so a queue on the way, which makes every packet
 * late for a while, does not move the media.
 *
 * <p>A report is believed when the one before it agrees: between the two, its clock went on as long as the arrival times did.
 */
final class SenderReports {
    /** Without a report for so long, arrivals count again. */
    private static final long VALID_MICROS = 30_000_000;

    private static final long AGREE_MICROS = 250_000;
    /** Of the distance to the report before, what two clocks may differ: 1 in 100. */
    private static final long AGREE_SHARE = 100;
    /** The least difference is that of this long a time, or up to twice as long. */
    private static final long BUCKET_MICROS = 30_000_000;

    private static final long NONE = Long.MAX_VALUE;

    private boolean taken;
    private boolean believed;
    private long senderMicros;
    private long timestamp;
    private long arrivalMicros;
    private long bucketStartMicros;
    private long least = NONE;
    private long leastBefore = NONE;

    void take(long sender, long extendedTimestamp, long arrival) {
        if (taken && arrival <= arrivalMicros) {
            return; // an older one, overtaken
        }
        if (taken) {
            long went = arrival - arrivalMicros;
            boolean agrees = Math.abs(sender - senderMicros - went) <= AGREE_MICROS + went / AGREE_SHARE;
            if (!agrees) {
                forget();
            }
            believed = agrees;
        }
        taken = true;
        senderMicros = sender;
        timestamp = extendedTimestamp;
        arrivalMicros = arrival;
    }

    /** The media clock was set: what was said before of timestamps is no longer so. */
    void forget() {
        taken = false;
        believed = false;
        least = NONE;
        leastBefore = NONE;
    }

    /** When a timestamp was, on the call's clock, by what the sender says; null when that is not known. */
    @Nullable
    Long at(long extendedTimestamp, int clockRate, long arrival) {
        if (!believed || arrival - arrivalMicros > VALID_MICROS) {
            return null;
        }
        long sender = senderMicros + MediaClock.micros(extendedTimestamp - timestamp, clockRate);
        if (least == NONE) {
            bucketStartMicros = arrival;
        } else if (arrival - bucketStartMicros >= BUCKET_MICROS) {
            leastBefore = least;
            least = NONE;
            bucketStartMicros = arrival;
        }
        least = Math.min(least, arrival - sender);
        return sender + Math.min(least, leastBefore);
    }

    void write(StateWriter out) {
        out.flag(taken);
        out.flag(believed);
        out.i64(senderMicros);
        out.i64(timestamp);
        out.i64(arrivalMicros);
        out.i64(bucketStartMicros);
        out.i64(least);
        out.i64(leastBefore);
    }

    static SenderReports read(StateReader in) {
        SenderReports reports = new SenderReports();
        reports.taken = in.flag();
        reports.believed = in.flag();
        reports.senderMicros = in.i64();
        reports.timestamp = in.i64();
        reports.arrivalMicros = in.i64();
        reports.bucketStartMicros = in.i64();
        reports.least = in.i64();
        reports.leastBefore = in.i64();
        return reports;
    }
}
