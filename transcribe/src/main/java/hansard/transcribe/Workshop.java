package hansard.transcribe;

import hansard.keys.Envelopes;
import hansard.keys.Vault;
import hansard.runtime.StageContext;
import java.util.concurrent.locks.Lock;

/**
 * What all workers share.
 *
 * @param suspects held by whoever is heard again after a crash
 */
record Workshop(
        SpeechModels models,
        Vault vault,
        Envelopes envelopes,
        TranscriptPublisher publisher,
        SpeechJournal journal,
        EarlierWords earlier,
        Patience patience,
        Lock suspects,
        StageContext context) {}
