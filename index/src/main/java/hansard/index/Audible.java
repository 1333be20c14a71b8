package hansard.index;

import hansard.keys.KeyRef;
import hansard.wire.Artifact;
import hansard.wire.Redaction;
import java.util.List;
import java.util.Optional;

/** What people get of a track's sound who may not hear originals (decision 53). Of a picture everything. */
sealed interface Audible {
    /** The track as it came. */
    record Original() implements Audible {}

    /** The track without what was said where it is silent. @param key that of its files */
    record Redacted(KeyRef key, List<Artifact.Segment> files, List<Redaction> silent) implements Audible {}

    /** Nothing. @param why a sentence without its full stop */
    record Withheld(String why) implements Audible {}

    static Audible of(CallRecord call, Track track) {
        String streamId = track.stream().streamId();
        Artifact.RedactionStored known = call.redactions().get(streamId);
        if (!track.withheld()) {
            return new Original();
        }
        if (known == null || known.generation() != track.generation()) {
            return new Withheld("waiting for redaction: its words are not known yet");
        }
        Optional<String> later = LaterFindings.on(call, track);
        if (later.isPresent()) {
            return new Withheld(later.get());
        }
        if (known.nothingRemoved()) {
            return new Original();
        }
        return known.files().isEmpty()
                ? new Withheld(known.failure())
                : new Redacted(KeyRef.redacted(call.tenant(), call.callId(), streamId), known.files(), known.silent());
    }
}
