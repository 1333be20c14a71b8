package hansard.index;

import hansard.wire.RejectReason;
import hansard.wire.StreamAccount;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something about a recording that a person must act on, in a sentence.
 *
 * @param reason why datagrams were rejected; null when none came
 */
record AlarmView(@Nullable RejectReason reason, String trackId, String participant, long count, String message) {

    /** So long after its announcement a stream of a live call is expected to be there, as the ingest has it. */
    private static final long SILENT_MICROS = 30_000_000;

    static List<AlarmView> of(CallRecord call, long nowMicros) {
        Set<String> streams = new LinkedHashSet<>(call.tracks().keySet());
        streams.addAll(call.refused().keySet());
        List<AlarmView> alarms = new ArrayList<>();
        for (String stream : streams) {
            Track track = call.tracks().get(stream);
            String who = track == null ? stream : call.nameOf(track.stream().participantId());
            StreamAccount account = AccountView.ofStream(call, stream);
            Map<RejectReason, Refusal> refusals = call.refused().getOrDefault(stream, Map.of());
            for (RejectReason reason : RejectReason.values()) {
                Refusal refusal = refusals.get(reason);
                // the two are the same datagrams, counted by the worker in total and bundle by bundle
                long count =
                        Math.max(account.rejected().getOrDefault(reason, 0L), refusal == null ? 0 : refusal.count());
                String sentence = sentence(reason);
                if (count > 0 && !sentence.isEmpty()) {
                    alarms.add(new AlarmView(
                            reason,
                            stream,
                            who,
                            count,
                            count + " datagrams of " + who + " (" + stream + "): " + sentence));
                }
            }
        }
        if (call.state().equals("live") && !call.isPaused()) {
            silent(call, nowMicros, alarms);
        }
        return alarms;
    }

    /** Streams of which nothing has come. */
    private static void silent(CallRecord call, long nowMicros, List<AlarmView> alarms) {
        for (Track track : call.tracks().values()) {
            String id = track.stream().streamId();
            long since = nowMicros - track.announcedMicros();
            if (track.announcedMicros() > 0
                    && track.account() == null
                    && since > SILENT_MICROS
                    && !call.refused().containsKey(id)) {
                String who = call.nameOf(track.stream().participantId());
                alarms.add(new AlarmView(
                        null,
                        id,
                        who,
                        0,
                        "Nothing has come of the " + track.stream().content().label() + " of " + who + " (" + id
                                + "), which was announced " + since / 1_000_000
                                + " s ago: it is muted from the start, or the media server does not send it here."));
            }
        }
    }

    /** What it means and what to do; empty for what is part of a call's normal life. */
    private static String sentence(RejectReason reason) {
        return switch (reason) {
            case PLAINTEXT ->
                "plain RTP arrived where SRTP was announced. The media server sends this call unencrypted: check that"
                        + " its fork says srtp. Nothing of it was recorded.";
            case AUTH_FAILED ->
                "authentication failed. They were forged, altered on the way, or sealed under another key than the one"
                        + " announced.";
            case UNKNOWN_MKI ->
                "they name a master key that was not given. Give each key, with its mki, before the media server uses it.";
            case NO_KEY ->
                "the sealed session key does not open for this worker. Seal it to the certificates of /v1/recipients.";
            case NO_SESSION -> "no session key was given for the stream. Announce it with its sealed key.";
            case UNSUPPORTED ->
                "of a codec that is not known to this version. They are kept sealed beside the track, and nobody can see or"
                        + " hear them yet.";
            case UNANNOUNCED ->
                "of a payload type that was not announced. They are kept sealed beside the track: announce all that may"
                        + " come on a stream.";
            case FRAME_REFUSED ->
                "their frames do not verify end to end under a key that opens others. They were forged, altered or"
                        + " replayed between the participant and us, and are not in the recording.";
            case NOT_DURABLE -> "arrived and were lost because Kafka was away longer than the ingest's buffer lasts.";
            case MALFORMED, REPLAYED, REDUNDANT, FOREIGN_SSRC, PAUSED, RTCP, LAYER_LEFT_OUT, LAYER_UNKEYED -> "";
        };
    }
}
