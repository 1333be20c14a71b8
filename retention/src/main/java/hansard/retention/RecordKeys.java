package hansard.retention;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;

/**
 * The key of a record decides which partition, and so which state, it meets. A purge of one call filed under another would meet the
 * other's holds and not its own; so a record is believed only under its own call's key.
 */
final class RecordKeys {
    private RecordKeys() {}

    /** @throws HansardException MALFORMED when the record is of another call than the one it is filed under */
    static void requireCall(String key, String callId) {
        if (!key.equals(callId)) {
            throw new HansardException(ErrorCode.MALFORMED, "it is of another call than the one it is filed under");
        }
    }
}
