package hansard.wire;

import hansard.runtime.Json;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How whole a recording is: the object {@code TENANT/CALL/completeness.json}, sealed. The time of every announced track, from the start of
 * the call to its end, is divided into spans, exhaustively and without overlap, and each has a reason.
 *
 * @param startMicros where the call's time begins, microseconds since 1970: with its first media, or with its first announcement where that
 *     was more than five seconds earlier
 * @param endMicros where it ends
 * @param findings where what was announced and what arrived do not agree, and what else of the call a person should know; sentences
 */
public record Completeness(
        String tenant,
        String callId,
        int round,
        long madeMicros,
        long startMicros,
        long endMicros,
        Verdict verdict,
        List<TrackTime> tracks,
        List<String> findings) {
    public static final String OBJECT_NAME = "completeness.json";
    public static final String CONTENT_TYPE = "application/vnd.hansard.completeness+json";

    public Completeness {
        tracks = List.copyOf(tracks);
        findings = List.copyOf(findings);
    }

    /** Why a span is what it is. */
    public enum Reason {
        SPEECH,
        /** Media arrived and nobody spoke, or the sender said by its timestamps that there was nothing to send (DTX). */
        SILENCE,
        PICTURE,
        /** The sender had nothing to send: announced by the connector, or recognised from the packets. */
        MUTED,
        /** Let go by policy, unopened and on no disk. */
        PAUSED,
        /** Recorded, and taken out of what people hear: by policy, because of what was said. */
        REDACTED,
        /** Before the stream was announced, after it ended, or while its participant was not in the call. */
        ABSENT,
        /** Sent, by its sequence numbers, and never arrived. */
        LOST,
        /** Arrived and could not become media. */
        REJECTED,
        /** Arrived when its time was over: what comes after it had been placed. */
        UNPLACED,
        /** Kept as it came, sealed end to end: the key was not released. */
        SEALED,
        /** Announced, and no packet came, nor is one missing by its number. */
        NOTHING
    }

    /**
     * @param endMicros after {@code startMicros}
     * @param lost how many sequence numbers are missing in it: of any reason, since a packet may be lost where no time is
     * @param packets that were rejected in it, or let go
     * @param fromSequence the first lost one, extended as in {@link Observation}; null when none was lost
     * @param toSequence the last lost one
     * @param unplaced frames of it that arrived and have no place in time: it was over, or other sound is there
     * @param unplacedMicros how long those last
     * @param detail why, for a person; may be empty
     */
    public record Span(
            Reason reason,
            long startMicros,
            long endMicros,
            long lost,
            long packets,
            @Nullable Long fromSequence,
            @Nullable Long toSequence,
            long unplaced,
            long unplacedMicros,
            String detail) {
        public long micros() {
            return endMicros - startMicros;
        }
    }

    /** How it stands, for lists and filters. */
    public enum State {
        COMPLETE,
        GAPS,
        NOTHING
    }

    /**
     * @param sentence such as {@code complete but for 1.2 s lost in 3 gaps}
     * @param percentCaptured of the time in which media was due, in tenths of a per cent: 1000 is all
     * @param missedMicros lost, rejected, unplaced, or nothing though something was due
     * @param gaps how many spans are lost, rejected, nothing though something was due, or have something without a place
     * @param unplacedMicros sound that arrived and has no place in time
     */
    public record Verdict(
            State state,
            String sentence,
            int percentCaptured,
            long capturedMicros,
            long missedMicros,
            int gaps,
            long longestGapMicros,
            long pausedMicros,
            long unplacedMicros) {}

    /**
     * One announced track.
     *
     * @param mended what was done to its sound so that it can be heard
     * @param spans in order; the first begins where the call's time begins, each where the one before ends, the last ends where the call ends
     */
    public record TrackTime(
            String streamId,
            String participantId,
            String participant,
            MediaKind kind,
            String codec,
            Verdict verdict,
            StreamAccount account,
            TrackCoverage.Mended mended,
            List<Span> spans,
            List<String> findings) {
        public TrackTime {
            mended = mended == null ? TrackCoverage.Mended.NOTHING : mended; // absent in what earlier releases wrote
            spans = List.copyOf(spans);
            findings = List.copyOf(findings);
        }

        /** Microseconds by reason. */
        public Map<Reason, Long> totals() {
            Map<Reason, Long> totals = new EnumMap<>(Reason.class);
            spans.forEach(s -> totals.merge(s.reason(), s.micros(), Long::sum));
            return totals;
        }
    }

    /** What does not add up, in sentences; empty when all does. */
    public List<String> faults() {
        return CompletenessCheck.faults(this);
    }

    public byte[] toBytes() {
        return Json.bytes(this);
    }

    public static Completeness fromBytes(byte[] json) {
        Completeness read = Json.read(json, Completeness.class);
        return Names.checked(read, read.tenant(), read.callId());
    }
}
