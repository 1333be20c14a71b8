package hansard.transcribe;

import hansard.wire.Utterance;

/** An utterance before it is sealed. Plaintext. */
record Spoken(String utteranceId, long startMicros, long endMicros, boolean partial, Utterance.Text text) {}
