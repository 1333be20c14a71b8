package hansard.index;

import com.fasterxml.jackson.annotation.JsonIgnore;
import hansard.wire.Artifact;
import hansard.wire.Hearing;
import hansard.wire.Redaction;
import hansard.wire.Unheard;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The words of a sealed recording as another model heard them, because somebody ordered it.
 *
 * @param by who did
 * @param reason why, in their words
 * @param atMicros when it was begun
 * @param streamIds the tracks that are heard
 * @param failure why it could not be; else empty
 * @param transcripts what is complete of it, by stream
 */
record Version(
        Hearing hearing,
        String by,
        String reason,
        long atMicros,
        List<String> streamIds,
        String failure,
        Map<String, Transcript> transcripts) {
    /** So long its speech is kept on {@code media.speech}: what is not there by then will not come. A long call takes its time. */
    static final long LOST_MICROS = Duration.ofDays(1).toNanos() / 1_000;

    /**
     * @param generation of the track that was heard
     * @param redactions what was removed from it
     */
    record Transcript(long generation, long utterances, List<Unheard> unheard, List<Redaction> redactions) {
        Transcript {
            unheard = List.copyOf(unheard);
            redactions =
                    redactions == null ? List.of() : List.copyOf(redactions); // absent in what earlier releases kept
        }
    }

    Version {
        streamIds = List.copyOf(streamIds);
        transcripts = Collections.unmodifiableMap(new LinkedHashMap<>(transcripts));
    }

    int number() {
        return hearing.version();
    }

    /** All that was ordered is there. */
    @JsonIgnore
    boolean isWhole() {
        return failure.isEmpty() && transcripts.keySet().containsAll(streamIds);
    }

    /** What was said on a track that may not be heard; nothing of what it did not understand, which another version may have. */
    List<Redaction> found(String streamId, long generation) {
        Transcript heard = transcripts.get(streamId);
        return heard == null || heard.generation() != generation
                ? List.of()
                : heard.redactions().stream()
                        .filter(r -> r.kind() != Redaction.Kind.UNHEARD)
                        .toList();
    }

    /** Whether it may take the place of what was there: not when the model is missing, or gave nothing where something was said. */
    @JsonIgnore
    boolean isUsable() {
        return isWhole() && why().isEmpty();
    }

    /** What keeps it from being used; empty when nothing does, or when it is not known yet. */
    String why() {
        if (!failure.isEmpty()) {
            return failure;
        }
        boolean noWords = isWhole() && transcripts.values().stream().allMatch(t -> t.utterances() == 0);
        return noWords
                ? transcripts.values().stream()
                        .flatMap(t -> t.unheard().stream())
                        .map(Unheard::reason)
                        .findFirst()
                        .orElse("")
                : "";
    }

    boolean isWaiting(long nowMicros) {
        return failure.isEmpty() && !isWhole() && nowMicros - atMicros < LOST_MICROS;
    }

    /** @param all that are known, in order. @return the same with what is said here */
    static List<Version> with(List<Version> all, Artifact.HeardAgain a) {
        List<Version> next = new ArrayList<>(all);
        for (int i = 0; i < next.size(); i++) {
            Version known = next.get(i);
            if (known.number() == a.hearing().version()) {
                if (known.hearing.equals(a.hearing())) {
                    next.set(
                            i,
                            new Version(
                                    known.hearing,
                                    known.by,
                                    known.reason,
                                    known.atMicros,
                                    known.streamIds,
                                    a.failure(),
                                    known.transcripts));
                }
                return next; // two orders cannot have one number: the first has it
            }
        }
        next.add(new Version(a.hearing(), a.by(), a.reason(), a.atMicros(), a.streamIds(), a.failure(), Map.of()));
        next.sort((one, other) -> Integer.compare(one.number(), other.number()));
        return next;
    }

    /** The same with a transcript that is complete; what nobody ordered is passed over. */
    static List<Version> with(List<Version> all, Artifact.TranscriptStored a) {
        return all.stream()
                .map(known -> known.hearing.equals(a.hearing()) && known.streamIds.contains(a.streamId())
                        ? known.with(
                                a.streamId(),
                                new Transcript(a.generation(), a.utterances(), a.unheard(), a.redactions()))
                        : known)
                .toList();
    }

    private Version with(String streamId, Transcript transcript) {
        Map<String, Transcript> next = new LinkedHashMap<>(transcripts);
        next.put(streamId, transcript);
        return new Version(hearing, by, reason, atMicros, streamIds, failure, next);
    }
}
