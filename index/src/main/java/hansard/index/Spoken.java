package hansard.index;

import hansard.wire.Hearing;
import hansard.wire.Utterance;
import java.util.List;

/** A final utterance, opened, as kept in the index. Plaintext. */
record Spoken(
        String utteranceId,
        String tenant,
        String callId,
        String streamId,
        long generation,
        String participantId,
        long startMicros,
        long endMicros,
        String text,
        double confidence,
        List<Utterance.Word> words,
        String display,
        String model,
        Hearing hearing) {
    Spoken {
        words = List.copyOf(words);
        display = display == null ? text : display; // absent in documents of earlier releases
        model = model == null ? "" : model;
        hearing = hearing == null ? Hearing.FIRST : hearing;
    }

    static Spoken of(Utterance u, Utterance.Text text) {
        return new Spoken(
                u.utteranceId(),
                u.tenant(),
                u.callId(),
                u.streamId(),
                u.generation(),
                u.participantId(),
                u.startMicros(),
                u.endMicros(),
                text.text(),
                text.confidence(),
                text.words(),
                text.display(),
                u.model(),
                u.hearing());
    }

    @Override
    public String toString() {
        return "Spoken[" + utteranceId + ", " + words.size() + " words]";
    }
}
