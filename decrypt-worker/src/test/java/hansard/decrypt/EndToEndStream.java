package hansard.decrypt;

import hansard.keys.KeySealer;
import hansard.keys.Vault;
import hansard.testkit.SframeSender;
import hansard.testkit.SrtpSender;
import hansard.wire.Octets;
import hansard.wire.SealedSessionKeys;
import hansard.wire.SealedSessionKeys.FrameKey;
import hansard.wire.SealedSessionKeys.MasterKey;
import hansard.wire.SrtpRecord;
import hansard.wire.StreamDescription;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A stream whose sender seals each frame end to end before SRTP; packet n has frame n, with counter n. */
final class EndToEndStream {
    static final long START = SyntheticStream.START;
    private static final int PACKET_MICROS = 20_000;

    final byte[] keyAndSalt = new byte[30];
    final byte[] baseKey = new byte[16];
    final long kid;
    final StreamDescription description;
    private final SrtpSender srtp;
    private final SframeSender sframe;

    EndToEndStream(String streamId, long kid, long seed) {
        new Random(seed).nextBytes(keyAndSalt);
        new Random(seed + 1).nextBytes(baseKey);
        this.kid = kid;
        this.srtp = new SrtpSender(keyAndSalt, 10, 4711, 111);
        this.sframe = new SframeSender(kid, baseKey);
        this.description = SframeSender.sealing(new SyntheticStream(streamId).description);
    }

    static byte[] words(long n) {
        return ("x spoken words of frame " + n + ", never to be seen").getBytes(StandardCharsets.UTF_8);
    }

    byte[] sealed(long n) {
        return sframe.seal(n, words(n));
    }

    /** A packet whose SRTP is in order and whose frame is anything. */
    SrtpRecord.Datagram carrying(long n, byte[] frame) {
        return new SrtpRecord.Datagram(START + n * PACKET_MICROS, Octets.of(srtp.datagram(n, n * 960, false, frame)));
    }

    SrtpRecord bundle(long from, long to) {
        List<SrtpRecord.Datagram> datagrams = new ArrayList<>();
        for (long n = from; n < to; n++) {
            datagrams.add(carrying(n, sealed(n)));
        }
        return new SrtpRecord.Datagrams(from, datagrams);
    }

    static SrtpRecord bundle(SrtpRecord.Datagram... datagrams) {
        return new SrtpRecord.Datagrams(0, List.of(datagrams));
    }

    FrameKey frameKey(Vault vault) {
        return frameKey(vault, kid, 0, baseKey);
    }

    static FrameKey frameKey(Vault vault, long kid, int ratchetBits, byte[] baseKey) {
        return new FrameKey(kid, ratchetBits, KeySealer.seal(baseKey, vault.recipients()));
    }

    /** The announcement, with whatever end-to-end keys come with it. */
    SealedSessionKeys announced(Vault vault, FrameKey... frameKeys) {
        Octets cms = KeySealer.seal(keyAndSalt, vault.recipients());
        return new SealedSessionKeys(
                description, List.of(new MasterKey(Octets.of(new byte[0]), cms)), List.of(frameKeys));
    }

    /** A release that brings nothing else, as after the end of the stream. */
    SealedSessionKeys released(FrameKey... frameKeys) {
        return new SealedSessionKeys(description, List.of(), List.of(frameKeys));
    }
}
