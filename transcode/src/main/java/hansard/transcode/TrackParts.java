package hansard.transcode;

import hansard.wire.Artifact;
import hansard.wire.Observation;
import hansard.wire.StreamAccount;
import hansard.wire.StreamDescription;
import hansard.wire.TrackCoverage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * What there is of one announced stream when the call is over.
 *
 * @param emptyReason why there is no media; empty when there is some
 * @param coverage null when none was stored
 * @param redaction what people may hear of it; null when it was not withheld
 */
record TrackParts(
        StreamDescription stream,
        StreamAccount account,
        String emptyReason,
        @Nullable TrackCoverage coverage,
        Artifact.@Nullable RedactionStored redaction) {

    /** @param coverages by stream */
    static List<TrackParts> of(List<Artifact> parts, Map<String, TrackCoverage> coverages) {
        Map<String, Artifact.RedactionStored> redactions = new HashMap<>();
        parts.forEach(part -> {
            if (part instanceof Artifact.RedactionStored r) {
                redactions.put(r.streamId(), r);
            }
        });
        List<TrackParts> tracks = new ArrayList<>();
        for (Artifact part : parts) {
            switch (part) {
                case Artifact.TrackStored t -> tracks.add(of(t.stream(), t.account(), "", coverages, redactions));
                case Artifact.TrackUnopened t -> tracks.add(of(t.stream(), t.account(), "", coverages, redactions));
                case Artifact.TrackEmpty t ->
                    tracks.add(of(t.stream(), t.account(), t.reason(), coverages, redactions));
                case Artifact.TrackBegun ignored -> {}
                case Artifact.FramesStored ignored -> {}
                case Artifact.PartStored ignored -> {}
                case Artifact.CoverageStored ignored -> {}
                case Artifact.RedactionDue ignored -> {}
                case Artifact.RedactionStored ignored -> {}
                case Artifact.TracksComplete ignored -> {}
                case Artifact.MixStored ignored -> {}
                case Artifact.TranscriptStored ignored -> {}
                case Artifact.HeardAgain ignored -> {}
                case Artifact.PartsComplete ignored -> {}
                case Artifact.CompletenessStored ignored -> {}
                case Artifact.CompositeProgress ignored -> {}
                case Artifact.CompositeStored ignored -> {}
                case Artifact.RecordingSealed ignored -> {}
            }
        }
        return tracks;
    }

    private static TrackParts of(
            StreamDescription stream,
            StreamAccount account,
            String reason,
            Map<String, TrackCoverage> coverages,
            Map<String, Artifact.RedactionStored> redactions) {
        return new TrackParts(
                stream, account, reason, coverages.get(stream.streamId()), redactions.get(stream.streamId()));
    }

    TrackCoverage.Mended mended() {
        return coverage == null ? TrackCoverage.Mended.NOTHING : coverage.mended();
    }

    List<TrackCoverage.Stretch> stretches() {
        return coverage == null ? List.of() : coverage.stretches();
    }

    /** When anything of it was seen first; 0 when nothing ever was. */
    long firstSeenMicros() {
        return LongStream.concat(
                        stretches().stream().mapToLong(TrackCoverage.Stretch::startMicros),
                        refusals().stream().mapToLong(Observation.Refused::firstArrivalMicros))
                .min()
                .orElse(0);
    }

    /** Packets that nobody here can read, by payload type. */
    Map<Integer, Long> wholePackets() {
        return coverage == null ? Map.of() : coverage.wholePackets();
    }

    List<Observation.Refused> refusals() {
        return coverage == null ? List.of() : coverage.refusals();
    }
}
