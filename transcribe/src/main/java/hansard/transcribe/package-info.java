/**
 * Speech to words.
 *
 * <p><b>In:</b> {@code media.speech}: by track, stretches of sealed 16 kHz PCM with media time; directories of Vosk models.
 *
 * <p><b>Out:</b> {@code transcripts}: utterances, first partial (after each piece, under the id that the final one will
 * have, without times of words and with confidence 0; without text when it became nothing), then final; all text sealed under the
 * track's data key. When a track ends: the object {@code TENANT/CALL/STREAM.transcript.json}, sealed likewise, which also says what of
 * the speech has no words and why, and {@code TranscriptStored} on {@code recording.artifacts}. A track without a word gets them too. An
 * utterance's id is {@code STREAM[-GENERATION][-vVERSION-ORDER]-STRETCH-N}: when its stretch began, in microseconds, and its number in that.
 *
 * A track that is heard again ({@link hansard.wire.Hearing}) is a track of its own, whose transcript is beside the first; it waits for all that is live.
 *
 * <p><b>Owns:</b> a process for each model in use ({@link hansard.transcribe.RecogniserMain}), with as many recognisers as were in use at
 * once (1 MB each, beside 300 MB for a model that is prepared, {@link hansard.transcribe.PreparedModel}; 50 MB each beside 150 for one as it is
 * published). A stretch is recognised by itself, by whichever recogniser is free, and has the same words whenever it is: so offsets are committed up to the oldest stretch that is not durable, and after a crash stretches are heard again from
 * there, under the same ids. A track's utterances are kept in memory until it ends (about 100 bytes a word); those of another
 * process's time are read back from {@code transcripts}.
 *
 * <p><b>Threads:</b> one reader (the only one to touch the consumer and the desk), which reads to the end of the topic always; one virtual thread for
 * each stretch in hand. What waits is known to the {@link hansard.transcribe.StretchQueue} and lies on Kafka. In the other process,
 * one thread for each recogniser, of which as many run as there are cores, live calls first.
 *
 * <p><b>Fails:</b> VAULT_UNAVAILABLE, STORE_UNAVAILABLE, KAFKA_UNAVAILABLE: the worker waits and tries again, health says so. KEY_REFUSED: the
 * tenant's tracks wait on the topic, nobody else's, and are read again when there is leave. MALFORMED, NOT_AUTHENTIC: the record is left out,
 * counted and logged. KEY_GONE: the track is given up. MODEL_MISSING at start; for a language that no model is for, its tracks have no words and say so.
 * A crash of a recogniser's process costs the stretches in hand a second hearing; one that crashes it three times is left without words. Anything
 * else ends the process.
 *
 * <p><b>Spec:</b> docs/topics.md; decisions 56, 57 and 62; Vosk 0.3.45. Vosk ends the process on misuse: {@code Recogniser} and {@code Pcm} refuse
 * what they can see of it.
 */
@NullMarked
package hansard.transcribe;

import org.jspecify.annotations.NullMarked;
