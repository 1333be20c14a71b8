package hansard.testkit;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Sends SRTP and SRTCP as RFC 3711, RFC 6188 and RFC 7714 say. Written from the RFCs without a look at the receiver: the counter blocks
 * are made one by one under AES-ECB, and numbers are put in place by a ByteBuffer.
 */
public final class SrtpSender {
    private static final byte[] NO_MKI = {};

    private final byte[] masterKey;
    private final byte[] masterSalt;
    private final boolean gcm;
    private final int tagBytes;
    private final byte[] mki;
    private final long keyDerivationRate;
    private final int ssrc;
    private final int payloadType;
    private final SessionKeys once;

    /**
     * AES_CM_128 with HMAC-SHA1, without MKI and key derivation rate.
     *
     * @param keyAndSalt 30 bytes
     * @param tagBytes 10 or 4
     */
    public SrtpSender(byte[] keyAndSalt, int tagBytes, long ssrc, int payloadType) {
        this(
                tagBytes == 4 ? "AES_CM_128_HMAC_SHA1_32" : "AES_CM_128_HMAC_SHA1_80",
                keyAndSalt,
                NO_MKI,
                0,
                ssrc,
                payloadType);
    }

    /**
     * @param suite SDES name
     * @param keyAndSalt master key, then master salt: 30, 46 (AES_256_CM), 28 or 44 (GCM) bytes
     * @param mki empty for none
     * @param keyDerivationRate 0 for never
     */
    public SrtpSender(String suite, byte[] keyAndSalt, byte[] mki, long keyDerivationRate, long ssrc, int payloadType) {
        this.gcm = suite.endsWith("_GCM");
        int keyBytes = suite.contains("256") ? 32 : 16;
        this.masterKey = Arrays.copyOf(keyAndSalt, keyBytes);
        this.masterSalt = Arrays.copyOfRange(keyAndSalt, keyBytes, keyAndSalt.length);
        if (masterSalt.length != (gcm ? 12 : 14)) {
            throw new IllegalArgumentException(suite + " with " + keyAndSalt.length + " bytes of key and salt");
        }
        this.tagBytes = gcm ? 16 : suite.endsWith("_32") ? 4 : 10;
        this.mki = mki.clone();
        this.keyDerivationRate = keyDerivationRate;
        this.ssrc = (int) ssrc;
        this.payloadType = payloadType;
        this.once = sessionKeys(0, 0);
    }

    private record SessionKeys(byte[] cipherKey, byte[] authKey, byte[] salt) {}

    /** @param firstLabel 0 for SRTP, 3 for SRTCP */
    private SessionKeys sessionKeys(int firstLabel, long r) {
        return new SessionKeys(
                derived(firstLabel, r, masterKey.length),
                derived(firstLabel + 1, r, 20),
                derived(firstLabel + 2, r, masterSalt.length));
    }

    /** The datagram of one packet: {@code index} is 65536 times the rollover counter, plus the sequence number. */
    public byte[] datagram(long index, long timestamp, boolean marker, byte[] payload) {
        return sealed(index, plainRtp(index, timestamp, marker, payload), 12);
    }

    /** The datagram of a packet that is given whole, of which the first bytes are its header. */
    public byte[] sealed(long index, byte[] plain, int headerBytes) {
        SessionKeys keys = keyDerivationRate == 0 ? once : sessionKeys(0, index / keyDerivationRate);
        int payloadBytes = plain.length - headerBytes;
        if (gcm) {
            byte[] body = gcm(keys, gcmRtpIv(keys.salt, index), Arrays.copyOf(plain, headerBytes), plain, headerBytes);
            return ByteBuffer.allocate(headerBytes + body.length + mki.length)
                    .put(plain, 0, headerBytes)
                    .put(body)
                    .put(mki)
                    .array();
        }
        byte[] stream = keystream(keys.cipherKey, counter(keys.salt, index), payloadBytes);
        byte[] encrypted = plain.clone();
        for (int i = 0; i < payloadBytes; i++) {
            encrypted[headerBytes + i] ^= stream[i];
        }
        byte[] authenticated = ByteBuffer.allocate(plain.length + 4)
                .put(encrypted)
                .putInt((int) (index / 65_536))
                .array();
        return ByteBuffer.allocate(plain.length + mki.length + tagBytes)
                .put(encrypted)
                .put(mki)
                .put(hmac(keys.authKey, authenticated), 0, tagBytes)
                .array();
    }

