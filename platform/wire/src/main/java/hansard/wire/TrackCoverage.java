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
 * @param unplaced what arrived and has no place in time, in order of arrival
 * @param mended what was done to its sound so that it can be heard
 * @param quiet where what was decoded is below {@value #QUIET_DECIBELS} dBFS for long, in order of time; empty of what was not decoded
 * @param noise where what was decoded is nothing but steady noise, softer than {@value #NOISE_DECIBELS} dBFS, in order of time; a change of it is
 *     between two
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
        List<Quiet> quiet,
        List<Noise> noise,
        List<Unplaced> unplaced,
        Mended mended) {
    /** Noise of a room is louder; what is left of it by a browser's noise suppression is not. */
    public static final int QUIET_DECIBELS = -60;
    /** A louder hum may be what somebody wants to be heard. */
    public static final int NOISE_DECIBELS = -40;

    public static final String CONTENT_TYPE = "application/vnd.hansard.coverage+json";

    public TrackCoverage {
        stretches = List.copyOf(stretches);
        losses = List.copyOf(losses);
        pauses = List.copyOf(pauses);
        refusals = List.copyOf(refusals);
        wholePackets =
                wholePackets == null ? Map.of() : Map.copyOf(wholePackets); // absent in what earlier releases wrote
        quiet = quiet == null ? List.of() : List.copyOf(quiet); // the same
        noise = noise == null ? List.of() : List.copyOf(noise); // the same
        unplaced = unplaced == null ? List.of() : List.copyOf(unplaced); // the same
        mended = mended == null ? Mended.NOTHING : mended; // the same
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
        /** Packets that are missing no more, but came when what follows them was placed. */
        UNPLACED,
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

    /**
     * Frames that arrived and are in no file that has one sample for each moment: their time was over, or other sound is there.
     *
     * @param atMicros where the first of them would have been
     * @param micros how long they last; 0 of pictures
     */
    public record Unplaced(long atMicros, long micros, long frames) {}

    /**
     * What listeners hear, or do not, because of the network and of the sender's clock; of what was decoded here.
     *
     * @param recoveredMicros of lost packets, out of the packet after them (Opus FEC)
     * @param concealedMicros made up where packets are missing
     * @param trimmedMicros left out of frames that reach over those before them, since their sender's clock is fast
     */
    public record Mended(long recoveredMicros, long concealedMicros, long trimmedMicros) {
        public static final Mended NOTHING = new Mended(0, 0, 0);
    }

    /** From the first packet of which hardly anything is heard to the next of which something is. */
    public record Quiet(long fromMicros, long toMicros) {}

    /** From the first packet of noise that goes on as it is to the next in which there is anything else. */
    public record Noise(long fromMicros, long toMicros) {}

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
