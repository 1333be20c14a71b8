package hansard.ingest;

import hansard.wire.CallEvent;
import hansard.wire.StreamDescription;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call in answers.
 *
 * @param state {@code open}, {@code paused} or {@code closed}
 * @param openedAt ISO 8601, UTC
 * @param pausedParticipants those whose streams are paused by name
 */
record CallView(
        String callId,
        String state,
        String title,
        String department,
        String client,
        String openedAt,
        List<String> pausedParticipants,
        List<ParticipantView> participants,
        List<StreamView> streams) {
    CallView {
        pausedParticipants = List.copyOf(pausedParticipants);
        participants = List.copyOf(participants);
        streams = List.copyOf(streams);
    }

    record ParticipantView(String participantId, String displayName, String user) {}

    /**
     * {@code received = durable + notDurable + discarded + those still waiting}; the counts are absent for a stream that ended
     * before this process was started.
     *
     * @param durable acknowledged by Kafka
     * @param notDurable lost because Kafka was away for longer than the buffer lasts
     * @param discarded arrived while the recording was paused
     */
    record StreamView(
            String streamId,
            String participantId,
            String kind,
            String codec,
            int port,
            @Nullable Long received,
            @Nullable Long durable,
            @Nullable Long notDurable,
            @Nullable Long discarded,
            boolean ended) {}

    static CallView of(Call call) {
        CallEvent.CallOpened opened = call.opened();
        return new CallView(
                call.callId(),
                call.state(),
                opened.title(),
                opened.department(),
                opened.client(),
                Instant.EPOCH.plus(opened.atMicros(), ChronoUnit.MICROS).toString(),
                call.pausedParticipants(),
                call.participants().stream()
                        .map(p -> new ParticipantView(p.participantId(), p.displayName(), p.user()))
                        .toList(),
                call.streams().stream().map(CallView::of).toList());
    }

    private static StreamView of(CallStream stream) {
        StreamDescription d = stream.description();
        StreamCounters c = stream.counters();
        return new StreamView(
                d.streamId(),
                d.participantId(),
                d.kind().label(),
                d.codec(),
                d.port(),
                c == null ? null : c.received(),
                c == null ? null : c.durable(),
                c == null ? null : c.notDurable(),
                c == null ? null : c.discarded(),
                stream.ended());
    }
}
