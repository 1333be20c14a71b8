package hansard.decrypt;

import hansard.rtp.RtpHeader;
import hansard.wire.MediaKind;
import hansard.wire.StreamDescription;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What one SRTP packet costs from bytes to payload: parse, authenticate, replay window, decrypt. Beside it the HMAC-SHA1 over the same
 * bytes, which the suites with HMAC cannot go below. {@code benchmarks/srtp-vs-libsrtp} runs libsrtp over the same packets.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SrtpBenchmark {
    @Param({"AES_CM_128_HMAC_SHA1_80", "AEAD_AES_128_GCM"})
    public String suite = "AES_CM_128_HMAC_SHA1_80";

    /** 80 bytes: Opus at 32 kbit/s. 160: G.711. 1100: video. */
    @Param({"80", "160", "1100"})
    public int payloadBytes;

    private byte[][] datagrams = {};
    private byte[] keyAndSalt = {};
    private SrtpReceiver receiver = new SrtpReceiver(stream(), new KeyRing(List.of(), ""), new Sources());
    private Mac mac = hmac();
    private int next;

    @Setup
    public void makePackets() {
        SrtpPackets packets = SrtpPackets.of(suite, payloadBytes);
        keyAndSalt = packets.keyAndSalt();
        datagrams = packets.datagrams().toArray(byte[][]::new);
        receiver = receiver();
    }

    private SrtpReceiver receiver() {
        MasterKey key = new MasterKey(0, SrtpSuite.valueOf(suite), new byte[0], 0, keyAndSalt);
        return new SrtpReceiver(stream(), new KeyRing(List.of(key), ""), new Sources());
    }

    private StreamDescription stream() {
        return new StreamDescription(
                "s",
                "c",
                "t",
                "p",
                MediaKind.AUDIO,
                "opus",
                48_000,
                2,
                Map.of(111, "opus"),
                Map.of(),
                StreamDescription.Srtp.fresh(suite),
                null,
                20_000,
                false,
                "",
                "");
    }

    private static Mac hmac() {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(new byte[20], "HmacSHA1"));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private byte[] datagram() {
        if (next == datagrams.length) {
            next = 0;
            receiver = receiver(); // the stream begins again; a packet may not come twice
        }
        return datagrams[next++];
    }

    @Benchmark
    public byte[] verifyAndOpen() {
        byte[] datagram = datagram();
        RtpHeader header = Objects.requireNonNull(RtpHeader.parse(datagram, datagram.length));
        return switch (receiver.examine(datagram, header, 0)) {
            case Verdict.Authentic authentic -> {
                receiver.remember(authentic);
                yield authentic.payload();
            }
            case Verdict.Refused refused -> throw new IllegalStateException("refused: " + refused.reason());
        };
    }

    @Benchmark
    public byte[] hmacAlone() {
        byte[] datagram = datagram();
        mac.update(datagram, 0, datagram.length - 10);
        return mac.doFinal();
    }
}
