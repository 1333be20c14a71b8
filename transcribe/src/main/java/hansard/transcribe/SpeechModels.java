package hansard.transcribe;

import hansard.wire.StreamDescription;

/** Which model hears whom. Thread-safe. */
final class SpeechModels implements AutoCloseable {
    private final Recognisers only;

    SpeechModels(Recognisers only) {
        this.only = only;
    }

    Recognisers of(StreamDescription stream) {
        return only;
    }

    @Override
    public void close() {
        only.close();
    }
}
