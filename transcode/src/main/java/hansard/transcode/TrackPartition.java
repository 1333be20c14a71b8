package hansard.transcode;

import hansard.keys.AwaitedLeave;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.Artifact;
import hansard.wire.FrameRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The unfinished tracks of one partition of {@code media.frames}, and how far it may be committed. */
final class TrackPartition implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TrackPartition.class);

    private final Track.Tools tools;
    private final OffsetLedger ledger;
    private final AwaitedLeave leave;
    private final Map<String, Unfinished> tracks = new HashMap<>();
    private boolean moved;
    private boolean finished;

    /** @param readAgain from before where others are: the commit does not wait for it */
    private record Unfinished(Track track, long openedOffset, boolean readAgain) {}

    /** @param note of the commit it is read on from */
    TrackPartition(Track.Tools tools, String note) {
        this.tools = tools;
        this.ledger = new OffsetLedger(note);
        this.leave = new AwaitedLeave(note);
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

    /** Whose the record is; empty when it is of no track that is being made, and so nobody's. */
    private String tenant(String streamId, FrameRecord parsed) {
        return switch (parsed) {
            case FrameRecord.Opened opened -> opened.stream().tenant();
            case FrameRecord.Ended ended -> ended.stream().tenant();
            case FrameRecord.Frames ignored -> tenantOfUnfinished(streamId);
            case FrameRecord.Observed ignored -> tenantOfUnfinished(streamId);
            case FrameRecord.Abandoned ignored -> tenantOfUnfinished(streamId);
        };
    }

    private String tenantOfUnfinished(String streamId) {
        Unfinished unfinished = tracks.get(streamId);
        return unfinished == null ? "" : unfinished.track.tenant();
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
        String tenant = tenant(streamId, parsed);
        if (tenant.isEmpty() || leave.passesOver(tenant, offset)) {
            return; // of a track that is finished and read again for another's sake, or that waits
        }
        try {
            take(streamId, tracks.get(streamId), parsed, offset);
        } catch (HansardException e) {
            if (e.code() != ErrorCode.KEY_REFUSED) {
                throw e;
            }
            setAside(tenant, offset, String.valueOf(e.getMessage()));
        }
    }

    private void take(String streamId, @Nullable Unfinished unfinished, FrameRecord parsed, long offset) {
        switch (parsed) {
            case FrameRecord.Opened opened -> open(streamId, opened, offset);
            case FrameRecord.Frames frames -> {
                if (unfinished != null) {
                    unfinished.track.add(frames);
                }
            }
            case FrameRecord.Observed observed -> {
                if (unfinished != null) {
                    unfinished.track.observe(observed);
                }
            }
            case FrameRecord.Ended ended -> end(streamId, ended, offset);
            case FrameRecord.Abandoned abandoned -> abandon(streamId, abandoned.generation(), offset);
        }
    }

    /** Gives up what was begun of the tenant: it is made anew when there is leave. */
    private void setAside(String tenant, long offset, String why) {
        long first = offset;
        for (Map.Entry<String, Unfinished> each : Map.copyOf(tracks).entrySet()) {
            Unfinished unfinished = each.getValue();
            if (unfinished.track.tenant().equals(tenant)) {
                first = Math.min(first, unfinished.openedOffset);
                tracks.remove(each.getKey());
                unfinished.track.close();
                ledger.setAside(name(each.getKey(), unfinished.track.generation()));
            }
        }
        log.warn("media.frames of tenant {} wait from offset {} on: {}", tenant, first, why);
        leave.refused(tenant, first, why);
    }

    /** @return where to read on, when somebody who waited has leave again */
    OptionalLong askForLeave(Consumer<String> requireLeave, long next) {
        OptionalLong from = leave.ask(requireLeave, next);
        from.ifPresent(offset -> log.info("{} have leave again: read from {} on", leave.granted(), offset));
        return from;
    }

    /** Notes who has nothing left of what waited. @param next offset of the next record that is read */
    void settle(LongSupplier next) {
        if (leave.granted().isEmpty() || leave.isReadAgain(next.getAsLong())) {
            return;
        }
        for (String tenant : leave.granted()) {
            if (tracks.values().stream()
                    .noneMatch(each -> each.readAgain && each.track.tenant().equals(tenant))) {
                leave.settled(tenant);
                moved = true;
            }
        }
    }

    /** Who waits for leave, and why. */
    Map<String, String> waiting() {
        return leave.reasons();
    }

    private void open(String streamId, FrameRecord.Opened opened, long offset) {
        Unfinished earlier = tracks.get(streamId);
        if (earlier != null && earlier.track.generation() != opened.generation()) {
            abandon(streamId, earlier.track.generation(), offset);
        }
        String name = name(streamId, opened.generation());
        if (!ledger.isFinished(name) && !tracks.containsKey(streamId)) {
            boolean readAgain = leave.isReadAgain(offset);
            if (!readAgain) {
                ledger.opened(name, offset);
            }
            Track track = new Track(opened.stream(), opened.generation(), tools);
            tracks.put(streamId, new Unfinished(track, offset, readAgain));
        }
    }

    private void abandon(String streamId, long generation, long offset) {
        Unfinished unfinished = tracks.get(streamId);
        if (unfinished != null && unfinished.track.generation() == generation) {
            tracks.remove(streamId);
            unfinished.track.close();
            ledger.finished(name(streamId, generation), offset);
        }
    }

    /** A track in the ledger: each generation is made by itself. */
    private static String name(String streamId, long generation) {
        return generation == 0 ? streamId : streamId + "/" + generation;
    }

    private void end(String streamId, FrameRecord.Ended ended, long offset) {
        Unfinished unfinished = tracks.get(streamId);
        String name = name(streamId, ended.generation());
        if (unfinished != null && unfinished.track.generation() == ended.generation()) {
            unfinished.track.finish(ended).forEach(tools.output()::durable);
            tracks.remove(streamId);
            unfinished.track.close();
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
        return ledger.commit(leave);
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
        tracks.values().forEach(unfinished -> unfinished.track.close());
        tracks.clear();
    }
}
