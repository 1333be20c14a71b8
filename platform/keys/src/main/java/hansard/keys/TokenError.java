package hansard.keys;

import java.util.List;
import javax.crypto.BadPaddingException;
import javax.crypto.IllegalBlockSizeException;

/**
 * Whom a token's error blames: what it was given, which will not be better tomorrow, or itself. The JDK hides the return value (OASIS
 * PKCS #11 v2.40 section 5.1) in messages, and reports some device errors as wrong tags.
 */
enum TokenError {
    /** The bytes are not what was sealed. */
    DATA,
    /** Either: some tokens say so of a wrong tag, all may say so of a defect. The token must be asked something it can answer. */
    UNCLEAR,
    /** It cannot be asked now. */
    TOKEN;

    private static final List<String> OF_DATA = List.of(
            "CKR_ENCRYPTED_DATA_INVALID",
            "CKR_ENCRYPTED_DATA_LEN_RANGE",
            "CKR_AEAD_DECRYPT_FAILED",
            "CKR_DATA_INVALID",
            "CKR_DATA_LEN_RANGE");
    private static final List<String> OF_EITHER = List.of("CKR_GENERAL_ERROR", "CKR_FUNCTION_FAILED");

    static TokenError of(Exception failure) {
        boolean refused = false;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            if (OF_EITHER.stream().anyMatch(message::contains)) {
                return UNCLEAR;
            }
            if (OF_DATA.stream().anyMatch(message::contains)) {
                return DATA;
            }
            if (message.contains("CKR_")) {
                return TOKEN;
            }
            refused |= cause instanceof BadPaddingException || cause instanceof IllegalBlockSizeException;
        }
        return refused ? DATA : TOKEN;
    }

    /** Whether any of these return values is why it failed. */
    static boolean says(Exception failure, String... values) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (List.of(values).stream().anyMatch(String.valueOf(cause.getMessage())::contains)) {
                return true;
            }
        }
        return false;
    }
}
