package hansard.runtime;

import org.jspecify.annotations.Nullable;

/**
 * A fault with a code. The message says what, where and what to do, and never contains a key or a spoken word. It may quote a
 * name that came from outside, and it goes into logs: what could begin a line there, or change how one looks, is made visible as
 * {@code ?}, and the message is cut at {@value #MAX_MESSAGE} characters.
 */
public final class HansardException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private static final int MAX_MESSAGE = 4_000;

    private final ErrorCode code;

    public HansardException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public HansardException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(printable(message, code == ErrorCode.BAD_CONFIGURATION), cause);
        this.code = code;
    }

    /** @param lines whether line feeds stay: problems of a configuration are a list, and are the operator's own */
    private static String printable(String message, boolean lines) {
        StringBuilder printable = new StringBuilder(Math.min(message.length(), MAX_MESSAGE + 1));
        for (int i = 0; i < message.length() && i < MAX_MESSAGE; i++) {
            char c = message.charAt(i);
            printable.append(isUnprintable(c) && !(lines && c == '\n') ? '?' : c);
        }
        if (message.length() > MAX_MESSAGE) {
            printable.setCharAt(MAX_MESSAGE - 1, '…');
        }
        return printable.toString();
    }

    /** Control characters, line and paragraph separators, and what turns the direction of writing. */
    private static boolean isUnprintable(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    public ErrorCode code() {
        return code;
    }
}
