package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VideoHeaderTest {
    @Test
    void aVp8KeyFrameSaysItsSize() {
        byte[] key = {0x10, 0x02, 0x00, (byte) 0x9d, 0x01, 0x2a, (byte) 0x80, 0x02, (byte) 0xe0, 0x01};
        assertEquals(Optional.of(new Vp8Header(640, 480)), Vp8Header.ofKeyframe(key));
        assertEquals(Optional.empty(), Vp8Header.ofKeyframe(Arrays.copyOf(key, 9)));
        key[3] = 0;
        assertInstanceOf(FrameGate.Bad.class, new FrameGate.OfVp8().look(key));
    }

    @Test
    void nalUnitsAreFoundBehindBothStartCodes() {
        byte[] unit = {0, 0, 0, 1, 0x67, 1, 0, 0, 1, 0x68, 2, 0, 0, 0, 1, 0x65, 3};
        List<byte[]> nals = AnnexB.nals(unit);
        assertEquals(List.of(7, 8, 5), nals.stream().map(AnnexB::type).toList());
        assertEquals(List.of(2, 2, 2), nals.stream().map(n -> n.length).toList());
        assertEquals(List.of(), AnnexB.nals(new byte[] {0x65, 1, 2}));
        assertEquals(List.of(), AnnexB.nals(new byte[0]));
    }

    @Test
    void aCutParameterSetIsNoSize() {
        assertEquals(Optional.empty(), H264Sps.of(new byte[] {0x67, 0x42}));
        assertEquals(Optional.empty(), H264Sps.of(new byte[40]));
    }
}
