package hansard.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DatagramBundleTest {
    @Test
    void bytesAreThoseOfTheRecordItStandsFor() {
        Random random = new Random(7);
        DatagramBundle bundle = new DatagramBundle(0);
        for (int round = 0; round < 3; round++) {
            List<SrtpRecord.Datagram> datagrams = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                byte[] bytes = new byte[1 + random.nextInt(1500)];
                random.nextBytes(bytes);
                long arrival = 1_795_387_748_000_000L + random.nextInt(1_000_000);
                datagrams.add(new SrtpRecord.Datagram(arrival, Octets.of(bytes)));
                bundle.add(arrival, ByteBuffer.wrap(bytes));
            }
            SrtpRecord.Datagrams expected = new SrtpRecord.Datagrams(42L * round, datagrams);
            byte[] made = bundle.take(42L * round);
            assertArrayEquals(expected.toBytes(), made);
            assertEquals(expected, SrtpRecord.fromBytes(made));
            assertTrue(bundle.isEmpty());
        }
    }

    @Test
    void arrivalsTooFarApartDoNotFit() {
        DatagramBundle bundle = new DatagramBundle(64);
        assertTrue(bundle.fits(Long.MIN_VALUE));
        bundle.add(10, ByteBuffer.wrap(new byte[1]));
        assertTrue(bundle.fits(10L + Integer.MAX_VALUE));
        assertFalse(bundle.fits(11L + Integer.MAX_VALUE));
        assertFalse(bundle.fits(Long.MIN_VALUE));
        assertFalse(bundle.fits(Long.MAX_VALUE));
        assertThrows(IllegalArgumentException.class, () -> bundle.add(Long.MAX_VALUE, ByteBuffer.wrap(new byte[1])));
    }

    @Test
    void aFullBundleTakesNoMore() {
        DatagramBundle bundle = new DatagramBundle(64);
        for (int i = 0; i < DatagramBundle.MAX_COUNT; i++) {
            bundle.add(0, ByteBuffer.wrap(new byte[1]));
        }
        assertFalse(bundle.fits(0));
        SrtpRecord.Datagrams read = (SrtpRecord.Datagrams) SrtpRecord.fromBytes(bundle.take(0));
        assertEquals(DatagramBundle.MAX_COUNT, read.datagrams().size());
    }
}
