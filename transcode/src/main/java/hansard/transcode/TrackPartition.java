package hansard.transcode;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.Artifact;
import hansard.wire.FrameRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The unfinished tracks of one partition of {@code media.frames}, and how far it may be committed. */
final class TrackPartition implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TrackPartition.class);

    private final Track.Tools tools;
    private final OffsetLedger ledger;
    private final Map<String, Track> tracks = new HashMap<>();
    private boolean moved;
    private boolean finished;

    /** @param note of the commit it is read on from */
    TrackPartition(Track.Tools tools, String note) {
        this.tools = tools;
        this.ledger = new OffsetLedger(note);
    }

    /** Takes a record. @throws HansardException retriable: bring the same record again later */
    void take(@Nullable String streamId, byte @Nullable [] value, long offset) {
        FrameRecord parsed;
        try {
            parsed = parsed(streamId, value);
        } catch (HansardException e) {
            tools.counters().malformed().increment();
            log.warn("media.frames record of stream {} at {} passed over: {}", streamId, offset, e.getMessage());
            passed(offset);
            return;
        }
        take(Objects.requireNonNull(streamId), parsed, offset);
        passed(offset);
    }

    private static FrameRecord parsed(@Nullable String streamId, byte @Nullable [] value) {
        if (streamId == null || value == null) {
            throw new HansardException(ErrorCode.MALFORMED, "a record without key or value");
        }
        FrameRecord record = FrameRecord.fromBytes(value);
        boolean isOurs =
                switch (record) {
                    case FrameRecord.Opened opened ->
                        streamId.equals(opened.stream().streamId());
                    case FrameRecord.Ended ended ->
                        streamId.equals(ended.stream().streamId());
                    case FrameRecord.Frames ignored -> true; // their seal says whose they are
                    case FrameRecord.Abandoned ignored -> true; // it names a generation, which only that stream has
                    case FrameRecord.Observed ignored ->
                        true; // numbers and times, which no other stream would make worse
                };
        if (!isOurs) {
            throw new HansardException(ErrorCode.MALFORMED, "not the description of the stream it is filed under");
        }
        return record;
    }

    private void take(String streamId, FrameRecord parsed, long offset) {
        switch (parsed) {
            case FrameRecord.Opened opened -> open(streamId, opened, offset);
            case FrameRecord.Frames frames -> {
                Track track = tracks.get(streamId);
                if (track != null) { // none: finished before a restart, and read again for another's sake
                    track.add(frames);
                }
            }
            case FrameRecord.Observed observed -> {
                Track track = tracks.get(streamId);
                if (track != null) {
                    track.observe(observed);
                }
            }
            case FrameRecord.Ended ended -> end(streamId, ended, offset);
            case FrameRecord.Abandoned abandoned -> abandon(streamId, abandoned.generation(), offset);
        }
    }

    private void open(String streamId, FrameRecord.Opened opened, long offset) {
        Track earlier = tracks.get(streamId);
        if (earlier != null && earlier.generation() != opened.generation()) {
            abandon(streamId, earlier.generation(), offset);
        }
        String name = name(streamId, opened.generation());
        if (!ledger.isFinished(name) && !tracks.containsKey(streamId)) {
            ledger.opened(name, offset);
            tracks.put(streamId, new Track(opened.stream(), opened.generation(), tools));
        }
    }

    private void abandon(String streamId, long generation, long offset) {
        Track track = tracks.get(streamId);
        if (track != null && track.generation() == generation) {
            tracks.remove(streamId);
            track.close();
            ledger.finished(name(streamId, generation), offset);
        }
    }

    /** A track in the ledger: each generation is made by itself. */
    private static String name(String streamId, long generation) {
        return generation == 0 ? streamId : streamId + "/" + generation;
    }

    private void end(String streamId, FrameRecord.Ended ended, long offset) {
        Track track = tracks.get(streamId);
        String name = name(streamId, ended.generation());
        if (track != null && track.generation() == ended.generation()) {
            track.finish(ended).forEach(tools.output()::durable);
            tracks.remove(streamId);
            track.close();
        } else if (!ledger.isFinished(name) && ended.account().framed() == 0) {
            tools.output()
                    .durable(new Artifact.TrackEmpty(
                            ended.stream().tenant(),
                            ended.stream().callId(),
                            tools.nowMicros().getAsLong(),
                            ended.stream(),
                            ended.generation(),
                            ended.account(),
                            ended.reason()));
        } else {
            return;
        }
        ledger.finished(name, offset);
        finished = true;
    }

    private void passed(long offset) {
        ledger.passed(offset);
        moved = true;
    }

    /** Something was taken since the last commit. */
    boolean moved() {
        return moved;
    }

    /** A track was finished since the last commit: commit soon, so that it is not made again. */
    boolean finishedTrack() {
        return finished;
    }

    OffsetLedger.Commit commit() {
        return ledger.commit();
    }

    void committed() {
        moved = false;
        finished = false;
    }

    int unfinished() {
        return tracks.size();
    }

    /** Forgets what is unfinished: whoever gets the partition makes it anew. */
    @Override
    public void close() {
        tracks.values().forEach(Track::close);
        tracks.clear();
    }
}
