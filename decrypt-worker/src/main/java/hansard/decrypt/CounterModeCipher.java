package hansard.decrypt;

import hansard.rtp.RtpHeader;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * AES in counter mode (RFC 3711 section 4.1.1, RFC 6188) with HMAC-SHA1 (section 4.2).
 *
 * <pre>
 * SRTP:  | header | payload, encrypted |                              | MKI | tag |
 *        '------- tag, with the rollover counter behind it -----------'
 * SRTCP: | 8 bytes | the rest, encrypted if E | E | index (31 bits)   | MKI | tag |
 *        '------- tag ------------------------------------------------'
 * </pre>
 */
final class CounterModeCipher implements PacketCipher {
    private static final int SHA1_BYTES = 20;

    private final SecretKeySpec key;
    private final byte[] salt;
    private final int tagLength;
    private final Cipher aes;
    private final Mac hmac;
    private final byte[] tag = new byte[SHA1_BYTES];
    private final byte[] roc = new byte[4];

    /** @param salt 14 bytes */
    CounterModeCipher(byte[] encryptionKey, byte[] salt, byte[] authenticationKey, int tagLength) {
        this.key = new SecretKeySpec(encryptionKey, "AES");
        this.salt = salt;
        this.tagLength = tagLength;
        try {
            this.aes = Cipher.getInstance("AES/CTR/NoPadding");
            this.hmac = Mac.getInstance("HmacSHA1");
            hmac.init(new SecretKeySpec(authenticationKey, "HmacSHA1"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES/CTR or HmacSHA1", e);
        }
    }

    @Override
    public byte @Nullable [] openRtp(byte[] packet, RtpHeader header, int mkiLength, long index) {
        int end = packet.length - tagLength - mkiLength;
        for (int i = 0; i < 4; i++) {
            roc[i] = (byte) (index >>> (40 - 8 * i));
        }
        hmac.update(packet, 0, end);
        hmac.update(roc, 0, roc.length);
        return isTag(packet) ? keystreamOver(packet, header.length(), end, header.ssrc(), index) : null;
    }

    @Override
    public byte @Nullable [] openRtcp(byte[] packet, int mkiLength) {
        int end = packet.length - tagLength - mkiLength - RTCP_INDEX_BYTES;
        hmac.update(packet, 0, end + RTCP_INDEX_BYTES);
        if (!isTag(packet)) {
            return null;
        }
        byte[] plain = Arrays.copyOf(packet, end);
        long word = PacketCipher.u32(packet, end);
        if (PacketCipher.isEncrypted(word)) {
            byte[] opened = keystreamOver(
                    packet, RTCP_CLEAR_BYTES, end, PacketCipher.u32(packet, 4), PacketCipher.rtcpIndex(word));
            System.arraycopy(opened, 0, plain, RTCP_CLEAR_BYTES, opened.length);
        }
        return plain;
    }

    /** Section 4.2: compares without telling by its time where the first difference is. */
    private boolean isTag(byte[] packet) {
        try {
            hmac.doFinal(tag, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA1 refused its output buffer", e);
        }
        int at = packet.length - tagLength;
        int difference = 0;
        for (int i = 0; i < tagLength; i++) {
            difference |= tag[i] ^ packet[at + i];
        }
        return difference == 0;
    }

    private byte[] keystreamOver(byte[] packet, int from, int to, long ssrc, long index) {
        try {
            aes.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(counter(salt, ssrc, index)));
            return aes.doFinal(packet, from, to - from);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES/CTR refused " + (to - from) + " bytes", e);
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
