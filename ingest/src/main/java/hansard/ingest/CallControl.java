package hansard.ingest;

import hansard.audit.AuditLog;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.StageContext;
import hansard.wire.CallEvent;
import hansard.wire.MediaKind;
import hansard.wire.SealedSessionKeys;
import hansard.wire.SealedSessionKeys.FrameKey;
import hansard.wire.SealedSessionKeys.MasterKey;
import hansard.wire.StreamDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commands of the control API. Each is audited before it is done, durable on Kafka before it is answered, and may be sent
 * again: the repeat of a command that is done changes nothing and has the same answer.
 */
final class CallControl {
    private static final Logger log = LoggerFactory.getLogger(CallControl.class);

    /** Master keys of one stream, which a worker holds together. */
    private static final int MAX_KEYS = 256;

    private final Calls calls;
    private final Journal journal;
    private final AuditLog audit;
    private final Streams streams;
    private final StageContext context;
    private final Set<String> opening = ConcurrentHashMap.newKeySet();

    CallControl(Calls calls, Journal journal, AuditLog audit, Streams streams, StageContext context) {
        this.calls = calls;
        this.journal = journal;
        this.audit = audit;
        this.streams = streams;
        this.context = context;
    }

    /**
     * Who commands.
     *
     * @param name as in the audit, {@code connector/USER}
     */
    record Actor(String tenant, String name) {}

    /** @param created false when the same request was done before */
    record Done<T>(T value, boolean created) {}

    Done<Call> open(
            Actor actor,
            @Nullable String wantedId,
            String title,
            String department,
            String client,
            Map<String, String> labels) {
        String callId = wantedId == null ? UUID.randomUUID().toString() : wantedId;
        CallEvent.CallOpened opened = new CallEvent.CallOpened(
                callId + "/opened", actor.tenant, callId, context.nowMicros(), title, department, client, labels);
        Call known = calls.find(callId);
        if (known != null) {
            if (!known.closed() && sameCall(known.opened(), opened)) {
                return new Done<>(known, false);
            }
            throw new HansardException(
                    ErrorCode.CONFLICT,
                    "callId " + callId + " is taken by another call: leave it out to be given a free one");
        }
        if (!opening.add(callId)) {
            throw new HansardException(
                    ErrorCode.CONFLICT,
                    "callId " + callId + " is being opened by another request: send this one again");
        }
        try {
            audit(actor, "call.opened", callId, Map.of("department", department));
            record(opened);
        } finally {
            opening.remove(callId);
        }
        log.info("call {} opened by {}", callId, actor.name);
        return new Done<>(calls.require(actor.tenant, callId), true);
    }

    private static boolean sameCall(CallEvent.CallOpened a, CallEvent.CallOpened b) {
        return a.tenant().equals(b.tenant())
                && a.title().equals(b.title())
                && a.department().equals(b.department())
                && a.client().equals(b.client())
                && a.labels().equals(b.labels());
    }

    boolean join(Actor actor, String callId, String participantId, String displayName, String user) {
        return locked(actor, callId, call -> {
            requireOpen(call);
            CallEvent.ParticipantJoined known = call.participant(participantId);
            if (known != null) {
                if (known.displayName().equals(displayName) && known.user().equals(user)) {
                    return false;
                }
                throw new HansardException(
                        ErrorCode.CONFLICT,
                        "participantId " + participantId + " of call " + callId + " is taken by "
                                + known.displayName());
            }
            record(new CallEvent.ParticipantJoined(
                    UUID.randomUUID().toString(),
                    call.tenant(),
                    callId,
                    context.nowMicros(),
                    participantId,
                    displayName,
                    user));
            return true;
        });
    }

    void leave(Actor actor, String callId, String participantId) {
        locked(actor, callId, call -> {
            requireOpen(call);
            if (call.participant(participantId) != null) {
                record(new CallEvent.ParticipantLeft(
                        UUID.randomUUID().toString(), call.tenant(), callId, context.nowMicros(), participantId));
            }
            return true;
        });
    }

    Done<CallStream> announce(Actor actor, String callId, Announcement wanted) {
        return locked(actor, callId, call -> {
            String wantedId = wanted.streamId();
            String streamId = wantedId == null ? UUID.randomUUID().toString() : wantedId;
            CallStream known = call.stream(streamId);
            if (known != null) {
                return new Done<>(sameOrConflict(call, known, wanted), false);
            }
            requireOpen(call);
            requireParticipant(call, wanted.participantId());
            String owner = calls.claimStream(streamId, callId);
            if (owner != null) {
                throw new HansardException(
                        ErrorCode.CONFLICT,
                        "streamId " + streamId + " is taken by another call: leave it out to be given one");
            }
            return new Done<>(announceNew(actor, call, streamId, wanted), true);
        });
    }

