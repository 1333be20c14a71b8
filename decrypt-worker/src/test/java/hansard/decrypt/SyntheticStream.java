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

/** An Opus stream whose every packet is known, sent by the independent sender: packet n at n * 20 ms. */
final class SyntheticStream {
    static final long START = 1_795_387_864_000_000L;
    private static final long PACKET_MICROS = 20_000;

    final StreamDescription description;
    final byte[] keyAndSalt = new byte[30];
    private final SrtpSender sender;
    private long ordinal;

    SyntheticStream(String streamId) {
        this(streamId, "opus", 1);
    }

    SyntheticStream(String streamId, String codec, long keySeed) {
        new Random(keySeed).nextBytes(keyAndSalt);
        this.sender = new SrtpSender(keyAndSalt, 10, 4711, 111);
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
                StreamDescription.Srtp.fresh("AES_CM_128_HMAC_SHA1_80"),
                null,
                20_000,
                false,
                "",
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
        return new SrtpRecord.Datagram(
                arrivalMicros, Octets.of(sender.datagram(index, index * 960, false, payload(index))));
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
        List<SrtpRecord.Datagram> datagrams = new ArrayList<>();
        for (long i = from; i < to; i++) {
            datagrams.add(datagram(i));
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
