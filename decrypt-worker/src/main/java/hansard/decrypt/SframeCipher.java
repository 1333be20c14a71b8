package hansard.decrypt;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Opens frames under one key identifier (RFC 9605 section 4.4.4).
 *
 * <pre>
 * | SFrame header | ciphertext | tag, Nt bytes |       nonce = sframe_salt XOR CTR       aad = header || metadata
 * </pre>
 *
 * With AES-CTR (section 4.5.1) the tag is HMAC over the lengths of aad, ciphertext and tag as u64, the nonce, the aad and the
 * ciphertext, cut to Nt; the counter begins at nonce || 0^32. Belongs to one thread.
 */
final class SframeCipher {
    private final int tagLength;
    private final SecretKeySpec encryptionKey;
    private final @Nullable SecretKeySpec authenticationKey;
    private final String macAlgorithm;
    private final byte[] salt;

    private SframeCipher(byte[] key, int encryptionKeyLength, String hash, int tagLength, byte[] salt) {
        this.tagLength = tagLength;
        this.encryptionKey = new SecretKeySpec(key, 0, encryptionKeyLength, "AES");
        this.macAlgorithm = "Hmac" + hash;
        this.authenticationKey = key.length == encryptionKeyLength
                ? null
                : new SecretKeySpec(key, encryptionKeyLength, key.length - encryptionKeyLength, macAlgorithm);
        this.salt = salt;
    }

    static SframeCipher of(SframeSuite suite, long kid, byte[] baseKey) {
        return new SframeCipher(
                SframeKeySchedule.key(suite, kid, baseKey),
                suite.encryptionKeyLength(),
                suite.hash(),
                suite.tagLength(),
                SframeKeySchedule.salt(suite, kid, baseKey));
    }

    /** The AEAD of section 4.5.1 by itself, for its own vectors. */
    static SframeCipher ofCtrHmac(byte[] key, int encryptionKeyLength, String hash, int tagLength, byte[] salt) {
        return new SframeCipher(key, encryptionKeyLength, hash, tagLength, salt);
    }

    /**
     * The plaintext, or null when the tag does not verify or there is no room for one.
     *
     * @param metadata what the application authenticates beside the header; empty for media over RTP
     */
    byte @Nullable [] open(byte[] frame, SframeHeader header, byte[] metadata) {
        byte[] aad = Arrays.copyOf(frame, header.length() + metadata.length);
        System.arraycopy(metadata, 0, aad, header.length(), metadata.length);
        return open(nonce(header.ctr()), aad, frame, header.length());
    }

    /** @param at where the ciphertext begins; the tag ends it */
    byte @Nullable [] open(byte[] nonce, byte[] aad, byte[] from, int at) {
        if (from.length - at < tagLength) {
            return null;
        }
        try {
            return authenticationKey == null ? gcm(nonce, aad, from, at) : ctr(authenticationKey, nonce, aad, from, at);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java lacks a cipher that SFrame needs", e);
        }
    }

    private byte @Nullable [] gcm(byte[] nonce, byte[] aad, byte[] from, int at) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(Cipher.DECRYPT_MODE, encryptionKey, new GCMParameterSpec(8 * tagLength, nonce));
        cipher.updateAAD(aad);
        try {
            return cipher.doFinal(from, at, from.length - at);
        } catch (AEADBadTagException e) {
            return null;
        }
    }

    private byte @Nullable [] ctr(SecretKeySpec authenticationKey, byte[] nonce, byte[] aad, byte[] from, int at)
            throws GeneralSecurityException {
        int length = from.length - at - tagLength;
        Mac mac = Mac.getInstance(macAlgorithm);
        mac.init(authenticationKey);
        mac.update(ByteBuffer.allocate(24)
                .putLong(aad.length)
                .putLong(length)
                .putLong(tagLength)
                .array());
        mac.update(nonce);
        mac.update(aad);
        mac.update(from, at, length);
        byte[] expected = Arrays.copyOf(mac.doFinal(), tagLength);
        byte[] tag = Arrays.copyOfRange(from, at + length, from.length);
        if (!MessageDigest.isEqual(expected, tag)) { // takes as long wherever they differ
            return null;
        }
        Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
        cipher.init(Cipher.DECRYPT_MODE, encryptionKey, new IvParameterSpec(Arrays.copyOf(nonce, 16)));
        return cipher.doFinal(from, at, length);
    }

    private byte[] nonce(long ctr) {
        byte[] nonce = salt.clone();
        for (int i = 0; i < Long.BYTES; i++) {
            nonce[nonce.length - 1 - i] ^= (byte) (ctr >>> 8 * i);
        }
        return nonce;
    }
}