    /**
     * The datagram of an RTCP packet, given from its first header on.
     *
     * @param index 31 bits
     * @param encrypted the E flag
     */
    public byte[] rtcp(int index, boolean encrypted, byte[] packet) {
        SessionKeys keys = sessionKeys(3, keyDerivationRate == 0 ? 0 : index / keyDerivationRate);
        byte[] word = ByteBuffer.allocate(4)
                .putInt(encrypted ? index | 1 << 31 : index)
                .array();
        int sender = ByteBuffer.wrap(packet).getInt(4);
        if (gcm) {
            byte[] iv = ByteBuffer.allocate(12)
                    .putShort((short) 0)
                    .putInt(sender)
                    .putShort((short) 0)
                    .putInt(index)
                    .array();
            int clear = encrypted ? 8 : packet.length;
            byte[] associated = ByteBuffer.allocate(clear + 4)
                    .put(packet, 0, clear)
                    .put(word)
                    .array();
            byte[] body = gcm(keys, xor(keys.salt, iv), associated, packet, clear);
            return ByteBuffer.allocate(clear + body.length + 4 + mki.length)
                    .put(packet, 0, clear)
                    .put(body)
                    .put(word)
                    .put(mki)
                    .array();
        }
        byte[] sealed = packet.clone();
        if (encrypted) {
            ByteBuffer mask = ByteBuffer.allocate(16);
            mask.putInt(4, sender).putInt(10, index);
            byte[] stream =
                    keystream(keys.cipherKey, xor(Arrays.copyOf(keys.salt, 16), mask.array()), packet.length - 8);
            for (int i = 8; i < packet.length; i++) {
                sealed[i] ^= stream[i - 8];
            }
        }
        byte[] authenticated =
                ByteBuffer.allocate(packet.length + 4).put(sealed).put(word).array();
        return ByteBuffer.allocate(authenticated.length + mki.length + 10)
                .put(authenticated)
                .put(mki)
                .put(hmac(keys.authKey, authenticated), 0, 10)
                .array();
    }

    /** The same packet without any protection. */
    public byte[] plainRtp(long index, long timestamp, boolean marker, byte[] payload) {
        return ByteBuffer.allocate(12 + payload.length)
                .put((byte) 0x80)
                .put((byte) (payloadType + (marker ? 128 : 0)))
                .putShort((short) (index % 65_536))
                .putInt((int) timestamp)
                .putInt(ssrc)
                .put(payload)
                .array();
    }

    private byte[] counter(byte[] salt, long index) {
        ByteBuffer mask = ByteBuffer.allocate(16);
        mask.putInt(4, ssrc);
        mask.putInt(8, (int) (index / 65_536)).putShort(12, (short) (index % 65_536));
        return xor(Arrays.copyOf(salt, 16), mask.array());
    }

    private byte[] gcmRtpIv(byte[] salt, long index) {
        ByteBuffer iv = ByteBuffer.allocate(12);
        iv.putInt(2, ssrc).putInt(6, (int) (index / 65_536)).putShort(10, (short) (index % 65_536));
        return xor(salt, iv.array());
    }

    /** RFC 3711 section 4.3.1: label and r, as one number, under the salt padded to 112 bits. */
    private byte[] derived(int label, long r, int bytes) {
        ByteBuffer id = ByteBuffer.allocate(16);
        id.putLong(6, r); // 48 bits of r end where the 16 bits of the block counter begin
        id.put(7, (byte) label);
        return keystream(masterKey, xor(Arrays.copyOf(masterSalt, 16), id.array()), bytes);
    }

    private static byte[] keystream(byte[] key, byte[] firstCounter, int bytes) {
        try {
            Cipher ecb = Cipher.getInstance("AES/ECB/NoPadding");
            ecb.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"));
            ByteBuffer stream = ByteBuffer.allocate((bytes + 15) / 16 * 16);
            for (int block = 0; stream.hasRemaining(); block++) {
                byte[] counter = firstCounter.clone();
                counter[14] ^= (byte) (block / 256);
                counter[15] ^= (byte) block;
                stream.put(ecb.doFinal(counter));
            }
            return Arrays.copyOf(stream.array(), bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ciphertext of what follows {@code from}, then the tag. */
    private static byte[] gcm(SessionKeys keys, byte[] iv, byte[] associated, byte[] plain, int from) {
        try {
            Cipher aes = Cipher.getInstance("AES/GCM/NoPadding");
            aes.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(keys.cipherKey, "AES"), new GCMParameterSpec(128, iv));
            aes.updateAAD(associated);
            return aes.doFinal(plain, from, plain.length - from);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(key, "HmacSHA1"));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] xor(byte[] a, byte[] b) {
        byte[] c = new byte[a.length];
        for (int i = 0; i < c.length; i++) {
            c[i] = (byte) (a[i] ^ b[i]);
        }
        return c;
    }
}
