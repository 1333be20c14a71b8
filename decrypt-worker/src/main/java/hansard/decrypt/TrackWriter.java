package hansard.decrypt;

import hansard.keys.DataKey;
import hansard.keys.Envelopes;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.Frame;
import hansard.wire.FrameRecord;
import hansard.wire.Observation;
import hansard.wire.Octets;
import hansard.wire.RejectReason;
import hansard.wire.SrtpRecord;
import hansard.wire.StreamAccount;
import hansard.wire.StreamDescription;
import hansard.wire.Topics;
import java.util.ArrayList;
import java.util.List;

/** Writes what came of a track's records: Opened once, frames sealed under the track's data key, rejections, Ended once. */
final class TrackWriter {
    /** Keeps a record well below the topic's 4 MiB, whatever came out of the reorder buffer at once. */
    private static final int MAX_RECORD_BYTES = 1 << 20;

    private static final int MAX_RECORD_FRAMES = 4_096;

    private final Output output;
    private final Envelopes envelopes;
    private final TrackKeys keys;
    private final Auditor auditor;
    private final DecryptMeters meters;

    TrackWriter(Output output, Envelopes envelopes, TrackKeys keys, Auditor auditor, DecryptMeters meters) {
        this.output = output;
        this.envelopes = envelopes;
        this.keys = keys;
        this.auditor = auditor;
        this.meters = meters;
    }

    /** @param denied why the session key cannot be used; empty when it can */
    void write(StreamDescription stream, Track track, Outcome outcome, String denied) {
        outcome.alarms.forEach(alarm -> auditor.alarm(stream, alarm, ""));
        observed(stream, track, outcome); // before the frames: who decodes the one after a loss is to know of it
        if (!outcome.frames.isEmpty() && !track.isErased()) {
            frames(stream, track, outcome.frames);
        }
        outcome.rejected.forEach((reason, tally) -> {
            output.rejected(stream.streamId(), stream, reason, tally, detail(reason, denied));
            meters.rejected(reason, tally.count());
        });
        meters.incompleteFrames(outcome.incompleteFrames());
    }

    private void observed(StreamDescription stream, Track track, Outcome outcome) {
        List<Observation> observations = new ArrayList<>(outcome.observations);
        outcome.rejected.forEach((reason, tally) -> {
            if (reason != RejectReason.PAUSED && tally.count() > 0) {
                observations.add(new Observation.Refused(
                        reason, tally.count(), tally.firstArrivalMicros(), tally.lastArrivalMicros()));
            }
        });
        if (!observations.isEmpty()) {
            open(stream, track);
            output.frames(stream.streamId(), new FrameRecord.Observed(observations));
        }
    }

    void end(StreamDescription stream, Track track, SrtpRecord.Closed closed, String denied) {
        open(stream, track);
        String why = track.account.framedCount() == 0 ? whyNoMedia(stream, track, denied) : "";
        String reason =
                why.isEmpty() || closed.reason().isEmpty() ? closed.reason() + why : closed.reason() + ": " + why;
        output.frames(
                stream.streamId(),
                new FrameRecord.Ended(stream, 0, track.account.toRecord(), closed.atMicros(), reason));
    }

    private void frames(StreamDescription stream, Track track, List<Frame> frames) {
        DataKey key;
        try {
            key = keys.keyFor(stream, track);
        } catch (HansardException e) {
            if (e.code() != ErrorCode.KEY_GONE) {
                throw e;
            }
            track.erase();
            if (track.raise(Alarm.KEY_REFUSED)) {
                auditor.alarm(stream, Alarm.KEY_REFUSED, "the track's data key was destroyed: " + e.getMessage());
            }
            return;
        }
        open(stream, track);
        List<Frame> batch = new ArrayList<>();
        int bytes = 0;
        for (Frame frame : frames) {
            if (!batch.isEmpty()
                    && (bytes + frame.payload().length() > MAX_RECORD_BYTES || batch.size() == MAX_RECORD_FRAMES)) {
                seal(stream, track, key, batch);
                batch.clear();
                bytes = 0;
            }
            batch.add(frame);
            bytes += frame.payload().length();
        }
        seal(stream, track, key, batch);
    }

    private void seal(StreamDescription stream, Track track, DataKey key, List<Frame> batch) {
        String subject = FrameRecord.subject(stream.streamId(), 0, track.frames());
        Octets sealed = envelopes.seal(key, Topics.MEDIA_FRAMES, subject, Frame.toBytes(batch));
        output.frames(stream.streamId(), new FrameRecord.Frames(track.frames(), sealed));
        track.addFrames(batch.size());
        meters.frames(batch.size());
    }

    private void open(StreamDescription stream, Track track) {
        if (track.open()) {
            output.frames(stream.streamId(), new FrameRecord.Opened(stream, 0));
        }
    }

    private static String detail(RejectReason reason, String denied) {
        return switch (reason) {
            case NO_KEY -> denied;
            case PLAINTEXT -> Alarm.PLAINTEXT.meaning();
            case AUTH_FAILED -> Alarm.AUTH_FAILED.meaning();
            case UNKNOWN_MKI -> "under a master key that was not given: give it, with its mki, before the SFU uses it";
            case UNSUPPORTED -> "of a codec that is not known to this version: the packets are kept sealed";
            case UNANNOUNCED -> "of a payload type that was not announced: the packets are kept sealed";
            case FRAME_REFUSED -> Alarm.FRAME_REFUSED.meaning();
            case FOREIGN_SSRC -> "another SSRC than the stream's, or forged: announce a stream for it";
            case REDUNDANT -> "sent again although it had come, or to measure the way";
            case LAYER_LEFT_OUT -> "another simulcast layer is kept";
            case LAYER_UNKEYED -> "of a simulcast layer before its first key frame: ask the sender for one";
            case MALFORMED, NO_SESSION, REPLAYED, PAUSED, NOT_DURABLE, RTCP -> "";
        };
    }

    private static String whyNoMedia(StreamDescription stream, Track track, String denied) {
        StreamAccount account = track.account.toRecord();
        if (!denied.isEmpty()) {
            return "the session key cannot be used: " + denied;
        }
        if (track.hasRaised(Alarm.PLAINTEXT)) {
            return Alarm.PLAINTEXT.meaning();
        }
        if (track.hasRaised(Alarm.AUTH_FAILED)) {
            return Alarm.AUTH_FAILED.meaning();
        }
        Long unknown = account.rejected().get(RejectReason.UNSUPPORTED);
        if (unknown != null) {
            return "codec " + stream.codec()
                    + (stream.isEndToEndEncrypted() ? " sealed end to end" : "")
                    + " is not known to this version; " + unknown + " packets kept sealed";
        }
        if (account.rejected().containsKey(RejectReason.LAYER_UNKEYED)) {
            return "no key frame of any simulcast layer came";
        }
        return account.received() == 0 ? "no datagram arrived" : "no datagram was media";
    }
}
