package hansard.index;

import hansard.wire.RejectReason;
import hansard.wire.StreamAccount;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Where every datagram of a call went: the tracks' final accounts, and for those still running what was rejected so far.
 *
 * @param paused let go unopened because the recording was paused by policy; {@code received = framed + rejected + paused + inFlight}
 * @param complete false while a track's account is not final: then {@code received} and {@code framed} are still growing and
 *     count only what has been reported
 */
record AccountView(
        long received,
        long framed,
        Map<RejectReason, Long> rejected,
        long paused,
        long inFlight,
        long lost,
        boolean complete) {

    static AccountView of(CallRecord call) {
        Set<String> streams = new LinkedHashSet<>(call.tracks().keySet());
        streams.addAll(call.refused().keySet());
        long received = 0;
        long framed = 0;
        long paused = 0;
        long inFlight = 0;
        long lost = 0;
        boolean complete = true;
        Map<RejectReason, Long> rejected = new TreeMap<>();
        for (String stream : streams) {
            StreamAccount account = ofStream(call, stream);
            received += account.received();
            framed += account.framed();
            paused += account.paused();
            inFlight += account.inFlight();
            lost += account.lost();
            account.rejected().forEach((reason, count) -> rejected.merge(reason, count, Long::sum));
            Track track = call.tracks().get(stream);
            complete &= track == null || track.account() != null;
        }
        return new AccountView(
                received,
                framed,
                rejected,
                paused,
                inFlight,
                lost,
                complete && !call.state().equals("live"));
    }

    /** The final account of a stream, or what is known so far. */
    static StreamAccount ofStream(CallRecord call, String streamId) {
        Track track = call.tracks().get(streamId);
        if (track != null && track.account() != null) {
            return track.account();
        }
        Map<RejectReason, Long> rejected = new TreeMap<>();
        call.refused().getOrDefault(streamId, Map.of()).forEach((reason, r) -> rejected.put(reason, r.count()));
        Long letGo = rejected.remove(RejectReason.PAUSED);
        long paused = letGo == null ? 0 : letGo;
        long total = rejected.values().stream().mapToLong(Long::longValue).sum();
        return new StreamAccount(total + paused, 0, rejected, 0, 0, 0, paused);
    }
}
