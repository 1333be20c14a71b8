package hansard.transcribe;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.SpeechRecord;

/**
 * Speech that was checked: nothing else reaches the native recogniser, where a wrong length ends the process.
 *
 * @param startMicros when its first sample was spoken
 * @param bytes signed 16-bit little-endian mono at {@link SpeechRecord#SAMPLE_RATE}; one sample to a minute
 */
record Pcm(long startMicros, byte[] bytes) {
    static final int MAX_SAMPLES = 60 * SpeechRecord.SAMPLE_RATE;
    /** The year 2255: beyond it JSON numbers are no longer exact. */
    static final long MAX_MICROS = 1L << 53;

    /** @throws HansardException MALFORMED */
    static Pcm of(SpeechRecord.Speech speech, byte[] opened) {
        if (speech.samples() < 1 || speech.samples() > MAX_SAMPLES) {
            throw malformed("claims " + speech.samples() + " samples; 1 to " + MAX_SAMPLES + " are allowed");
        }
        if (opened.length != 2 * speech.samples()) {
            throw malformed("has " + opened.length + " bytes of audio for " + speech.samples() + " samples of 2");
        }
        if (speech.startMicros() < 0 || speech.startMicros() > MAX_MICROS) {
            throw malformed("starts at " + speech.startMicros() + " microseconds");
        }
        return new Pcm(speech.startMicros(), opened);
    }

    private static HansardException malformed(String why) {
        return new HansardException(ErrorCode.MALFORMED, "a speech record " + why);
    }

    int samples() {
        return bytes.length / 2;
    }

    @Override
    public String toString() {
        return "Pcm[" + samples() + " samples]";
    }
}
