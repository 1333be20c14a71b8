package hansard.decrypt;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The cipher suites of RFC 9605 section 4.5, under their registered names. */
enum SframeSuite {
    AES_128_CTR_HMAC_SHA256_80(1, "SHA256", 16, 32, 10),
    AES_128_CTR_HMAC_SHA256_64(2, "SHA256", 16, 32, 8),
    AES_128_CTR_HMAC_SHA256_32(3, "SHA256", 16, 32, 4),
    AES_128_GCM_SHA256_128(4, "SHA256", 16, 0, 16),
    AES_256_GCM_SHA512_128(5, "SHA512", 32, 0, 16);

    /** Nn of every suite. */
    static final int NONCE_LENGTH = 12;

    private final int id;
    private final String hash;
    private final int encryptionKeyLength;
    private final int authenticationKeyLength;
    private final int tagLength;

    SframeSuite(int id, String hash, int encryptionKeyLength, int authenticationKeyLength, int tagLength) {
        this.id = id;
        this.hash = hash;
        this.encryptionKeyLength = encryptionKeyLength;
        this.authenticationKeyLength = authenticationKeyLength;
        this.tagLength = tagLength;
    }

    /** The suite of a stream's {@code frameCipher}, or null for one this worker cannot open. */
    static @Nullable SframeSuite named(String name) {
        return Arrays.stream(values())
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    /** Its number in the registry. */
    int id() {
        return id;
    }

    /** Such as {@code SHA256}. */
    String hash() {
        return hash;
    }

    /** Nh: bytes of the hash, and of a ratcheted base key. */
    int hashLength() {
        return hash.equals("SHA256") ? 32 : 64;
    }

    /** Nk: the encryption key, and with AES-CTR the authentication key after it. */
    int keyLength() {
        return encryptionKeyLength + authenticationKeyLength;
    }

    int encryptionKeyLength() {
        return encryptionKeyLength;
    }

    /** Nt. */
    int tagLength() {
        return tagLength;
    }

    boolean isGcm() {
        return authenticationKeyLength == 0;
    }
}
