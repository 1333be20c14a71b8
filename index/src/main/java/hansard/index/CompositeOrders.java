package hansard.index;

import hansard.access.Caller;
import hansard.audit.AuditLog;
import hansard.keys.KeyRef;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.Artifact.StoredObject;
import hansard.wire.MediaContent;
import hansard.wire.MediaKind;
import hansard.wire.RecordingOrder;
import hansard.wire.RecordingOrder.Part;
import hansard.wire.RecordingOrder.Tile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Orders the picture of all participants of a sealed recording, once: who asks again gets what there is. */
final class CompositeOrders {
    /** After so long without word the order is taken for lost. */
    private static final long LOST_MICROS = 600_000_000L;

    private final OrdersAndReceipts topics;
    private final AuditLog audit;
    private final LongSupplier nowMicros;

    CompositeOrders(OrdersAndReceipts topics, AuditLog audit, LongSupplier nowMicros) {
        this.topics = topics;
        this.audit = audit;
        this.nowMicros = nowMicros;
    }

    /**
     * @return the composite as it is now: the one that there is, or that is being made, or 0 percent of a new one
     * @throws HansardException CONFLICT when the recording is not sealed, has nothing to be seen or heard, or its sound is withheld
     */
    CompositeView order(Caller caller, CallRecord call) {
        LaterFindings.inTheMix(call).ifPresent(why -> {
            throw new HansardException(
                    ErrorCode.CONFLICT, "the sound of recording " + call.callId() + " is withheld, " + why);
        });
        Composite known = call.composite();
        long now = nowMicros.getAsLong();
        if (known != null && (known.object() != null || !known.isDone() && now - known.atMicros() < LOST_MICROS)) {
            return CompositeView.of(call);
        }
        if (!call.state().equals("sealed")) {
            throw new HansardException(
                    ErrorCode.CONFLICT,
                    "recording " + call.callId() + " is " + call.state() + ": a composite is made of a sealed one");
        }
        List<Tile> tiles = tiles(call);
        Part sound = sound(call);
        if (sound == null && tiles.stream().allMatch(t -> t.parts().isEmpty())) {
            throw new HansardException(
                    ErrorCode.CONFLICT, "recording " + call.callId() + " has no track that could be seen or heard");
        }
        String orderId = UUID.randomUUID().toString();
        audit.require(audit.event(
                caller.tenant(), caller.actor(), "composite.ordered", call.callId(), "ok", Map.of("orderId", orderId)));
        long start = call.zeroMicros();
        topics.order(new RecordingOrder.CompositeOrdered(
                orderId,
                call.tenant(),
                call.callId(),
                now,
                caller.actor(),
                start,
                call.at(Moment.LAST_MEDIA) - start,
                tiles,
                sound));
        return new CompositeView("making", 0, 0, 0, null, null, null, null);
    }

    /** One tile for each participant, and one for their screen; more for who showed two such pictures at a time. */
    private static List<Tile> tiles(CallRecord call) {
        List<Tile> tiles = new ArrayList<>();
        for (String participant : participants(call)) {
            String name = call.nameOf(participant);
            List<List<Part>> cameras = lanes(call, participant, false);
            if (cameras.isEmpty()) {
                cameras.add(List.of());
            }
            cameras.forEach(lane -> tiles.add(new Tile(name, lane)));
            lanes(call, participant, true).forEach(lane -> tiles.add(new Tile(name + "'s screen", lane)));
        }
        return tiles;
    }

    private static List<List<Part>> lanes(CallRecord call, String participant, boolean screens) {
        List<List<Part>> lanes = new ArrayList<>();
        call.tracks().values().stream()
                .filter(t -> t.stream().kind() == MediaKind.VIDEO)
                .filter(t -> t.stream().participantId().equals(participant))
                .filter(t -> (t.stream().content() == MediaContent.SCREEN) == screens)
                .sorted(Comparator.comparingLong(Track::startMicros))
                .forEach(t -> parts(t).forEach(part -> place(part, lanes)));
        return lanes;
    }

    private static Set<String> participants(CallRecord call) {
        Set<String> all = new LinkedHashSet<>(call.participants().keySet());
        call.tracks().values().forEach(t -> all.add(t.stream().participantId()));
        return all;
    }

    private static void place(Part part, List<List<Part>> lanes) {
        for (List<Part> lane : lanes) {
            Part last = lane.getLast();
            if (last.startMicros() + last.durationMicros() <= part.startMicros()) {
                lane.add(part);
                return;
            }
        }
        lanes.add(new ArrayList<>(List.of(part)));
    }

    /** More than one where the codec changed. */
    private static List<Part> parts(Track track) {
        return track.files().stream()
                .map(file ->
                        new Part(track.stream().streamId(), file.startMicros(), file.durationMicros(), file.object()))
                .toList();
    }

    private static @Nullable Part sound(CallRecord call) {
        Mix mix = call.mix();
        StoredObject object = mix == null ? null : mix.object();
        return mix == null || object == null
                ? null
                : new Part(KeyRef.MIX, mix.startMicros(), mix.durationMicros(), object);
    }
}
