package hansard.runtime;

/**
 * Every error that leaves a process, with a number that never changes and whose fault it is. Numbers are grouped by fault:
 * 1xxx the caller's, 2xxx the configuration's, 3xxx a part Hansard depends on, 9xxx ours.
 */
public enum ErrorCode {
    /** The request is not understood: malformed JSON, a missing or impossible field. */
    BAD_REQUEST(1000, 400),
    /** No credentials, or credentials that do not hold. */
    UNAUTHENTICATED(1001, 401),
    /** The caller is known and may not do this. */
    FORBIDDEN(1003, 403),
    /** Nothing of that name, or nothing the caller may know of. */
    NOT_FOUND(1004, 404),
    /** The name is taken, or the thing is in a state that does not allow this. */
    CONFLICT(1009, 409),
    /** The caller sent more than is accepted. */
    TOO_LARGE(1013, 413),
    /** A byte range outside the object. */
    RANGE_NOT_SATISFIABLE(1016, 416),
    /** Bytes that do not parse as what they should be. */
    MALFORMED(1022, 422),
    /** A setting is unknown, missing or out of range. */
    BAD_CONFIGURATION(2000, 500),
    /** A port is taken by another process. */
    PORT_IN_USE(2001, 500),
    /** The speech model is not where the configuration says. */
    MODEL_MISSING(2002, 500),
    /** The data directory is used by another process, not writable, or not ours. */
    DATA_DIRECTORY(2003, 500),
    /** Kafka does not answer or refused. */
    KAFKA_UNAVAILABLE(3000, 503),
    /** The vault does not answer: what needs a key waits. */
    VAULT_UNAVAILABLE(3001, 503),
    /** The key was destroyed, or was never ours: what it sealed cannot be opened, now or later. */
    KEY_GONE(3002, 410),
    /** The object store failed, for example a full disk. */
    STORE_UNAVAILABLE(3003, 503),
    /** Sealed bytes did not authenticate: altered, moved, or sealed under another key. */
    NOT_AUTHENTIC(3004, 500),
    /** A native library failed on this input. */
    MEDIA_FAILED(3005, 500),
    /** Another stage of Hansard that this request needs does not answer. */
    STAGE_UNAVAILABLE(3006, 503),
    /** The vault refuses this worker this tenant's keys: what needs them waits until somebody puts that right. */
    KEY_REFUSED(3007, 503),
    /** A defect of ours. */
    INTERNAL(9000, 500);

    private final int number;
    private final int httpStatus;

    ErrorCode(int number, int httpStatus) {
        this.number = number;
        this.httpStatus = httpStatus;
    }

    /** The number in messages, logs and API answers, as {@code HSD-1000}. */
    public String id() {
        return "HSD-" + number;
    }

    /** The status an HTTP API answers with. */
    public int httpStatus() {
        return httpStatus;
    }

    /** True when the same request may succeed later without anybody changing it. */
    public boolean isRetriable() {
        return httpStatus == 503;
    }
}
