package hansard.decrypt;

import hansard.testkit.SrtpSender;
import hansard.wire.MediaKind;
import hansard.wire.Octets;
import hansard.wire.SrtpRecord;
import hansard.wire.StreamDescription;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** An Opus stream whose every packet is known, sent by the independent sender: packet n at n * 20 ms. */
final class SyntheticStream {
    static final long START = 1_795_387_864_000_000L;
    static final long SSRC = 4711;
    private static final long PACKET_MICROS = 20_000;

    final StreamDescription description;
    final byte[] keyAndSalt;
    private final SrtpSender sender;
    private long ordinal;

    SyntheticStream(String streamId) {
        this(streamId, "opus", 1);
    }

    SyntheticStream(String streamId, String codec, long keySeed) {
        this(streamId, codec, keySeed, StreamDescription.Srtp.fresh("AES_CM_128_HMAC_SHA1_80"), null);
    }

    /** @param ssrc as announced; null announces none */
    SyntheticStream(String streamId, String codec, long keySeed, StreamDescription.Srtp srtp, @Nullable Long ssrc) {
        this.keyAndSalt = keyAndSalt(SrtpSuite.valueOf(srtp.suite()), keySeed);
        this.description = new StreamDescription(
                streamId,
                "call-" + streamId,
                "default",
                "alice",
                MediaKind.AUDIO,
                codec,
                48_000,
                2,
                Map.of(111, codec, 97, "rtx"),
                Map.of(),
                srtp,
                ssrc,
                20_000,
                false,
                "",
                "");
        this.sender = sender(keyAndSalt, new byte[0], SSRC);
    }

    static byte[] keyAndSalt(SrtpSuite suite, long seed) {
        byte[] keyAndSalt = new byte[suite.keyLength() + suite.saltLength()];
        new Random(seed).nextBytes(keyAndSalt);
        return keyAndSalt;
    }

    byte[] otherKey(long seed) {
        return keyAndSalt(SrtpSuite.valueOf(description.srtp().suite()), seed);
    }

    /** A sender of the stream under another key, MKI or SSRC. */
    SrtpSender sender(byte[] key, byte[] mki, long ssrc) {
        return new SrtpSender(
                description.srtp().suite(), key, mki, description.srtp().keyDerivationRate(), ssrc, 111);
    }

    /** The stream's own key, opened. */
    KeyRing keys() {
        return new KeyRing(
                List.of(new MasterKey(
                        0,
                        SrtpSuite.valueOf(description.srtp().suite()),
                        new byte[0],
                        description.srtp().keyDerivationRate(),
                        keyAndSalt)),
                "");
    }

    /** The plaintext of a packet: a TOC byte and words nobody else would write. */
    static byte[] payload(long index) {
        return ("x spoken words of packet " + index + ", never to be seen").getBytes(StandardCharsets.UTF_8);
    }

    SrtpRecord.Datagram datagram(long index) {
        return datagram(index, START + index * PACKET_MICROS);
    }

    SrtpRecord.Datagram datagram(long index, long arrivalMicros) {
        return datagram(sender, index, index, arrivalMicros);
    }

    /** Packet {@code number} of what was said, under an index of the sender's choice. */
    static SrtpRecord.Datagram datagram(SrtpSender from, long index, long number, long arrivalMicros) {
        return new SrtpRecord.Datagram(
                arrivalMicros, Octets.of(from.datagram(index, number * 960, false, payload(number))));
    }

    SrtpRecord.Datagram forged(long index) {
        byte[] bytes = datagram(index).bytes().array();
        bytes[bytes.length - 1] ^= 1;
        return new SrtpRecord.Datagram(START + index * PACKET_MICROS, Octets.of(bytes));
    }

    SrtpRecord.Datagram truncated(long index) {
        byte[] bytes = datagram(index).bytes().array();
        return new SrtpRecord.Datagram(START + index * PACKET_MICROS, Octets.of(Arrays.copyOf(bytes, 12 + 9)));
    }

    /** A bundle of consecutive packets. */
    SrtpRecord bundle(long from, long to) {
        return bundle(sender, 0, from, to);
    }

    /** Consecutive packets of what was said, under indexes that are further by an offset. */
    SrtpRecord bundle(SrtpSender by, long offset, long from, long to) {
        List<SrtpRecord.Datagram> datagrams = new ArrayList<>();
        for (long i = from; i < to; i++) {
            datagrams.add(datagram(by, i + offset, i, START + i * PACKET_MICROS));
        }
        return bundle(datagrams);
    }

    SrtpRecord bundle(List<SrtpRecord.Datagram> datagrams) {
        SrtpRecord bundle = new SrtpRecord.Datagrams(ordinal, datagrams);
        ordinal += datagrams.size();
        return bundle;
    }

    static SrtpRecord closed() {
        return new SrtpRecord.Closed(START + 3_600_000_000L, 0, "left");
    }
}
