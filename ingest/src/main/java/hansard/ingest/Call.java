package hansard.ingest;

import hansard.wire.CallEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A call as its events tell it. Commands on it follow one another under {@link #commands}; reading needs no lock. */
final class Call {
    /** Held for the whole of a command, Kafka's answers included; other calls are not kept waiting. */
    final ReentrantLock commands = new ReentrantLock();

    private final CallEvent.CallOpened opened;
    private final Map<String, CallEvent.ParticipantJoined> participants = new LinkedHashMap<>();
    private final Map<String, CallStream> streams = new LinkedHashMap<>();
    private boolean paused;
    private final Set<String> pausedParticipants = new TreeSet<>();
    private boolean closed;
    private long lastEventMicros;

    Call(CallEvent.CallOpened opened) {
        this.opened = opened;
        this.lastEventMicros = opened.atMicros();
    }

    /** Takes in an event that is durable. A repeat changes nothing. */
    synchronized void apply(CallEvent event) {
        lastEventMicros = Math.max(lastEventMicros, event.atMicros());
        switch (event) {
            case CallEvent.CallOpened ignored -> {}
            case CallEvent.ParticipantJoined joined -> participants.put(joined.participantId(), joined);
            case CallEvent.ParticipantLeft left -> participants.remove(left.participantId());
            case CallEvent.StreamAnnounced announced -> announce(announced);
            case CallEvent.StreamRekeyed rekeyed -> {
                CallStream stream = streams.get(rekeyed.streamId());
                if (stream != null) {
                    stream.keyed(rekeyed.keyDigest());
                }
            }
            case CallEvent.StreamEnded ended -> {
                CallStream stream = streams.get(ended.streamId());
                if (stream != null) {
                    stream.end();
                }
            }
            case CallEvent.RecordingPaused pause -> {
                paused |= pause.participants().isEmpty();
                pausedParticipants.addAll(pause.participants());
            }
            case CallEvent.RecordingResumed resume -> {
                if (resume.participants().isEmpty()) {
                    paused = false;
                    pausedParticipants.clear();
                } else {
                    pausedParticipants.removeAll(resume.participants());
                }
            }
            case CallEvent.NoticePlayed ignored -> {}
            case CallEvent.ParticipantChanged ignored -> {}
            case CallEvent.CallClosed ignored -> closed = true;
        }
    }

    private void announce(CallEvent.StreamAnnounced announced) {
        CallStream known = streams.get(announced.stream().streamId());
        // an announcement that was not answered may have been made again, with another port: the later one holds
        if (known == null || (!known.ended() && !known.description().equals(announced.stream()))) {
            CallStream stream = new CallStream(announced.stream(), announced.atMicros());
            stream.keyed(announced.keyDigest());
            streams.put(stream.streamId(), stream);
        }
    }

    CallEvent.CallOpened opened() {
        return opened;
    }

    String callId() {
        return opened.callId();
    }

    String tenant() {
        return opened.tenant();
    }

    synchronized boolean paused() {
        return paused;
    }

    /** Those who are paused by name; others may be besides, when the whole call is. */
    synchronized List<String> pausedParticipants() {
        return List.copyOf(pausedParticipants);
    }

    synchronized boolean pausedFor(String participantId) {
        return paused || pausedParticipants.contains(participantId);
    }

    synchronized boolean closed() {
        return closed;
    }

    /** {@code open}, {@code paused} or {@code closed}. */
    synchronized String state() {
        return closed ? "closed" : paused ? "paused" : "open";
    }

    /** Who is in the call, without those who left. */
    synchronized List<CallEvent.ParticipantJoined> participants() {
        return List.copyOf(participants.values());
    }

    synchronized CallEvent.@Nullable ParticipantJoined participant(String participantId) {
        return participants.get(participantId);
    }

    /** All that were announced, in that order. */
    synchronized List<CallStream> streams() {
        return new ArrayList<>(streams.values());
    }

    synchronized @Nullable CallStream stream(String streamId) {
        return streams.get(streamId);
    }

    List<CallStream> openStreams() {
        return streams().stream().filter(s -> !s.ended()).toList();
    }

    /** The streams of these participants that are received now; of all when none is named. */
    List<StreamIntake> intakes(List<String> ofParticipants) {
        return intakes().stream()
                .filter(i -> ofParticipants.isEmpty()
                        || ofParticipants.contains(i.description().participantId()))
                .toList();
    }

    /** The streams that are received now. */
    List<StreamIntake> intakes() {
        List<StreamIntake> intakes = new ArrayList<>();
        for (CallStream stream : streams()) {
            StreamIntake intake = stream.intake();
            if (intake != null && !stream.closedOnTopic()) {
                intakes.add(intake);
            }
        }
        return intakes;
    }

    /** When anything was last heard of the call: an event or a datagram. */
    long lastHeardMicros() {
        long last;
        synchronized (this) {
            last = lastEventMicros;
        }
        for (CallStream stream : streams()) {
            StreamCounters counters = stream.counters();
            if (counters != null) {
                last = Math.max(last, counters.lastSeenMicros());
            }
        }
        return last;
    }
}
