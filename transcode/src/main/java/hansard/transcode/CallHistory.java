package hansard.transcode;

import hansard.wire.CallEvent;
import hansard.wire.CallEvent.Change;
import hansard.wire.MediaKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What the connector said of a call, as stretches of time. What has begun and was not ended lasts for ever. Times are microseconds. */
final class CallHistory {
    static final long EVER = Long.MAX_VALUE;

    record Stay(long fromMicros, long toMicros) {
        boolean overlaps(long from, long to) {
            return fromMicros < to && from < toMicros;
        }
    }

    /** @param participants empty for everybody */
    record Pause(long fromMicros, long toMicros, String by, String reason, List<String> participants) {
        boolean isOf(String participantId) {
            return participants.isEmpty() || participants.contains(participantId);
        }
    }

    private final Map<String, String> names = new LinkedHashMap<>();
    private final Map<String, List<Stay>> stays = new HashMap<>();
    private final Map<String, Long> announced = new HashMap<>();
    private final Map<String, Long> ended = new HashMap<>();
    private final List<Pause> pauses = new ArrayList<>();
    private final Map<String, List<Stay>> mutes = new HashMap<>();
    private final Set<String> withStream = new TreeSet<>();
    private long openedMicros;
    private long closedMicros;

    CallHistory(List<CallEvent> events) {
        List<CallEvent> inTime = new ArrayList<>(events);
        inTime.sort(Comparator.comparingLong(CallEvent::atMicros));
        inTime.forEach(this::take);
    }

    private void take(CallEvent event) {
        switch (event) {
            case CallEvent.CallOpened e -> openedMicros = e.atMicros();
            case CallEvent.ParticipantJoined e -> {
                names.put(e.participantId(), e.displayName().isEmpty() ? e.participantId() : e.displayName());
                begin(stays, e.participantId(), e.atMicros());
            }
            case CallEvent.ParticipantLeft e -> end(stays, e.participantId(), e.atMicros());
            case CallEvent.StreamAnnounced e -> {
                announced.merge(e.stream().streamId(), e.atMicros(), Math::min);
                withStream.add(e.stream().participantId());
            }
            case CallEvent.StreamRekeyed ignored -> {}
            case CallEvent.StreamEnded e -> ended.put(e.streamId(), e.atMicros());
            case CallEvent.RecordingPaused e ->
                pauses.add(new Pause(e.atMicros(), EVER, e.by(), e.reason(), e.participants()));
            case CallEvent.RecordingResumed e -> resumed(e);
            case CallEvent.NoticePlayed ignored -> {}
            case CallEvent.ParticipantChanged e -> changed(e);
            case CallEvent.CallClosed e -> closedMicros = e.atMicros();
        }
    }

    private void resumed(CallEvent.RecordingResumed e) {
        pauses.replaceAll(p -> p.toMicros() == EVER
                        && (e.participants().isEmpty() || e.participants().containsAll(p.participants()))
                ? new Pause(p.fromMicros(), e.atMicros(), p.by(), p.reason(), p.participants())
                : p);
    }

    private void changed(CallEvent.ParticipantChanged e) {
        for (MediaKind kind : MediaKind.values()) {
            if (e.kind() == null || e.kind() == kind) {
                String of = e.participantId() + "/" + kind.label();
                if (e.change() == Change.MUTED || e.change() == Change.HELD) {
                    begin(mutes, of, e.atMicros());
                } else if (e.change() == Change.UNMUTED || e.change() == Change.UNHELD) {
                    end(mutes, of, e.atMicros());
                }
            }
        }
    }

    private static void begin(Map<String, List<Stay>> all, String of, long atMicros) {
        List<Stay> known = all.computeIfAbsent(of, key -> new ArrayList<>());
        if (known.isEmpty() || known.getLast().toMicros() != EVER) {
            known.add(new Stay(atMicros, EVER));
        }
    }

    private static void end(Map<String, List<Stay>> all, String of, long atMicros) {
        List<Stay> known = all.getOrDefault(of, List.of());
        if (!known.isEmpty() && known.getLast().toMicros() == EVER) {
            known.set(known.size() - 1, new Stay(known.getLast().fromMicros(), atMicros));
        }
    }

    long openedMicros() {
        return openedMicros;
    }

    /** When the call was closed, 0 when nobody said. */
    long closedMicros() {
        return closedMicros;
    }

    String nameOf(String participantId) {
        return names.getOrDefault(participantId, participantId);
    }

    /** When the first stream was announced; 0 when none was. */
    long firstAnnouncedMicros() {
        return announced.values().stream().mapToLong(Long::longValue).min().orElse(0);
    }

    long announcedMicros(String streamId) {
        return announced.getOrDefault(streamId, 0L);
    }

    @Nullable
    Long endedMicros(String streamId) {
        return ended.get(streamId);
    }

    /** When a participant was in the call; empty when nobody said. */
    List<Stay> stays(String participantId) {
        return stays.getOrDefault(participantId, List.of());
    }

    List<Stay> mutes(String participantId, MediaKind kind) {
        return mutes.getOrDefault(participantId + "/" + kind.label(), List.of());
    }

    List<Pause> pauses() {
        return pauses;
    }

    /** Who joined and had no stream announced, by name. */
    List<String> withoutStream() {
        return names.entrySet().stream()
                .filter(e -> !withStream.contains(e.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }
}
