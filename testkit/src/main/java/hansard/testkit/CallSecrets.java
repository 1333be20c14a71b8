package hansard.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.rtp.Pcap;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What is secret about a captured call, from its sidecar and RFC 3711, so that tests can look for it where it must not be. For
 * AES_CM_128 suites, of a fork that begins with rollover counter 0 and wraps never.
 */
public final class CallSecrets {
    private static final int RTP_HEADER_BYTES = 12;
    private static final int TELLING_BYTES = 24;

    private CallSecrets() {}

    /** The keys in the sidecar: SRTP master keys and salts, SFrame base keys. */
    public static Map<String, byte[]> given(Captures.Capture capture) {
        Map<String, byte[]> keys = new LinkedHashMap<>();
        for (JsonNode stream : capture.sidecar().path("streams")) {
            String name = name(capture, stream);
            if (stream.hasNonNull("srtp_key_salt_base64")) {
                byte[] keyAndSalt = Base64.getDecoder()
                        .decode(stream.path("srtp_key_salt_base64").asText());
                int saltAt = keyAndSalt.length - 14;
                keys.put(name + " master key", Arrays.copyOfRange(keyAndSalt, 0, saltAt));
                keys.put(name + " master salt", Arrays.copyOfRange(keyAndSalt, saltAt, keyAndSalt.length));
            }
        }
        int frameKey = 0;
        for (String base64 : capture.sidecar().findValuesAsText("base_key_base64")) {
            keys.put(
                    capture.name() + " frame key " + frameKey++,
                    Base64.getDecoder().decode(base64));
        }
        return keys;
    }

    /** RFC 3711 section 4.3: cipher, authentication and salting keys of SRTP and SRTCP, labels 0 to 5. */
    public static Map<String, byte[]> derived(Captures.Capture capture) {
        Map<String, byte[]> keys = new LinkedHashMap<>();
        for (JsonNode stream : capture.sidecar().path("streams")) {
            String name = name(capture, stream);
            int[] lengths = {16, 20, 14};
            for (int label = 0; label < 6; label++) {
                keys.put(name + " derived key " + label, derived(stream, label, lengths[label % 3]));
            }
        }
        return keys;
    }

    /** The beginnings of the audio payloads that say enough to be told from anything else. */
    public static Map<String, byte[]> payloads(Captures.Capture capture) {
        Map<String, byte[]> payloads = new LinkedHashMap<>();
        for (JsonNode stream : capture.sidecar().path("streams")) {
            if (stream.path("kind").asText().equals("audio")) {
                byte[] key = derived(stream, 0, 16);
                byte[] salt = derived(stream, 2, 14);
                int tag = stream.path("srtp_suite").asText().endsWith("_32") ? 4 : 10;
                for (Pcap.Datagram d : capture.datagrams()) {
                    if (d.destinationPort() == stream.path("port").asInt()) {
                        byte[] plain = payload(d.payload(), key, salt, tag);
                        if (plain.length >= TELLING_BYTES && variety(plain) > TELLING_BYTES / 2) {
                            byte[] beginning = Arrays.copyOf(plain, TELLING_BYTES);
                            payloads.putIfAbsent(HexFormat.of().formatHex(beginning), beginning);
                        }
                    }
                }
            }
        }
        Map<String, byte[]> named = new LinkedHashMap<>();
        payloads.values().forEach(p -> named.put(capture.name() + " payload " + named.size(), p));
        return named;
    }

    private static String name(Captures.Capture capture, JsonNode stream) {
        return capture.name() + ":" + stream.path("port").asText();
    }

    /** How many different bytes it begins with: silence has few, and is the same in every call. */
    private static long variety(byte[] plain) {
        return IntStream.range(0, TELLING_BYTES).map(i -> plain[i]).distinct().count();
    }

    private static byte[] derived(JsonNode stream, int label, int bytes) {
        byte[] key = HexFormat.of().parseHex(stream.path("srtp_master_key_hex").asText());
        byte[] block = Arrays.copyOf(
                HexFormat.of().parseHex(stream.path("srtp_master_salt_hex").asText()), 16);
        block[7] ^= (byte) label;
        return counterMode(key, block, new byte[bytes]);
    }

    /** RFC 3711 section 4.1.1. */
    private static byte[] payload(byte[] datagram, byte[] key, byte[] salt, int tagBytes) {
        ByteBuffer packet = ByteBuffer.wrap(datagram);
        int begins = RTP_HEADER_BYTES + 4 * (datagram[0] & 0x0f);
        if ((datagram[0] & 0x10) != 0) {
            begins += 4 + 4 * (packet.getShort(begins + 2) & 0xffff);
        }
        byte[] block = Arrays.copyOf(salt, 16);
        byte[] mask = ByteBuffer.allocate(16)
                .putInt(4, packet.getInt(8))
                .putShort(12, packet.getShort(2))
                .array();
        for (int i = 0; i < 16; i++) {
            block[i] ^= mask[i];
        }
        return counterMode(key, block, Arrays.copyOfRange(datagram, begins, datagram.length - tagBytes));
    }

    private static byte[] counterMode(byte[] key, byte[] block, byte[] text) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(block));
            return cipher.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
