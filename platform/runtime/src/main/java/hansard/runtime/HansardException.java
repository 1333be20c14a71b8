package hansard.runtime;

import org.jspecify.annotations.Nullable;

/** A fault with a code. The message says what, where and what to do, and never contains a key or a spoken word. */
public final class HansardException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    public HansardException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public HansardException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }
}
