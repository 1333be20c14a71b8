package hansard.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeptFramesTest {
    private static final KeptFrames HEAD = new KeptFrames(RecordsTest.STREAM, 7, RecordsTest.ACCOUNT, 9, "left");
    private static final List<Frame> FRAMES =
            List.of(new Frame(1, 2, 3, 1, false, true, -1, Octets.of(new byte[] {1, 2, 3})));

    private static byte[] whole() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        HEAD.writeTo(Channels.newChannel(bytes));
        KeptFrames.write(Channels.newChannel(bytes), Frame.toBytes(FRAMES));
        return bytes.toByteArray();
    }

    private static ReadableByteChannel channel(byte[] bytes) {
        return Channels.newChannel(new ByteArrayInputStream(bytes));
    }

    @Test
    void whatWasWrittenIsRead() throws IOException {
        ReadableByteChannel in = channel(whole());
        assertEquals(HEAD, KeptFrames.readFrom(in));
        assertEquals(FRAMES, KeptFrames.next(in));
        assertNull(KeptFrames.next(in));
    }

    @Test
    void whatEndsEarlyIsRefused() throws IOException {
        byte[] bytes = whole();
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        HEAD.writeTo(Channels.newChannel(head));
        for (int length = 0; length < bytes.length; length++) {
            if (length == head.size()) {
                continue; // whole, and without frames
            }
            ReadableByteChannel in = channel(Arrays.copyOf(bytes, length));
            HansardException refused = assertThrows(HansardException.class, () -> {
                KeptFrames.readFrom(in);
                KeptFrames.next(in);
            });
            assertEquals(ErrorCode.MALFORMED, refused.code());
        }
    }

    @Test
    void aLengthThatLiesMakesNobodyAllocate() {
        for (int length : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 9 << 20}) {
            byte[] bytes = ByteBuffer.allocate(8).putInt(length).array();
            HansardException refused = assertThrows(HansardException.class, () -> KeptFrames.next(channel(bytes)));
            assertEquals(ErrorCode.MALFORMED, refused.code());
        }
    }
}
