package hansard.decrypt;

import hansard.rtp.RtpHeader;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * One stream's session keys at work: the tag over a packet (RFC 3711 section 4.2) and the keystream of its payload (section
 * 4.1.1). Knows nothing of what came before. Belongs to one thread.
 */
final class PacketCipher {
    private final SrtpSuite suite;
    private final SecretKeySpec key;
    private final byte[] salt;
    private final Cipher aes;
    private final Mac hmac;

    /** @param masterKeyAndSalt as in SDES: 16 bytes of key, 14 of salt */
    PacketCipher(SrtpSuite suite, byte[] masterKeyAndSalt) {
        if (masterKeyAndSalt.length != SrtpSuite.KEY_LENGTH + SrtpSuite.SALT_LENGTH) {
            throw new IllegalArgumentException("a master key and salt of " + masterKeyAndSalt.length + " bytes");
        }
        byte[] masterKey = Arrays.copyOf(masterKeyAndSalt, SrtpSuite.KEY_LENGTH);
        byte[] masterSalt = Arrays.copyOfRange(masterKeyAndSalt, SrtpSuite.KEY_LENGTH, masterKeyAndSalt.length);
        this.suite = suite;
        this.key = new SecretKeySpec(
                KeyDerivation.derive(masterKey, masterSalt, KeyDerivation.RTP_ENCRYPTION, SrtpSuite.KEY_LENGTH), "AES");
        this.salt = KeyDerivation.derive(masterKey, masterSalt, KeyDerivation.RTP_SALT, SrtpSuite.SALT_LENGTH);
        byte[] authenticationKey = KeyDerivation.derive(
                masterKey, masterSalt, KeyDerivation.RTP_AUTHENTICATION, SrtpSuite.AUTH_KEY_LENGTH);
        Arrays.fill(masterKey, (byte) 0);
        try {
            this.aes = Cipher.getInstance("AES/CTR/NoPadding");
            this.hmac = Mac.getInstance("HmacSHA1");
            hmac.init(new SecretKeySpec(authenticationKey, "HmacSHA1"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES/CTR or HmacSHA1", e);
        }
    }

    int tagLength() {
        return suite.tagLength();
    }

    /** Section 4.2: the tag covers the packet without it, followed by the rollover counter. */
    boolean isAuthentic(byte[] datagram, long index) {
        int covered = datagram.length - suite.tagLength();
        long roc = index >>> 16;
        hmac.update(datagram, 0, covered);
        hmac.update(new byte[] {(byte) (roc >>> 24), (byte) (roc >>> 16), (byte) (roc >>> 8), (byte) roc});
        byte[] expected = Arrays.copyOf(hmac.doFinal(), suite.tagLength());
        return MessageDigest.isEqual(expected, Arrays.copyOfRange(datagram, covered, datagram.length));
    }

    /** The plaintext payload, RTP padding included. The caller has authenticated the datagram under this index. */
    byte[] open(byte[] datagram, RtpHeader header, long index) {
        int length = datagram.length - suite.tagLength() - header.length();
        try {
            aes.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(counter(salt, header.ssrc(), index)));
            return aes.doFinal(datagram, header.length(), length);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES/CTR refused a payload of " + length + " bytes", e);
        }
    }

    /**
     * Section 4.1.1: IV = (k_s * 2^16) XOR (SSRC * 2^64) XOR (i * 2^16).
     *
     * <pre>
     *  0         4         8            14   16
     * |  salt                             |  0 |
     *           |  SSRC   |  index (48)   |
     * </pre>
     */
    static byte[] counter(byte[] salt, long ssrc, long index) {
        byte[] iv = Arrays.copyOf(salt, 16);
        for (int i = 0; i < 4; i++) {
            iv[4 + i] ^= (byte) (ssrc >>> (24 - 8 * i));
        }
        for (int i = 0; i < 6; i++) {
            iv[8 + i] ^= (byte) (index >>> (40 - 8 * i));
        }
        return iv;
    }
}
