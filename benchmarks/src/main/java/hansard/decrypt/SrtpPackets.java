package hansard.decrypt;

import hansard.testkit.SrtpSender;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/**
 * The packets that {@link SrtpBenchmark} and libsrtp both open. As a program, prints them as srtp-twin reads them, after a line with the
 * key.
 */
record SrtpPackets(byte[] keyAndSalt, List<byte[]> datagrams) {
    private static final int COUNT = 30_000;

    static SrtpPackets of(String suite, int payloadBytes) {
        SrtpSuite parameters = SrtpSuite.valueOf(suite);
        Random random = new Random(1);
        byte[] keyAndSalt = new byte[parameters.keyLength() + parameters.saltLength()];
        random.nextBytes(keyAndSalt);
        SrtpSender sender = new SrtpSender(suite, keyAndSalt, new byte[0], 0, 42, 111);
        List<byte[]> datagrams = new ArrayList<>();
        byte[] payload = new byte[payloadBytes];
        for (int i = 0; i < COUNT; i++) {
            random.nextBytes(payload);
            datagrams.add(sender.datagram(i + 1, i * 960L, false, payload));
        }
        return new SrtpPackets(keyAndSalt, datagrams);
    }

    public static void main(String[] args) {
        SrtpPackets packets = of(args[0], Integer.parseInt(args[1]));
        HexFormat hex = HexFormat.of();
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.US_ASCII);
        out.println(hex.formatHex(packets.keyAndSalt));
        for (int i = 0; i < COUNT; i++) {
            out.println("rtp " + (i + 1) + " 0 " + hex.formatHex(packets.datagrams.get(i)));
        }
        out.flush();
    }
}
