package hansard.wire;

import hansard.runtime.Json;
import java.util.List;
import java.util.Map;

/**
 * What one track's packets tell of its time: the object {@code TENANT/CALL/TRACK.coverage}, JSON, sealed under the track's data key. Times
 * are microseconds since 1970.
 *
 * @param stretches from the first media to the last, each beginning where the one before ends
 * @param losses what is missing by its sequence number, in order of time
 * @param pauses by policy
 * @param refusals what arrived and did not become media, in order of time
 * @param endedMicros when the ingest closed the stream
 * @param wholePackets packets that nobody here can read and that are kept as they came, by payload type
 * @param quiet where what was decoded is below {@value #QUIET_DECIBELS} dBFS for long, in order of time; empty of what was not decoded
 */
public record TrackCoverage(
        String streamId,
        long generation,
        List<Stretch> stretches,
        List<Loss> losses,
        List<Observation.Paused> pauses,
        List<Observation.Refused> refusals,
        long endedMicros,
        Map<Integer, Long> wholePackets,
        List<Quiet> quiet) {
    /** Noise of a room is louder; what is left of it by a browser's noise suppression is not. */
    public static final int QUIET_DECIBELS = -60;

    public static final String CONTENT_TYPE = "application/vnd.hansard.coverage+json";

    public TrackCoverage {
        stretches = List.copyOf(stretches);
        losses = List.copyOf(losses);
        pauses = List.copyOf(pauses);
        refusals = List.copyOf(refusals);
        wholePackets =
                wholePackets == null ? Map.of() : Map.copyOf(wholePackets); // absent in what earlier releases wrote
        quiet = quiet == null ? List.of() : List.copyOf(quiet); // the same
    }

    /** What a stretch is. */
    public enum Content {
        SPEECH,
        /** Sound in which nobody speaks, or none because the sender had none to send (DTX). */
        SILENCE,
        PICTURE,
        /** Sealed end to end, under a key that was not released. */
        SEALED,
        /** Frames that arrived and cannot be shown, such as those before the first key frame. */
        UNUSABLE,
        /** Packets are missing. */
        LOST,
        /** No packet is missing and the sender's clock stood still: it had nothing to send. */
        HELD
    }

    public record Stretch(Content content, long startMicros, long endMicros) {}

    /**
     * @param atMicros where in time
     * @param fromSequence extended, as in {@link Observation}
     */
    public record Loss(long atMicros, long fromSequence, long toSequence) {
        public long packets() {
            return toSequence - fromSequence + 1;
        }
    }

    /** From the first packet of which hardly anything is heard to the next of which something is. */
    public record Quiet(long fromMicros, long toMicros) {}

    /** The name of the object, below {@code TENANT/CALL/}: what the worker saw of a track is in that of generation 0. */
    public static String objectName(String streamId, long generation) {
        return generation == 0 ? streamId + ".coverage" : streamId + "-" + generation + ".coverage";
    }

    public byte[] toBytes() {
        return Json.bytes(this);
    }

    public static TrackCoverage fromBytes(byte[] json) {
        return Json.read(json, TrackCoverage.class);
    }
}
