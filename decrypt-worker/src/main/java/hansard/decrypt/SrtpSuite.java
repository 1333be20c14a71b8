package hansard.decrypt;

import org.jspecify.annotations.Nullable;

/**
 * The SRTP crypto suites that we open, by their SDES names: RFC 4568 section 6.2, RFC 6188 section 4, RFC 7714 section 14.2.
 * Lengths in bytes.
 */
enum SrtpSuite {
    AES_CM_128_HMAC_SHA1_80(false, 16, 10),
    AES_CM_128_HMAC_SHA1_32(false, 16, 4),
    AES_256_CM_HMAC_SHA1_80(false, 32, 10),
    AES_256_CM_HMAC_SHA1_32(false, 32, 4),
    AEAD_AES_128_GCM(true, 16, 16),
    AEAD_AES_256_GCM(true, 32, 16);

    /** RFC 4568 section 6.2.2: the short tag is for RTP only. */
    private static final int HMAC_RTCP_TAG = 10;

    private final boolean aead;
    private final int keyLength;
    private final int tagLength;

    SrtpSuite(boolean aead, int keyLength, int tagLength) {
        this.aead = aead;
        this.keyLength = keyLength;
        this.tagLength = tagLength;
    }

    /** True for GCM, where the tag is part of the ciphertext and the MKI comes last (RFC 7714 section 8.2). */
    boolean isAead() {
        return aead;
    }

    /** Of the master key, and of the session keys made from it. */
    int keyLength() {
        return keyLength;
    }

    int saltLength() {
        return aead ? 12 : 14;
    }

    int tagLength() {
        return tagLength;
    }

    int rtcpTagLength() {
        return aead ? tagLength : HMAC_RTCP_TAG;
    }

    /** What follows the MKI in an SRTP packet: the tag (RFC 3711 section 3.1), or nothing (RFC 7714 section 8.2). */
    int afterMki() {
        return aead ? 0 : tagLength;
    }

    /** The same for SRTCP (RFC 3711 section 3.4, RFC 7714 section 9.2). */
    int afterRtcpMki() {
        return aead ? 0 : HMAC_RTCP_TAG;
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
