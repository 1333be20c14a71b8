package hansard.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import org.junit.jupiter.api.Test;

class ByteRangeTest {
    @Test
    void rangeRequests() {
        assertEquals(new ByteRange.Part(0, 99), ByteRange.of("bytes=0-99", 1_000));
        assertEquals(new ByteRange.Part(500, 999), ByteRange.of("bytes=500-", 1_000));
        assertEquals(new ByteRange.Part(500, 999), ByteRange.of("Bytes= 500 - 4000 ", 1_000));
        assertEquals(new ByteRange.Part(900, 999), ByteRange.of("bytes=-100", 1_000));
        assertEquals(new ByteRange.Part(0, 999), ByteRange.of("bytes=-4000", 1_000));
        assertEquals("bytes 0-99/1000", new ByteRange.Part(0, 99).contentRange(1_000));
    }

    @Test
    void rangeOutsideTheObjectIsRefused() {
        assertInstanceOf(ByteRange.Unsatisfiable.class, ByteRange.of("bytes=1000-", 1_000));
        assertInstanceOf(ByteRange.Unsatisfiable.class, ByteRange.of("bytes=-0", 1_000));
        assertInstanceOf(ByteRange.Unsatisfiable.class, ByteRange.of("bytes=0-0", 0));
        assertInstanceOf(ByteRange.Unsatisfiable.class, ByteRange.of("bytes=-5", 0));
    }

    @Test
    void whatIsNotARangeIsIgnored() {
        for (String header : new String[] {
            "items=0-1",
            "bytes=5-2",
            "bytes=a-b",
            "bytes=-",
            "bytes=0-1,5-6",
            "bytes",
            "",
            "bytes=99999999999999999999-"
        }) {
            assertInstanceOf(ByteRange.Whole.class, ByteRange.of(header, 1_000), header);
        }
        assertInstanceOf(ByteRange.Whole.class, ByteRange.of(null, 1_000));
    }
}
