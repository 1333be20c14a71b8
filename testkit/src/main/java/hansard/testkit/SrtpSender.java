package hansard.testkit;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Sends SRTP as RFC 3711 says, AES_CM_128 with HMAC-SHA1. Written from the RFC without a look at the receiver: the counter
 * blocks are made one by one under AES-ECB, and numbers are put in place by a ByteBuffer.
 */
public final class SrtpSender {
    private final byte[] cipherKey;
    private final byte[] cipherSalt;
    private final byte[] authKey;
    private final int tagBytes;
    private final int ssrc;
    private final int payloadType;

    /**
     * @param keyAndSalt 30 bytes
     * @param tagBytes 10 or 4
     */
    public SrtpSender(byte[] keyAndSalt, int tagBytes, long ssrc, int payloadType) {
        byte[] masterKey = Arrays.copyOfRange(keyAndSalt, 0, 16);
        byte[] masterSalt = Arrays.copyOfRange(keyAndSalt, 16, 30);
        this.cipherKey = derived(masterKey, masterSalt, 0, 16);
        this.authKey = derived(masterKey, masterSalt, 1, 20);
        this.cipherSalt = derived(masterKey, masterSalt, 2, 14);
        this.tagBytes = tagBytes;
        this.ssrc = (int) ssrc;
        this.payloadType = payloadType;
    }

    /** The datagram of one packet: {@code index} is 65536 times the rollover counter, plus the sequence number. */
    public byte[] datagram(long index, long timestamp, boolean marker, byte[] payload) {
        byte[] plain = plainRtp(index, timestamp, marker, payload);
        byte[] sealed = Arrays.copyOf(plain, plain.length + tagBytes);
        byte[] stream = keystream(cipherKey, packetCounter(index), payload.length);
        for (int i = 0; i < payload.length; i++) {
            sealed[12 + i] = (byte) (plain[12 + i] ^ stream[i]);
        }
        byte[] authenticated = ByteBuffer.allocate(plain.length + 4)
                .put(sealed, 0, plain.length)
                .putInt((int) (index / 65_536))
                .array();
        System.arraycopy(hmac(authenticated), 0, sealed, plain.length, tagBytes);
        return sealed;
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

    private byte[] packetCounter(long index) {
        ByteBuffer mask = ByteBuffer.allocate(16);
        mask.putInt(4, ssrc);
        mask.putInt(8, (int) (index / 65_536)).putShort(12, (short) (index % 65_536));
        return xor(Arrays.copyOf(cipherSalt, 16), mask.array());
    }

    private static byte[] derived(byte[] key, byte[] salt, int label, int bytes) {
        byte[] id = new byte[16];
        id[7] = (byte) label;
        return keystream(key, xor(Arrays.copyOf(salt, 16), id), bytes);
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

    private byte[] hmac(byte[] message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(authKey, "HmacSHA1"));
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
