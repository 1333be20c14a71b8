package hansard.index;

import hansard.access.Caller;
import hansard.audit.AuditLog;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.Hearing;
import hansard.wire.MediaKind;
import hansard.wire.RecordingOrder;
import hansard.wire.RecordingOrder.Voice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Has the words of a sealed recording made again by another model, and tells of the versions that there are. */
final class TranscriptOrders {
    private static final int MOST_REASON = 500;
    private static final int MOST_MODEL = 200;

    private final OrdersAndReceipts topics;
    private final AuditLog audit;
    private final LongSupplier nowMicros;
    /** By call, what was ordered here and may not have been taken up yet. */
    private final Map<String, Ordered> ordered = new HashMap<>();

    private record Ordered(Hearing hearing, String by, String reason, long atMicros) {
        VersionView view() {
            return new VersionView(hearing.version(), hearing.model(), by, reason, null, "waiting", null);
        }
    }

    TranscriptOrders(OrdersAndReceipts topics, AuditLog audit, LongSupplier nowMicros) {
        this.topics = topics;
        this.audit = audit;
        this.nowMicros = nowMicros;
    }

    /**
     * @param model its name in the catalogue of transcribe
     * @param reason why, for the audit
     */
    record Wish(@Nullable String model, @Nullable String reason) {}

    /** @param versions the first one first */
    record Versions(String callId, int current, List<VersionView> versions) {}

    Versions versions(CallRecord call) {
        List<VersionView> all = new ArrayList<>(VersionView.of(call, nowMicros.getAsLong()));
        notTakenUp(call).ifPresent(each -> all.add(each.view()));
        return new Versions(call.callId(), call.currentVersion(), all);
    }

    private synchronized Optional<Ordered> notTakenUp(CallRecord call) {
        ordered.values().removeIf(each -> nowMicros.getAsLong() - each.atMicros >= Version.LOST_MICROS);
        return Optional.ofNullable(ordered.get(call.callId())).filter(each -> each.hearing.version() > latest(call));
    }

    private static int latest(CallRecord call) {
        return call.versions().stream().mapToInt(Version::number).max().orElse(0);
    }

    /**
     * @return the version that is being made
     * @throws HansardException BAD_REQUEST; CONFLICT when the recording is not sealed, is being made already, or has no sound
     */
    synchronized VersionView order(Caller caller, CallRecord call, Wish wish) {
        String model = given("model", wish.model(), MOST_MODEL);
        String reason = given("reason", wish.reason(), MOST_REASON);
        long now = nowMicros.getAsLong();
        if (!call.state().equals("sealed") || call.orders().purge() != null) {
            throw new HansardException(
                    ErrorCode.CONFLICT,
                    "recording " + call.callId() + " is "
                            + (call.orders().purge() != null ? "to be purged" : call.state())
                            + ": only the words of a sealed one can be made again");
        }
        call.versions().stream()
                .filter(v -> v.isWaiting(now))
                .map(Version::hearing)
                .findFirst()
                .or(() -> notTakenUp(call).map(Ordered::hearing))
                .ifPresent(waiting -> {
                    throw new HansardException(
                            ErrorCode.CONFLICT,
                            "version " + waiting.version() + " of recording " + call.callId() + " is being made, with "
                                    + waiting.model() + "; order again when it is there");
                });
        long gone = call.tracks().keySet().stream()
                .filter(streamId -> call.orders().discard(streamId).isPresent())
                .count();
        if (gone > 0) {
            throw new HansardException(
                    ErrorCode.CONFLICT,
                    "the sound of " + gone + " tracks of recording " + call.callId()
                            + " was not kept as it came, so its words cannot be made again");
        }
        List<Voice> voices = call.tracks().values().stream()
                .filter(t -> t.stream().kind() == MediaKind.AUDIO && !t.files().isEmpty())
                .map(t -> new Voice(t.stream(), t.generation(), t.startMicros(), t.files()))
                .toList();
        if (voices.isEmpty()) {
            throw new HansardException(
                    ErrorCode.CONFLICT, "recording " + call.callId() + " has no track that could be heard");
        }
        int version =
                1 + call.versions().stream().mapToInt(Version::number).max().orElse(0);
        Hearing hearing = new Hearing(version, UUID.randomUUID().toString(), model);
        audit.require(audit.event(
                caller.tenant(),
                caller.actor(),
                "transcript.ordered",
                call.callId(),
                "ok",
                Map.of(
                        "orderId",
                        hearing.orderId(),
                        "version",
                        Integer.toString(version),
                        "model",
                        model,
                        "reason",
                        reason)));
        topics.order(new RecordingOrder.TranscriptOrdered(
                hearing.orderId(), call.tenant(), call.callId(), now, caller.actor(), reason, hearing, voices));
        Ordered next = new Ordered(hearing, caller.actor(), reason, now);
        ordered.put(call.callId(), next);
        return next.view();
    }

    /**
     * The call with the words of one version.
     *
     * @param version its number; empty for the current one
     * @throws HansardException BAD_REQUEST when it is no number; NOT_FOUND when there is no such version, or not yet
     */
    CallRecord asOf(CallRecord call, String version) {
        if (version.isEmpty()) {
            return call;
        }
        if (!version.matches("[0-9]{1,6}")) {
            throw new HansardException(
                    ErrorCode.BAD_REQUEST, "version is '" + version + "': must be a number, 0 for the first");
        }
        int number = Integer.parseInt(version);
        CallRecord asOf = call.upTo(number);
        if (asOf.currentVersion() != number) {
            List<String> there = VersionView.of(call, nowMicros.getAsLong()).stream()
                    .filter(v -> v.state().equals("current") || v.state().equals("kept"))
                    .map(v -> Integer.toString(v.version()))
                    .toList();
            throw new HansardException(
                    ErrorCode.NOT_FOUND,
                    "recording " + call.callId() + " has no transcript of version " + number + "; there are "
                            + String.join(", ", there));
        }
        return asOf;
    }

    private static String given(String name, @Nullable String value, int most) {
        if (value == null || value.isBlank() || value.length() > most) {
            throw new HansardException(
                    ErrorCode.BAD_REQUEST, name + " is needed, with at most " + most + " characters");
        }
        return value.strip();
    }
}
