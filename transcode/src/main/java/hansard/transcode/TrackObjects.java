package hansard.transcode;

import hansard.keys.DataKey;
import hansard.wire.Artifact;
import hansard.wire.Artifact.StoredObject;
import hansard.wire.FrameRecord;
import hansard.wire.KeptFrames;
import hansard.wire.StreamDescription;
import hansard.wire.ToneEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Stores what a finished track consists of, under the names that go with it. A repeat replaces. */
final class TrackObjects {
    private final StreamDescription stream;
    private final long generation;
    private final MediaObjects objects;
    private final LongSupplier nowMicros;

    TrackObjects(StreamDescription stream, long generation, MediaObjects objects, LongSupplier nowMicros) {
        this.stream = stream;
        this.generation = generation;
        this.objects = objects;
        this.nowMicros = nowMicros;
    }

    Artifact frames(UnopenedFrames frames, FrameRecord.Ended ended, DataKey under) {
        StoredObject object = objects.store(
                under, KeptFrames.objectName(stream), KeptFrames.CONTENT_TYPE, to -> frames.copyTo(to, ended));
        return new Artifact.FramesStored(
                stream.tenant(), stream.callId(), nowMicros.getAsLong(), stream.streamId(), object);
    }

    Artifact tones(Tones tones, DataKey under) {
        byte[] json = new ToneEvent.OfTrack(tones.events()).toBytes();
        StoredObject object = objects.store(
                under, stream.streamId() + ".tones", "application/json", to -> MediaObjects.write(to, json));
        return part(Artifact.Part.TONES, tones.count(), object);
    }

    Artifact packets(WholePackets packets, DataKey under) {
        StoredObject object =
                objects.store(under, stream.streamId() + ".packets", WholePackets.CONTENT_TYPE, packets::copyTo);
        return part(Artifact.Part.PACKETS, packets.count(), object);
    }

    Artifact playable(Rendition made, DataKey under) {
        return part(Artifact.Part.PLAYABLE, made.written(), rendition(stream.streamId(), made, under));
    }

    private StoredObject rendition(String name, Rendition made, DataKey under) {
        return objects.store(under, name + ".weba", made.contentType(), made::copyTo);
    }

    private Artifact part(Artifact.Part part, long count, StoredObject object) {
        return new Artifact.PartStored(
                stream.tenant(),
                stream.callId(),
                nowMicros.getAsLong(),
                stream.streamId(),
                generation,
                part,
                count,
                object);
    }

    /**
     * @param unopened frames that are not in its files because they are sealed end to end
     * @param withheld until its words are known
     */
    Artifact.TrackStored track(
            TrackSegments segments, FrameRecord.Ended ended, long unopened, boolean withheld, DataKey under) {
        List<Artifact.Segment> stored = new ArrayList<>();
        for (TrackSegment segment : segments.all()) {
            stored.add(segment(segment, stored.size(), segments.all().size() > 1, under));
        }
        Artifact.Segment first = stored.getFirst();
        boolean asAnnounced =
                stored.size() == 1 && first.codec().equals(stream.codec()) && first.channels() == stream.channels();
        return new Artifact.TrackStored(
                stream.tenant(),
                stream.callId(),
                nowMicros.getAsLong(),
                ended.stream(),
                generation,
                ended.account(),
                segments.startMicros(),
                segments.durationMicros(),
                unopened,
                first.object(),
                asAnnounced ? List.of() : stored,
                withheld);
    }

    /** @param playable whether what browsers play instead goes with the segment, and not with the track */
    private Artifact.Segment segment(TrackSegment segment, int number, boolean playable, DataKey under) {
        // no stream's name has a slash in it, so that no segment's name is another track's
        String name = number == 0 ? stream.streamId() : stream.streamId() + ".segments/" + number;
        TrackFormat format = segment.file().format();
        StoredObject object =
                objects.store(under, name + "." + format.extension(), format.contentType(), segment.file()::copyTo);
        @Nullable Rendition rendition = playable ? segment.rendition() : null;
        return new Artifact.Segment(
                segment.codec().name(),
                segment.codec().channels(),
                segment.file().startMicros(),
                segment.file().durationMicros(),
                object,
                rendition == null ? null : rendition(name, rendition, under));
    }
}
