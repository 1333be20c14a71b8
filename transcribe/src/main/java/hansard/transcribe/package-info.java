/**
 * Speech to words.
 *
 * <p><b>In:</b> {@code media.speech}, sealed 16 kHz PCM with media time, by track; a Vosk model directory.
 *
 * <p><b>Out:</b> {@code transcripts}: utterances, first partial (at most every 300 ms, under the id the final one will have,
 * without times of words and with confidence 0), then final; all text sealed under the track's data key. When a track ends:
 * the object {@code TENANT/CALL/STREAM.transcript.json}, sealed likewise, and {@code TranscriptStored} on {@code
 * recording.artifacts}. A track without a word gets them too, with no utterances. An utterance's id is {@code
 * STREAM-ORDINAL}, six digits or more.
 *
 * <p><b>Owns:</b> the native recognisers, and nothing that outlives the process. One recogniser for each live track, made with
 * its first speech and closed with its end: 90 ms of CPU and 27 MB each, beside 126 MB for the model that all share. A
 * recogniser's state cannot be saved, so offsets are committed only up to the oldest track that is not done, and after a crash
 * such tracks are fed again from their beginning; the dither is our own and always the same, so that the same words come out under the
 * same ids. A track's utterances are kept in memory until it ends (about 100 bytes a word).
 *
 * <p><b>Threads:</b> one reader (the only one to touch the consumer), which hands records through bounded queues to as many
 * workers as configured; a track stays with its worker. Workers report finished tracks back to the reader, which alone commits.
 *
 * <p><b>Fails:</b> VAULT_UNAVAILABLE, STORE_UNAVAILABLE, KAFKA_UNAVAILABLE: the worker waits and tries again, partitions
 * pause, health says so. KEY_REFUSED: the
 * tenant's tracks wait on the topic, nobody else's, and are made anew when there is leave. MALFORMED, NOT_AUTHENTIC: the record is left out, counted and logged. KEY_GONE: the track is given up.
 * MODEL_MISSING at start. Anything else ends the process.
 *
 * <p><b>Spec:</b> docs/topics.md; Vosk 0.3.45. Vosk ends the process on misuse: {@code Recogniser} and {@code Pcm} refuse all
 * of it.
 */
@NullMarked
package hansard.transcribe;

import org.jspecify.annotations.NullMarked;