    private static CallStream sameOrConflict(Call call, CallStream known, Announcement wanted) {
        StreamDescription has = known.description();
        Integer port = wanted.port();
        StreamDescription asked =
                wanted.describe(has.streamId(), call.callId(), call.tenant(), port == null ? has.port() : port);
        if (!known.ended() && asked.equals(has) && isFirstKey(known, wanted.masterKey())) {
            return known;
        }
        throw new HansardException(
                ErrorCode.CONFLICT,
                "stream " + has.streamId() + " of call " + call.callId() + " was announced before and has port "
                        + has.port()
                        + (known.ended() ? ", and has ended" : "")
                        + ": announce another stream under another streamId");
    }

    private static boolean isFirstKey(CallStream known, MasterKey wanted) {
        List<String> digests = known.keyDigests();
        return !digests.isEmpty() && digests.getFirst().equals(wanted.digest());
    }

    private CallStream announceNew(Actor actor, Call call, String streamId, Announcement wanted) {
        Streams.@Nullable Place place = null;
        try {
            place = streams.place(streamId, wanted);
            StreamDescription description = wanted.describe(streamId, call.callId(), call.tenant(), place.port());
            audit(
                    actor,
                    "stream.announced",
                    call.callId(),
                    Map.of(
                            "stream", streamId,
                            "participant", wanted.participantId(),
                            "kind", wanted.kind().label(),
                            "codec", wanted.codecs().codec()));
            journal.write(new SealedSessionKeys(description, List.of(wanted.masterKey()), wanted.frameKeys()));
            record(new CallEvent.StreamAnnounced(
                    UUID.randomUUID().toString(),
                    call.tenant(),
                    call.callId(),
                    context.nowMicros(),
                    description,
                    wanted.masterKey().digest()));
        } catch (RuntimeException e) {
            if (place != null) {
                streams.giveBack(place, streamId);
            }
            calls.unclaimStream(streamId, call.callId());
            throw e;
        }
        CallStream stream = Objects.requireNonNull(call.stream(streamId), streamId);
        streams.start(stream, place, StreamMemory.NOTHING, call.pausedFor(wanted.participantId()));
        log.info("stream {} of call {} on port {}", streamId, call.callId(), place.port());
        return stream;
    }

    /** Gives a stream another master key. Packets under the earlier ones are still opened. */
    void rekey(Actor actor, String callId, String streamId, MasterKey key) {
        locked(actor, callId, call -> {
            CallStream stream = call.stream(streamId);
            if (stream == null || stream.ended()) {
                throw new HansardException(ErrorCode.NOT_FOUND, "no open stream " + streamId + " in call " + callId);
            }
            String digest = key.digest();
            if (!stream.keyDigests().contains(digest)) {
                if (stream.keyDigests().size() >= MAX_KEYS) {
                    throw new HansardException(
                            ErrorCode.CONFLICT,
                            "stream " + streamId + " has had " + MAX_KEYS
                                    + " keys, which is all that are kept: end it and announce another");
                }
                audit(actor, "stream.rekeyed", callId, Map.of("stream", streamId));
                journal.write(new SealedSessionKeys(stream.description(), List.of(key), List.of()));
                record(new CallEvent.StreamRekeyed(
                        streamId + "/key/" + digest, call.tenant(), callId, context.nowMicros(), streamId, digest));
            }
            return true;
        });
    }

    /**
     * Releases SFrame base keys of a participant: every end-to-end encrypted stream that was announced for them gets them. The call
     * may be over.
     *
     * @return the streams
     */
    List<String> release(Actor actor, String callId, String participantId, List<FrameKey> keys) {
        return locked(actor, callId, call -> {
            List<CallStream> streams = call.streams().stream()
                    .filter(s -> s.description().participantId().equals(participantId))
                    .filter(s -> s.description().isEndToEndEncrypted())
                    .toList();
            if (streams.isEmpty()) {
                throw new HansardException(
                        ErrorCode.CONFLICT,
                        "participant " + participantId + " of call " + callId
                                + " has no stream with a frameCipher: announce it first, its keys can come with it");
            }
            audit(
                    actor,
                    "frame-keys.released",
                    callId,
                    Map.of("participant", participantId, "keys", Integer.toString(keys.size())));
            for (CallStream stream : streams) {
                journal.write(new SealedSessionKeys(stream.description(), List.of(), keys));
            }
            return streams.stream().map(CallStream::streamId).toList();
        });
    }

    void endStream(Actor actor, String callId, String streamId, String reason) {
        locked(actor, callId, call -> {
            CallStream stream = call.stream(streamId);
            if (stream == null) {
                throw new HansardException(ErrorCode.NOT_FOUND, "no stream " + streamId + " in call " + callId);
            }
            endStreams(call, stream.ended() ? List.of() : List.of(stream), reason);
            return true;
        });
    }

    private void endStreams(Call call, List<CallStream> open, String reason) {
        streams.close(open, reason);
        List<CallEvent> ended = new ArrayList<>();
        for (CallStream stream : open) {
            ended.add(new CallEvent.StreamEnded(
                    stream.streamId() + "/ended",
                    call.tenant(),
                    call.callId(),
                    context.nowMicros(),
                    stream.streamId(),
                    reason));
        }
        journal.write(ended);
        ended.forEach(calls::apply);
    }

