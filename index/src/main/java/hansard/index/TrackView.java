package hansard.index;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import hansard.wire.Artifact;
import hansard.wire.Artifact.StoredObject;
import hansard.wire.Codec;
import hansard.wire.Repair;
import hansard.wire.StreamAccount;
import hansard.wire.StreamDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One track as the API shows it; times in ms on the call's clock.
 *
 * @param content what it shows or lets hear: camera, microphone, screen
 * @param packets datagrams of it that were authenticated and used
 * @param recovered what the wire lost and was made good, by what
 * @param sound {@code redacted} when what people may not hear is silent, {@code withheld} when there is nothing to hear of it yet; else null
 * @param discarded why there is no original of it any more, in a sentence; null when there is
 * @param media where to hear or see it, or null
 * @param segments its files, where its sender changed the codec, each to be asked for by its number; null for a track in one file
 * @param object its name in the store, or null
 * @param kept what of it nobody here can read and is kept sealed as it came, in a sentence; null when there is nothing
 * @param reason why there is no media, or not all of it, or null
 * @param completeness null until it is stated
 * @param endToEnd null for a track that is not encrypted end to end
 * @param withoutWords what of it the transcript does not have; null for none
 */
record TrackView(
        String trackId,
        String participant,
        String participantId,
        String kind,
        String content,
        String codec,
        long startMs,
        long durationMs,
        long packets,
        long lost,
        Map<Repair, Long> recovered,
        @Nullable String sound,
        @Nullable String discarded,
        @Nullable String contentType,
        @JsonInclude(Include.ALWAYS) @Nullable String media,
        @JsonInclude(Include.ALWAYS) @Nullable String object,
        @JsonInclude(Include.ALWAYS) @Nullable String sha256,
        @Nullable List<SegmentView> segments,
        @Nullable String kept,
        @Nullable String reason,
        @Nullable VerdictView completeness,
        @Nullable EndToEndView endToEnd,
        @Nullable List<WithoutWords> withoutWords) {

    /** Speech of which nobody knows what was said; times in ms on the call's clock. @param reason in a sentence */
    record WithoutWords(long startMs, long endMs, String reason) {
        static List<WithoutWords> of(CallRecord call, String streamId) {
            return call.unheard(streamId).stream()
                    .map(u -> new WithoutWords(
                            Times.onClock(u.startMicros(), call.zeroMicros()),
                            Times.onClock(u.endMicros(), call.zeroMicros()),
                            u.reason()))
                    .toList();
        }
    }

    /** One file of a track whose codec changed; times in ms on the call's clock. */
    record SegmentView(
            String codec,
            long startMs,
            long durationMs,
            String contentType,
            String media,
            String object,
            String sha256) {}

    static List<TrackView> of(CallRecord call) {
        return call.tracks().values().stream().map(t -> of(call, t)).toList();
    }

    private static TrackView of(CallRecord call, Track track) {
        String id = track.stream().streamId();
        StreamAccount account = AccountView.ofStream(call, id);
        List<WithoutWords> withoutWords = WithoutWords.of(call, id);
        Audible audible = Audible.of(call, track);
        List<Artifact.Segment> files =
                switch (audible) {
                    case Audible.Original ignored -> track.files();
                    case Audible.Redacted redacted -> redacted.files();
                    case Audible.Withheld ignored -> List.of();
                };
        StoredObject object = files.isEmpty() ? null : files.getFirst().object();
        return new TrackView(
                id,
                call.nameOf(track.stream().participantId()),
                track.stream().participantId(),
                track.stream().kind().label(),
                track.stream().content().label(),
                track.files().isEmpty()
                        ? track.stream().codec()
                        : track.files().stream()
                                .map(Artifact.Segment::codec)
                                .distinct()
                                .collect(Collectors.joining(", ")),
                track.startMicros() == 0 || track.account() == null
                        ? 0
                        : Times.onClock(track.startMicros(), call.zeroMicros()),
                track.durationMicros() / 1_000,
                account.framed(),
                account.lost(),
                account.recovered(),
                sound(audible),
                call.orders()
                        .discard(id)
                        .map(order -> "the sound as it came was not kept, by policy " + order.policy())
                        .orElse(null),
                object == null ? null : object.contentType(),
                object == null ? null : mediaUrl(call, id),
                object == null ? null : object.objectKey(),
                object == null ? null : object.sha256(),
                segments(call, track, files),
                kept(call, track),
                reason(track, audible),
                VerdictView.of(call, id),
                EndToEndView.of(track),
                withoutWords.isEmpty() ? null : withoutWords);
    }

    private static @Nullable String sound(Audible audible) {
        return switch (audible) {
            case Audible.Original ignored -> null;
            case Audible.Redacted ignored -> "redacted";
            case Audible.Withheld ignored -> "withheld";
        };
    }

    private static @Nullable List<SegmentView> segments(CallRecord call, Track track, List<Artifact.Segment> files) {
        if (files.size() < 2) {
            return null;
        }
        List<SegmentView> views = new ArrayList<>();
        for (Artifact.Segment segment : files) {
            StoredObject played = segment.playable() == null ? segment.object() : segment.playable();
            views.add(new SegmentView(
                    segment.codec(),
                    Times.onClock(segment.startMicros(), call.zeroMicros()),
                    segment.durationMicros() / 1_000,
                    played.contentType(),
                    mediaUrl(call, track.stream().streamId()) + "?segment=" + views.size(),
                    segment.object().objectKey(),
                    segment.object().sha256()));
        }
        return views;
    }

    private static @Nullable String kept(CallRecord call, Track track) {
        Artifact.PartStored packets = call.part(track, Artifact.Part.PACKETS);
        if (packets == null) {
            return null;
        }
        StreamDescription stream = track.stream();
        Set<String> unknown = new TreeSet<>();
        for (int type : stream.payloadTypes().keySet()) {
            Codec codec = stream.codec(type);
            if (!Codec.isKnown(codec.name())) {
                unknown.add("codec " + codec.name() + " is not known to this version");
            }
        }
        String why = unknown.isEmpty() ? "payload types that were not announced" : String.join(", ", unknown);
        return why + "; " + packets.count() + " packets kept sealed";
    }

    private static @Nullable String reason(Track track, Audible audible) {
        if (audible instanceof Audible.Withheld withheld) {
            return withheld.why();
        }
        if (track.unopened() > 0) {
            return track.object() == null
                    ? EndToEndView.NOT_RELEASED
                    : EndToEndView.NOT_RELEASED + " for " + track.unopened() + " frames";
        }
        return track.emptyReason().isEmpty() ? null : track.emptyReason();
    }

    static String mediaUrl(CallRecord call, String track) {
        return "/v1/recordings/" + call.callId() + "/media/" + track;
    }
}
