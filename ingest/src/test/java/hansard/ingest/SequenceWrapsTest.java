package hansard.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import hansard.runtime.Settings;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SequenceWrapsTest {
    private static void see(SequenceWraps wraps, int from, int to, long ssrc) {
        for (int i = from; i < to; i++) {
            wraps.observe(ByteBuffer.wrap(IngestServiceTest.rtp(i, ssrc)));
        }
    }

    @Test
    void everyWrapIsCountedOnce() {
        SequenceWraps wraps = new SequenceWraps(null);
        see(wraps, 65_000, 65_536, 7);
        assertEquals(0, wraps.total());
        see(wraps, 65_536, 65_540, 7);
        see(wraps, 65_530, 65_540, 7); // late ones, from before the wrap
        assertEquals(1, wraps.total());
        see(wraps, 65_540, 3 * 65_536 + 1, 7);
        assertEquals(3, wraps.total());
    }

    @Test
    void strangersDoNotMislead() {
        SequenceWraps wraps = new SequenceWraps(null);
        Random random = new Random(3);
        for (int i = 60_000; i < 70_000; i++) {
            see(wraps, i, i + 1, 7);
            see(wraps, random.nextInt(65_536), 0, 7);
            byte[] noise = new byte[random.nextInt(40)];
            random.nextBytes(noise);
            wraps.observe(ByteBuffer.wrap(noise));
        }
        assertEquals(1, wraps.total());
        see(wraps, 10, 20, 8); // a new SSRC that stays
        see(wraps, 65_530, 65_540, 8);
        assertEquals(1, wraps.total());
    }

    @Test
    void onlyTheAnnouncedSsrcCounts() {
        SequenceWraps wraps = new SequenceWraps(7L);
        see(wraps, 65_000, 65_600, 8);
        assertEquals(0, wraps.total());
        see(wraps, 65_000, 65_600, 7);
        assertEquals(1, wraps.total());
    }

    @Test
    void sharedPortFindsRtpAndRtcpAndNothingElse() {
        IngestConfig config = IngestConfig.from(Settings.of(Map.of()));
        SharedPort port = new SharedPort();
        StreamIntake high = new StreamIntake(
                StreamIntakeTest.stream(0xffff_ffffL, false),
                new StreamCounters(),
                new RecordingSink(),
                config,
                StreamMemory.NOTHING);
        StreamIntake low = new StreamIntake(
                StreamIntakeTest.stream(1L, false),
                new StreamCounters(),
                new RecordingSink(),
                config,
                StreamMemory.NOTHING);
        port.add(high);
        port.add(low);
        assertSame(high, port.find(ByteBuffer.wrap(IngestServiceTest.rtp(1, 0xffff_ffffL))));
        assertSame(low, port.find(ByteBuffer.wrap(IngestServiceTest.rtp(1, 1))));
        assertNull(port.find(ByteBuffer.wrap(IngestServiceTest.rtp(1, 2))));
        ByteBuffer report = ByteBuffer.allocate(8)
                .put((byte) 0x80)
                .put((byte) 200)
                .putShort((short) 1)
                .putInt(1)
                .flip();
        assertSame(low, port.find(report));
        for (int length = 0; length < 12; length++) {
            assertNull(port.find(ByteBuffer.wrap(IngestServiceTest.rtp(1, 1), 0, length)));
        }
        port.remove(low);
        assertNull(port.find(report));
    }
}
