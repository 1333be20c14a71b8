package hansard.decrypt;

import org.jspecify.annotations.Nullable;

/** The SRTP crypto suites of RFC 4568 section 6.2 that we open. Lengths in bytes. */
enum SrtpSuite {
    AES_CM_128_HMAC_SHA1_80(10),
    AES_CM_128_HMAC_SHA1_32(4);

    static final int KEY_LENGTH = 16;
    static final int SALT_LENGTH = 14;
    static final int AUTH_KEY_LENGTH = 20;

    private final int tagLength;

    SrtpSuite(int tagLength) {
        this.tagLength = tagLength;
    }

    int tagLength() {
        return tagLength;
    }

    /** The suite of an SDES name, or null for one we do not have. */
    static @Nullable SrtpSuite bySdesName(String name) {
        for (SrtpSuite suite : values()) {
            if (suite.name().equals(name)) {
                return suite;
            }
        }
        return null;
    }
}
