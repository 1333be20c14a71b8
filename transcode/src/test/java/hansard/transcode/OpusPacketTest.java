package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class OpusPacketTest {
    private static OptionalInt samples(int... bytes) {
        byte[] packet = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            packet[i] = (byte) bytes[i];
        }
        return OpusPacket.samples(packet);
    }

    /** RFC 6716 table 2: SILK 10 to 60 ms, hybrid 10 and 20, CELT 2.5 to 20. */
    @Test
    void everyConfigurationHasItsDuration() {
        int[] table = {
            480, 960, 1920, 2880, 480, 960, 1920, 2880, 480, 960, 1920, 2880, 480, 960, 480, 960, 120, 240, 480, 960,
            120, 240, 480, 960, 120, 240, 480, 960, 120, 240, 480, 960
        };
        for (int config = 0; config < 32; config++) {
            assertEquals(OptionalInt.of(table[config]), samples(config << 3, 0), "config " + config);
        }
    }

    @Test
    void framesOfAPacketAddUp() {
        assertEquals(OptionalInt.of(1920), samples(31 << 3 | 1, 0, 0));
        assertEquals(OptionalInt.of(1920), samples(31 << 3 | 2, 0, 0));
        assertEquals(OptionalInt.of(2880), samples(31 << 3 | 3, 3, 0));
    }

    @Test
    void aDtxPacketOfOneByteIsAFrame() {
        assertEquals(OptionalInt.of(960), samples(1 << 3));
    }

    @Test
    void whatCannotBePlayedIsRefused() {
        assertEquals(OptionalInt.empty(), samples());
        assertEquals(OptionalInt.empty(), samples(31 << 3 | 3)); // R6: no frame count byte
        assertEquals(OptionalInt.empty(), samples(31 << 3 | 3, 0)); // R5: no frame
        assertEquals(OptionalInt.empty(), samples(3 << 3 | 3, 3)); // R5: 180 ms
    }
}
