package hansard.testkit;

import hansard.wire.StreamDescription;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals frames as RFC 9605 says, AES_128_GCM_SHA256_128. Written from the RFC without a look at the receiver: HKDF is made of HMAC by
 * hand (RFC 5869), and the header's fields are put together bit by bit.
 */
public final class SframeSender {
    /** The suite's registered name. */
    public static final String SUITE = "AES_128_GCM_SHA256_128";

    private static final int SUITE_ID = 4;

    /** The same stream, its frames sealed end to end. */
    public static StreamDescription sealing(StreamDescription stream) {
        return new StreamDescription(
                stream.streamId(),
                stream.callId(),
                stream.tenant(),
                stream.participantId(),
                stream.kind(),
                stream.codec(),
                stream.clockRate(),
                stream.channels(),
                stream.payloadTypes(),
                stream.headerExtensions(),
                stream.srtp(),
                stream.ssrc(),
                stream.port(),
                stream.captureTimes(),
                stream.label(),
                SUITE);
    }

    private final long kid;
    private final byte[] key;
    private final byte[] salt;

    public SframeSender(long kid, byte[] baseKey) {
        this.kid = kid;
        this.key = expand(extract(baseKey), label("SFrame 1.0 Secret key "), 16);
        this.salt = expand(extract(baseKey), label("SFrame 1.0 Secret salt "), 12);
    }

    /** The base key after one ratchet step (section 5.1). */
    public static byte[] ratcheted(byte[] baseKey) {
        return expand(extract(baseKey), "SFrame 1.0 Ratchet".getBytes(StandardCharsets.US_ASCII), 32);
    }

    public byte[] seal(long ctr, byte[] frame) {
        byte[] header = header(kid, ctr);
        byte[] nonce = salt.clone();
        byte[] counter = ByteBuffer.allocate(12).putLong(4, ctr).array();
        for (int i = 0; i < 12; i++) {
            nonce[i] ^= counter[i];
        }
        try {
            Cipher gcm = Cipher.getInstance("AES/GCM/NoPadding");
            gcm.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new GCMParameterSpec(128, nonce));
            gcm.updateAAD(header);
            byte[] sealed = gcm.doFinal(frame);
            byte[] whole = Arrays.copyOf(header, header.length + sealed.length);
            System.arraycopy(sealed, 0, whole, header.length, sealed.length);
            return whole;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A header of its own, as an attacker would write one. */
    public static byte[] header(long kid, long ctr) {
        byte[] k = minimal(kid);
        byte[] c = minimal(ctr);
        int x = Long.compareUnsigned(kid, 8) < 0 ? (int) kid << 4 : 0x80 | k.length - 1 << 4;
        int y = Long.compareUnsigned(ctr, 8) < 0 ? (int) ctr : 0x08 | c.length - 1;
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.write(x | y);
        if (Long.compareUnsigned(kid, 8) >= 0) {
            header.writeBytes(k);
        }
        if (Long.compareUnsigned(ctr, 8) >= 0) {
            header.writeBytes(c);
        }
        return header.toByteArray();
    }

    private static byte[] minimal(long number) {
        int bytes = Math.max(1, (71 - Long.numberOfLeadingZeros(number)) / 8);
        return Arrays.copyOfRange(ByteBuffer.allocate(8).putLong(number).array(), 8 - bytes, 8);
    }

    private byte[] label(String name) {
        return ByteBuffer.allocate(name.length() + 10)
                .put(name.getBytes(StandardCharsets.US_ASCII))
                .putLong(kid)
                .putShort((short) SUITE_ID)
                .array();
    }

    private static byte[] extract(byte[] keyMaterial) {
        return hmac(new byte[32], keyMaterial);
    }

    private static byte[] expand(byte[] secret, byte[] info, int length) {
        byte[] block = new byte[0];
        ByteArrayOutputStream made = new ByteArrayOutputStream();
        for (int i = 1; made.size() < length; i++) {
            byte[] input = Arrays.copyOf(block, block.length + info.length + 1);
            System.arraycopy(info, 0, input, block.length, info.length);
            input[input.length - 1] = (byte) i;
            block = hmac(secret, input);
            made.writeBytes(block);
        }
        return Arrays.copyOf(made.toByteArray(), length);
    }

    private static byte[] hmac(byte[] key, byte[] message) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
