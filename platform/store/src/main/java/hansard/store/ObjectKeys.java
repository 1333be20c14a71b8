package hansard.store;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.util.regex.Pattern;

/** What may name an object. The first character of a segment is not a dot, so that no key leaves the store's directory. */
final class ObjectKeys {
    private static final int MAX_LENGTH = 1024;
    private static final String SEGMENT = "[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}";
    private static final Pattern KEY = Pattern.compile(SEGMENT + "(/" + SEGMENT + ")*");
    private static final Pattern PREFIX = Pattern.compile("(" + SEGMENT + "(/" + SEGMENT + ")*/?)?");

    private ObjectKeys() {}

    static String checked(String key) {
        return checked(KEY, key, "an object's key");
    }

    static String checkedPrefix(String prefix) {
        return checked(PREFIX, prefix, "a prefix");
    }

    private static String checked(Pattern allowed, String key, String what) {
        if (key.length() > MAX_LENGTH || !allowed.matcher(key).matches()) {
            throw new HansardException(
                    ErrorCode.BAD_REQUEST,
                    what + " of " + key.length()
                            + " characters is refused: segments of 1 to 200 letters, digits, '.', '_'"
                            + " and '-', not beginning with '.', joined by '/', at most " + MAX_LENGTH + " in all");
        }
        return key;
    }
}
