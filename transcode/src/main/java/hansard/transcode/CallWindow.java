package hansard.transcode;

import hansard.wire.TrackCoverage.Stretch;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The time of a call that is to be accounted for. It begins with the first media, as the call's clock does, or with the first announcement
 * where nothing came for long after it; it ends with the last media, or with the close where nothing came for long before it.
 */
record CallWindow(long startMicros, long endMicros) {
    /** To set a fork up and to hang up take a moment. */
    static final long GRACE_MICROS = 5_000_000;

    CallWindow {
        endMicros = Math.max(startMicros, endMicros); // times on topics are whatever somebody wrote there
    }

    static CallWindow of(CallHistory history, List<TrackParts> tracks) {
        List<Stretch> media =
                tracks.stream().flatMap(t -> t.stretches().stream()).toList();
        long first = media.stream().mapToLong(Stretch::startMicros).min().orElse(0);
        long last = media.stream().mapToLong(Stretch::endMicros).max().orElse(0);
        if (isReplay(tracks)) { // what the connector says is of today, the media is of then
            return media.isEmpty() ? ofRefusals(history, tracks) : new CallWindow(first, last);
        }
        long announced = history.firstAnnouncedMicros() == 0 ? history.openedMicros() : history.firstAnnouncedMicros();
        long closed = Math.max(history.closedMicros(), announced);
        if (media.isEmpty()) {
            return new CallWindow(announced, closed);
        }
        return new CallWindow(
                first - announced > GRACE_MICROS ? announced : first, closed - last > GRACE_MICROS ? closed : last);
    }

    static boolean isReplay(List<TrackParts> tracks) {
        return tracks.stream().anyMatch(t -> t.stream().captureTimes());
    }

    /** Nothing of the capture was media. */
    private static CallWindow ofRefusals(CallHistory history, List<TrackParts> tracks) {
        long[] times = tracks.stream()
                .flatMap(t -> t.refusals().stream())
                .flatMapToLong(r -> LongStream.of(r.firstArrivalMicros(), r.lastArrivalMicros()))
                .toArray();
        return times.length == 0
                ? new CallWindow(history.openedMicros(), Math.max(history.openedMicros(), history.closedMicros()))
                : new CallWindow(
                        LongStream.of(times).min().orElseThrow(),
                        LongStream.of(times).max().orElseThrow());
    }
}
