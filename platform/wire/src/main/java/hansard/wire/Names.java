package hansard.wire;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.util.regex.Pattern;

/**
 * What may name a tenant, a call or a stream. Names become object keys, file names and parts of keys' names, so none begins with a
 * dot or has a separator in it: whoever can write a record still cannot choose a path.
 */
final class Names {
    private static final Pattern NAME = Pattern.compile("(?!\\.)[A-Za-z0-9._-]{1,200}");

    private Names() {}

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** @throws HansardException MALFORMED; the name is not repeated, since it may be anything */
    static <T> T checked(T record, String tenant, String callId) {
        if (!isName(tenant) || !isName(callId)) {
            throw new HansardException(
                    ErrorCode.MALFORMED,
                    "a " + record.getClass().getSimpleName()
                            + " whose tenant or callId is not a name: 1 to 200 letters, digits, '.', '_' or '-', not"
                            + " beginning with '.'");
        }
        return record;
    }
}
