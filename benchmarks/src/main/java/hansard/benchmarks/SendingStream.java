package hansard.benchmarks;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * One voice as an SFU forks it: a packet of Opus every 20 ms with its audio level, under AES_CM_128_HMAC_SHA1_80 (RFC 3711), or plain.
 * The payload is an Opus table of contents (RFC 6716 section 3.1: 20 ms, CELT) and noise, which is what the path sees of speech: it
 * decodes none. Unlike the testkit's sender it allocates nothing for a packet.
 */
final class SendingStream {
    static final int PAYLOAD_TYPE = 111;
    static final int AUDIO_LEVEL_ID = 1;

    private static final int TICKS = 960; // 20 ms at 48 kHz
    /** Bytes before the payload. */
    static final int HEADER = 20; // 12, and 8 of a one-byte header extension (RFC 8285 section 4.2)

    private static final int MIN_PAYLOAD = 80;
    private static final int MAX_PAYLOAD = 160;
    private static final int TAG = 10;
    private static final int CELT_20_MS = 31 << 3;

    private final int ssrc;
    private final byte[] noise = new byte[MAX_PAYLOAD];
    private final Random random;
    private final byte[] plain = new byte[HEADER + MAX_PAYLOAD];
    private final byte[] sealed = new byte[HEADER + MAX_PAYLOAD + TAG + 4 + 32];
    private final @Nullable SessionKeys keys;
    private long index = 1;

    private record SessionKeys(Cipher cipher, SecretKeySpec key, byte[] salt, Mac mac) {}

    /** @param keyAndSalt 30 bytes, or null for plain RTP */
    SendingStream(int ssrc, byte @Nullable [] keyAndSalt) {
        this.ssrc = ssrc;
        this.random = new Random(ssrc);
        random.nextBytes(noise);
        this.keys = keyAndSalt == null ? null : derived(keyAndSalt);
    }

    /** The same packets from the first on, plain. */
    SendingStream again() {
        return new SendingStream(ssrc, null);
    }

    int ssrc() {
        return ssrc;
    }

    long sent() {
        return index - 1;
    }

    /** Puts the next datagram into the buffer, ready to be sent. */
    void next(ByteBuffer into) {
        int length = MIN_PAYLOAD + random.nextInt(MAX_PAYLOAD - MIN_PAYLOAD + 1);
        ByteBuffer.wrap(plain)
                .put((byte) 0x90)
                .put((byte) PAYLOAD_TYPE)
                .putShort((short) index)
                .putInt((int) (index * TICKS))
                .putInt(ssrc)
                .putInt(0xbede_0001)
                .put((byte) (AUDIO_LEVEL_ID << 4))
                .put((byte) (0x80 | 40))
                .putShort((short) 0)
                .put(noise, 0, length)
                .put(HEADER, (byte) CELT_20_MS)
                .putInt(HEADER + 1, (int) index);
        into.clear();
        SessionKeys under = keys;
        if (under == null) {
            into.put(plain, 0, HEADER + length).flip();
        } else {
            into.put(sealed, 0, seal(under, length)).flip();
        }
        index++;
    }

    private int seal(SessionKeys under, int length) {
        try {
            byte[] counter = new byte[16];
            System.arraycopy(under.salt, 0, counter, 0, 14);
            ByteBuffer xor = ByteBuffer.wrap(counter);
            xor.putInt(4, xor.getInt(4) ^ ssrc);
            xor.putLong(6, xor.getLong(6) ^ index); // 48 bits of it, behind the SSRC's last two bytes
            under.cipher.init(Cipher.ENCRYPT_MODE, under.key, new IvParameterSpec(counter));
            System.arraycopy(plain, 0, sealed, 0, HEADER);
            int body = under.cipher.doFinal(plain, HEADER, length, sealed, HEADER);
            int end = HEADER + body;
            under.mac.update(sealed, 0, end);
            for (int shift = 40; shift >= 16; shift -= 8) {
                under.mac.update((byte) (index >>> shift));
            }
            under.mac.doFinal(sealed, end); // twenty bytes, of which ten are sent
            return end + TAG;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** RFC 3711 section 4.3.1, with a key derivation rate of 0. */
    private static SessionKeys derived(byte[] keyAndSalt) {
        try {
            SecretKeySpec master = new SecretKeySpec(keyAndSalt, 0, 16, "AES");
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            byte[][] made = new byte[3][];
            int[] lengths = {16, 20, 14};
            for (int label = 0; label < made.length; label++) {
                byte[] iv = new byte[16];
                System.arraycopy(keyAndSalt, 16, iv, 0, 14);
                iv[7] ^= (byte) label;
                cipher.init(Cipher.ENCRYPT_MODE, master, new IvParameterSpec(iv));
                made[label] = cipher.doFinal(new byte[lengths[label]]);
            }
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(made[1], "HmacSHA1"));
            return new SessionKeys(cipher, new SecretKeySpec(made[0], "AES"), made[2], mac);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES/CTR or HmacSHA1", e);
        }
    }
}