    /**
     * From here on nothing is kept of the participants' streams, also of those that are announced later.
     *
     * @param by on whose behalf; empty for the connector's own
     * @param participants empty for the whole call
     */
    void pause(Actor actor, String callId, String reason, String by, List<String> participants) {
        locked(actor, callId, call -> {
            requireOpen(call);
            participants.forEach(p -> requireParticipant(call, p));
            boolean isNew = participants.isEmpty()
                    ? !call.paused()
                    : !participants.stream().allMatch(call::pausedFor);
            if (isNew) {
                audit(actor, "recording.paused", callId, about(Map.of("reason", reason, "by", by), participants));
            }
            // also in a repeat: the one before may have failed while it waited for Kafka
            streams.pause(call.intakes(participants));
            if (isNew) {
                record(new CallEvent.RecordingPaused(
                        UUID.randomUUID().toString(),
                        call.tenant(),
                        callId,
                        context.nowMicros(),
                        by.isEmpty() ? actor.name : by + ", through " + actor.name,
                        reason,
                        participants));
            }
            return true;
        });
    }

    void resume(Actor actor, String callId, String reason, String by, List<String> participants) {
        locked(actor, callId, call -> {
            requireOpen(call);
            if (call.paused() && !participants.isEmpty()) {
                throw new HansardException(
                        ErrorCode.CONFLICT,
                        "the whole of call " + callId + " is paused: resume it without naming participants");
            }
            boolean isPaused = call.paused()
                    || (participants.isEmpty()
                            ? !call.pausedParticipants().isEmpty()
                            : participants.stream().anyMatch(call::pausedFor));
            if (isPaused) {
                audit(actor, "recording.resumed", callId, about(Map.of("reason", reason, "by", by), participants));
                streams.resume(call.intakes(participants));
                record(new CallEvent.RecordingResumed(
                        UUID.randomUUID().toString(),
                        call.tenant(),
                        callId,
                        context.nowMicros(),
                        by.isEmpty() ? actor.name : by + ", through " + actor.name,
                        participants));
            }
            return true;
        });
    }

    private static Map<String, String> about(Map<String, String> detail, List<String> participants) {
        Map<String, String> all = new TreeMap<>(detail);
        all.values().removeIf(String::isEmpty);
        if (!participants.isEmpty()) {
            all.put("participants", String.join(" ", participants));
        }
        return all;
    }

    /** @param atMicros when it happened; 0 for now */
    void changed(
            Actor actor,
            String callId,
            String participantId,
            CallEvent.Change change,
            @Nullable MediaKind kind,
            long atMicros) {
        locked(actor, callId, call -> {
            requireOpen(call);
            requireParticipant(call, participantId);
            long at = atMicros == 0 ? context.nowMicros() : atMicros;
            // a repeat of what is said with its time has the same name
            String id = atMicros == 0
                    ? UUID.randomUUID().toString()
                    : String.join(
                            "/", callId, participantId, change.name(), kind == null ? "all" : kind.label(), "" + at);
            record(new CallEvent.ParticipantChanged(id, call.tenant(), callId, at, participantId, change, kind));
            return true;
        });
    }

    void notice(Actor actor, String callId, String notice) {
        locked(actor, callId, call -> {
            requireOpen(call);
            record(new CallEvent.NoticePlayed(
                    UUID.randomUUID().toString(), call.tenant(), callId, context.nowMicros(), notice));
            return true;
        });
    }

    void end(Actor actor, String callId, String reason) {
        locked(actor, callId, call -> {
            if (!call.closed()) {
                audit(actor, "call.closed", callId, Map.of("reason", reason));
                endStreams(call, call.openStreams(), reason);
                List<String> all =
                        call.streams().stream().map(CallStream::streamId).toList();
                record(new CallEvent.CallClosed(
                        callId + "/closed", call.tenant(), callId, context.nowMicros(), reason, all));
                log.info("call {} closed by {} with {} streams", callId, actor.name, all.size());
            }
            return true;
        });
    }

    private interface Command<T> {
        T on(Call call);
    }

    private <T> T locked(Actor actor, String callId, Command<T> command) {
        Call call = calls.require(actor.tenant, callId);
        call.commands.lock();
        try {
            return command.on(call);
        } finally {
            call.commands.unlock();
        }
    }

    private static void requireOpen(Call call) {
        if (call.closed()) {
            throw new HansardException(ErrorCode.CONFLICT, "call " + call.callId() + " is closed: open another");
        }
    }

    private static void requireParticipant(Call call, String participantId) {
        if (call.participant(participantId) == null) {
            List<String> there = call.participants().stream()
                    .map(CallEvent.ParticipantJoined::participantId)
                    .toList();
            throw new HansardException(
                    ErrorCode.BAD_REQUEST,
                    "participantId is '" + participantId + "': must be a participant of call " + call.callId()
                            + ", who are " + (there.isEmpty() ? "none yet" : String.join(", ", there)));
        }
    }

    private void record(CallEvent event) {
        journal.write(event);
        calls.apply(event);
    }

    private void audit(Actor actor, String action, String callId, Map<String, String> detail) {
        audit.require(audit.event(actor.tenant, actor.name, action, callId, "ok", detail));
    }
}
