package hansard.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.api.Test;

class HansardExceptionTest {
    @Test
    void aNameFromOutsideBeginsNoLineInALog() {
        String name = "x\r\n12:00:00.000 INFO  all is well\u001b[2K\u0085\u2028\u202e";
        String message = String.valueOf(new HansardException(ErrorCode.BAD_REQUEST, "call " + name).getMessage());
        assertEquals("call x??12:00:00.000 INFO  all is well?[2K???", message);
    }

    @Test
    void aConfigurationsProblemsStayOnLinesOfTheirOwn() {
        String message = String.valueOf(
                new HansardException(ErrorCode.BAD_CONFIGURATION, "2 problems\n  - a\n  - b\u001b").getMessage());
        assertEquals("2 problems\n  - a\n  - b?", message);
    }

    @Test
    void noMessageIsLongerThanAPage() {
        String message = String.valueOf(new HansardException(ErrorCode.MALFORMED, "x".repeat(1_000_000)).getMessage());
        assertEquals(4_000, message.length());
        assertFalse(message.endsWith("x"));
    }
}
