package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import hansard.wire.Frame;
import hansard.wire.Octets;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What nobody here can read is kept so that others can. */
class WholePacketsTest {
    private static final long START = TestMedia.EPOCH_MICROS + 250_000;

    private static Frame packet(int type, long afterMs, byte... bytes) {
        return new Frame(
                START + afterMs * 1_000,
                0,
                START + afterMs * 1_000,
                1,
                false,
                false,
                -1,
                type | Frame.WHOLE_PACKET,
                Octets.of(bytes));
    }

    /** Read as the RTP tools describe their format. */
    @Test
    void packetsAreInAFileThatTheRtpToolsRead() throws Exception {
        try (WholePackets packets = new WholePackets()) {
            packets.add(packet(98, 0, (byte) 0x80, (byte) 98, (byte) 7));
            packets.add(packet(42, 1_234, (byte) 0x80, (byte) 42));
            assertEquals(2, packets.count());
            assertEquals(Map.of(98, 1L, 42, 1L), packets.byType());
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            packets.copyTo(Channels.newChannel(out));
            ByteBuffer file = ByteBuffer.wrap(out.toByteArray());
            byte[] magic = new byte["#!rtpplay1.0 0.0.0.0/0\n".length()];
            file.get(magic);
            assertEquals("#!rtpplay1.0 0.0.0.0/0\n", new String(magic, StandardCharsets.US_ASCII));
            assertEquals(START / 1_000_000, file.getInt());
            assertEquals(250_000, file.getInt());
            assertEquals(0, file.getLong());
            assertRecord(file, 0, (byte) 0x80, (byte) 98, (byte) 7);
            assertRecord(file, 1_234, (byte) 0x80, (byte) 42);
            assertEquals(0, file.remaining());
        }
    }

    private static void assertRecord(ByteBuffer file, int afterMs, byte... packet) {
        assertEquals(8 + packet.length, file.getShort());
        assertEquals(packet.length, file.getShort());
        assertEquals(afterMs, file.getInt());
        byte[] found = new byte[packet.length];
        file.get(found);
        assertArrayEquals(packet, found);
    }
}
