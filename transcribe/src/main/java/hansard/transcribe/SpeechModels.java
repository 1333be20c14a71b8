package hansard.transcribe;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.Hearing;
import hansard.wire.StreamDescription;
import java.util.HashMap;
import java.util.Map;

/** The recognisers of each model; those of another than the first are begun when somebody speaks its language. Thread-safe. */
final class SpeechModels implements AutoCloseable {
    private final ModelChoice choice;
    private final Map<String, Recognisers> byName = new HashMap<>();

    /** @param cores how many each model may keep busy */
    SpeechModels(ModelChoice choice, int cores) {
        this.choice = choice;
        for (ModelConfig model : choice.models()) {
            byName.put(model.name(), new Recognisers(model.name(), () -> {
                ModelDigest.check(model);
                return RecogniserProcess.start(model.path(), cores);
            }));
        }
    }

    /** Loads the first model, and looks that the others are there. @throws HansardException MODEL_MISSING, BAD_CONFIGURATION */
    void check() {
        choice.models().forEach(model -> SpeechModel.check(model.path()));
        named(choice.models().getFirst().name()).warm();
    }

    /** @throws HansardException MODEL_MISSING when there is none for what is spoken, or none of the name that was ordered */
    Recognisers of(StreamDescription stream, Hearing hearing) {
        return named(choice.of(stream, hearing)
                .orElseThrow(() -> new HansardException(ErrorCode.MODEL_MISSING, choice.lacking(stream, hearing)))
                .name());
    }

    /** What transcripts of a stream say they were made with; empty when there is no such model. */
    String nameFor(StreamDescription stream, Hearing hearing) {
        return choice.of(stream, hearing).map(ModelConfig::name).orElse("");
    }

    private Recognisers named(String name) {
        Recognisers found = byName.get(name);
        if (found == null) {
            throw new IllegalStateException("no recognisers of " + name);
        }
        return found;
    }

    @Override
    public void close() {
        byName.values().forEach(Recognisers::close);
    }
}
