package hansard.transcribe;

import java.util.List;

/** What became of a piece of work, as its worker tells the reader. */
sealed interface Outcome {
    /** The stretch's words are durable. */
    record Heard(Stretch stretch, List<Spoken> finals) implements Outcome {
        @Override
        public String toString() {
            return "Heard[" + stretch + ", " + finals.size() + " utterances]";
        }
    }

    /**
     * The stretch cannot be recognised, though its sound is there.
     *
     * @param finals what was durable before, maybe of its beginning
     * @param always as long as the stage has the models that it has
     */
    record GivenUp(Stretch stretch, List<Spoken> finals, String reason, boolean always) implements Outcome {
        @Override
        public String toString() {
            return "GivenUp[" + stretch + ", " + finals.size() + " utterances, " + reason + "]";
        }
    }

    /** Nobody wants the stretch's words any more. */
    record Left(Stretch stretch) implements Outcome {}

    /** The track's transcript is durable. */
    record Completed(Track track) implements Outcome {}

    /** The track's key was destroyed: there will be no words. */
    record KeyGone(Track track) implements Outcome {}

    /** The vault refuses the track's key: its tenant waits for leave. */
    record Refused(Track track, String reason) implements Outcome {}
}
