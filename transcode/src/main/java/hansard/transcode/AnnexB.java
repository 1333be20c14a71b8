package hansard.transcode;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** An H.264 access unit as NAL units behind start codes (ITU-T H.264 Annex B). */
final class AnnexB {
    static final int IDR_SLICE = 5;
    static final int SPS = 7;
    static final int PPS = 8;

    private static final byte[] START_CODE = {0, 0, 0, 1};

    private AnnexB() {}

    /** The NAL units without their start codes; empty when the bytes do not begin with a start code. */
    static List<byte[]> nals(byte[] unit) {
        int zeros = 0;
        while (zeros < unit.length && unit[zeros] == 0) {
            zeros++;
        }
        if (zeros < 2 || zeros >= unit.length || unit[zeros] != 1) {
            return List.of();
        }
        List<byte[]> nals = new ArrayList<>();
        int start = zeros + 1;
        for (int at = start; at + 2 < unit.length; at++) {
            if (unit[at] == 0 && unit[at + 1] == 0 && unit[at + 2] == 1) {
                add(nals, unit, start, at);
                start = at + 3;
                at += 2;
            }
        }
        add(nals, unit, start, unit.length);
        return nals;
    }

    /** Trailing zeros belong to the next start code, not to the NAL (its last byte is never zero, section 7.4.1). */
    private static void add(List<byte[]> nals, byte[] unit, int from, int to) {
        int end = to;
        while (end > from && unit[end - 1] == 0) {
            end--;
        }
        if (end > from) {
            nals.add(Arrays.copyOfRange(unit, from, end));
        }
    }

    static int type(byte[] nal) {
        return nal[0] & 0x1f;
    }

    static boolean has(List<byte[]> nals, int type) {
        return nals.stream().anyMatch(nal -> type(nal) == type);
    }

    /** The parameter sets of a unit behind start codes: what a container carries ahead of the samples. */
    static byte[] parameterSets(List<byte[]> nals) {
        ByteArrayOutputStream sets = new ByteArrayOutputStream();
        for (byte[] nal : nals) {
            if (type(nal) == SPS || type(nal) == PPS) {
                sets.writeBytes(START_CODE);
                sets.writeBytes(nal);
            }
        }
        return sets.toByteArray();
    }
}
