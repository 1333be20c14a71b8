package hansard.index;

import hansard.wire.Artifact;
import hansard.wire.Redaction;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What a later version of the words found on a track, and what is not silent in the track's sound, which was made by the first one. The mix is
 * given to nobody then, and the track, as it came, to who may hear originals: what can be read nowhere is not to be heard either (decision 59).
 */
final class LaterFindings {
    /** No digit is as short: two models place the same word some hundredths of a second apart. */
    private static final long SHORTER_THAN_A_DIGIT_MICROS = 150_000;

    private LaterFindings() {}

    /** Why a track is withheld for it, in a sentence without its full stop; empty when it is not. */
    static Optional<String> on(CallRecord call, Track track) {
        String streamId = track.stream().streamId();
        if (!track.withheld()) {
            return Optional.empty(); // its tenant has everything heard
        }
        Artifact.RedactionStored made = call.redactions().get(streamId);
        List<Redaction> silent = made == null ? List.of() : made.silent();
        return call.versions().stream()
                .filter(version ->
                        version.found(streamId, track.generation()).stream().anyMatch(found -> isHeard(found, silent)))
                .map(version -> "because version " + version.number()
                        + " of its words found a card number or security code that can be heard in it")
                .findFirst();
    }

    /** Why the mix, and what has it as its sound, is withheld; empty when it is not. */
    static Optional<String> inTheMix(CallRecord call) {
        return call.tracks().values().stream()
                .flatMap(track -> on(call, track).stream())
                .findFirst();
    }

    private static boolean isHeard(Redaction found, List<Redaction> silent) {
        long from = found.startMicros();
        for (Redaction stretch : silent.stream()
                .sorted(Comparator.comparingLong(Redaction::startMicros))
                .toList()) {
            if (stretch.startMicros() - from >= SHORTER_THAN_A_DIGIT_MICROS) {
                break;
            }
            from = Math.max(from, stretch.endMicros());
        }
        return found.endMicros() - from >= SHORTER_THAN_A_DIGIT_MICROS;
    }
}
