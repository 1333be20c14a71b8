package hansard.rtp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class PcapTest {
    private static final byte[] PAYLOAD = {1, 2, 3, 4};

    /** A raw-IP capture with one datagram from port 4000 to 5000. */
    private static byte[] capture() {
        return ByteBuffer.allocate(24 + 16 + 28 + PAYLOAD.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0, 0xa1b2c3d4)
                .putInt(20, 101)
                .putInt(24, 7)
                .putInt(28, 8)
                .putInt(32, 28 + PAYLOAD.length)
                .put(40, (byte) 0x45)
                .put(49, (byte) 17)
                .order(ByteOrder.BIG_ENDIAN)
                .putShort(60, (short) 4000)
                .putShort(62, (short) 5000)
                .putShort(64, (short) (8 + PAYLOAD.length))
                .put(68, PAYLOAD)
                .array();
    }

    private static List<Pcap.Datagram> read(byte[] file) {
        return Pcap.read(new ByteArrayInputStream(file));
    }

    @Test
    void aDatagramComesOutAsItWentIn() {
        Pcap.Datagram datagram = read(capture()).getFirst();
        assertEquals(7_000_008, datagram.timeMicros());
        assertEquals(4000, datagram.sourcePort());
        assertEquals(5000, datagram.destinationPort());
        assertArrayEquals(PAYLOAD, datagram.payload());
    }

    @Test
    void aRecordOfNegativeLengthEndsTheReading() {
        // minus the length of its own header: the reading would stand still
        for (int length : new int[] {-16, -1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            byte[] file = capture();
            ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(32, length);
            assertTimeoutPreemptively(Duration.ofSeconds(5), () -> assertEquals(List.of(), read(file)));
        }
    }

    @Test
    void aHeaderThatLeavesItsPacketIsPassedOver() {
        byte[] file = capture();
        file[40] = 0x4f; // an IPv4 header of 60 bytes in a packet of 32
        assertEquals(List.of(), read(file));
        file[40] = 0x41; // and one of 4
        assertEquals(List.of(), read(file));
    }

    @Test
    void aFileCutAnywhereIsReadAsFarAsItGoesOrRefused() {
        byte[] file = capture();
        for (int length = 0; length < file.length; length++) {
            byte[] cut = Arrays.copyOf(file, length);
            if (length < 24) {
                assertThrows(IllegalArgumentException.class, () -> read(cut));
            } else {
                assertEquals(List.of(), read(cut));
            }
        }
    }
}
