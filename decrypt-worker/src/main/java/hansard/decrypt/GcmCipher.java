package hansard.decrypt;

import hansard.rtp.RtpHeader;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * AES-GCM (RFC 7714).
 *
 * <pre>
 * SRTP:  | header           | payload, encrypted | tag |                       | MKI |
 *        '- associated data-'
 * SRTCP: | 8 bytes          | the rest           | tag | E | index (31 bits)   | MKI |
 *        '- associated data-'                          '- associated data, too-'
 * </pre>
 *
 * Without E nothing is encrypted and the rest is associated data as well (section 9.3).
 */
final class GcmCipher implements PacketCipher {
    private static final int TAG_BYTES = 16;
    private static final int IV_BYTES = 12;

    private final SecretKeySpec key;
    private final byte[] salt;
    private final Cipher aes;

    /** @param salt 12 bytes */
    GcmCipher(byte[] encryptionKey, byte[] salt) {
        this.key = new SecretKeySpec(encryptionKey, "AES");
        this.salt = salt;
        try {
            this.aes = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES/GCM", e);
        }
    }

    @Override
    public byte @Nullable [] openRtp(byte[] packet, RtpHeader header, int mkiLength, long index) {
        try {
            begin(rtpIv(salt, header.ssrc(), index));
            aes.updateAAD(packet, 0, header.length());
            return aes.doFinal(packet, header.length(), packet.length - mkiLength - header.length());
        } catch (AEADBadTagException e) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES/GCM refused a packet of " + packet.length + " bytes", e);
        }
    }

    @Override
    public byte @Nullable [] openRtcp(byte[] packet, int mkiLength) {
        int wordAt = packet.length - mkiLength - RTCP_INDEX_BYTES;
        int tagAt = wordAt - TAG_BYTES;
        long word = PacketCipher.u32(packet, wordAt);
        int clear = PacketCipher.isEncrypted(word) ? RTCP_CLEAR_BYTES : tagAt;
        try {
            begin(rtcpIv(salt, PacketCipher.u32(packet, 4), PacketCipher.rtcpIndex(word)));
            aes.updateAAD(packet, 0, clear);
            aes.updateAAD(packet, wordAt, RTCP_INDEX_BYTES);
            byte[] opened = aes.doFinal(packet, clear, wordAt - clear);
            byte[] plain = Arrays.copyOf(packet, tagAt);
            System.arraycopy(opened, 0, plain, clear, opened.length);
            return plain;
        } catch (AEADBadTagException e) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES/GCM refused a packet of " + packet.length + " bytes", e);
        }
    }

    private void begin(byte[] iv) throws GeneralSecurityException {
        aes.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(8 * TAG_BYTES, iv));
    }

    /**
     * Section 8.1.
     *
     * <pre>
     *  0    2         6            12
     * | 0  |  SSRC   |  index (48)  | XOR salt
     * </pre>
     */
    static byte[] rtpIv(byte[] salt, long ssrc, long index) {
        byte[] iv = Arrays.copyOf(salt, IV_BYTES);
        for (int i = 0; i < 4; i++) {
            iv[2 + i] ^= (byte) (ssrc >>> (24 - 8 * i));
        }
        for (int i = 0; i < 6; i++) {
            iv[6 + i] ^= (byte) (index >>> (40 - 8 * i));
        }
        return iv;
    }

    /**
     * Section 9.1: as for RTP, and the index of 31 bits is as far to the right.
     *
     * <pre>
     *  0    2         6    8        12
     * | 0  |  SSRC   | 0  |  index  | XOR salt
     * </pre>
     */
    static byte[] rtcpIv(byte[] salt, long ssrc, long index) {
        return rtpIv(salt, ssrc, index);
    }
}
