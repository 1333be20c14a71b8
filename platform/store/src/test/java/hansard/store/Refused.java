package hansard.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import org.junit.jupiter.api.function.Executable;

/** That something is refused, and with which code. */
final class Refused {
    private Refused() {}

    static String with(ErrorCode code, Executable action) {
        HansardException refusal = assertThrows(HansardException.class, action);
        assertEquals(code, refusal.code(), refusal.getMessage());
        return String.valueOf(refusal.getMessage());
    }
}
