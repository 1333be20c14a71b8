package hansard.decrypt;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * RTP Payload Format For AV1 (AOMedia, v1.0) section 4.3: every payload is an aggregation header and OBU elements, of which the first may
 * go on from the packet before and the last in the one behind. The frame is a temporal unit whose every OBU says its size (AV1
 * bitstream section 5.3), without the temporal delimiters and tile lists that section 5 of the format says to drop.
 *
 * <pre>
 *  0 1 2 3 4 5 6 7      Z: the first element goes on from before   Y: the last one goes on
 * +-+-+-+-+-+-+-+-+     W: number of elements, the last of them without its length; with 0 each has one
 * |Z|Y| W |N|-|-|-|     N: a coded video sequence begins
 * +-+-+-+-+-+-+-+-+
 * </pre>
 */
record Av1Depacketiser() implements Depacketiser {
    private static final int BEGINS_SEQUENCE = 0x08;
    private static final int SEQUENCE_HEADER = 1;
    private static final int TEMPORAL_DELIMITER = 2;
    private static final int FRAME_HEADER = 3;
    private static final int FRAME = 6;
    private static final int TILE_LIST = 8;
    private static final int HAS_EXTENSION = 0x04;
    private static final int HAS_SIZE = 0x02;
    /** Of the sizes that can be: an OBU is at most as long as a frame's packets. */
    private static final int MAX_SIZE_BYTES = 4;

    @Override
    public boolean isOnePacketPerFrame() {
        return false;
    }

    @Override
    public @Nullable EncodedFrame assemble(List<byte[]> payloads) {
        TemporalUnit unit = new TemporalUnit();
        for (byte[] payload : payloads) {
            if (!unit.add(payload)) {
                return null;
            }
        }
        byte[] bytes = unit.finish();
        return bytes == null ? null : new EncodedFrame(isKeyframe(bytes), bytes);
    }

    @Override
    public boolean beginsKeyframe(byte[] payload) {
        return payload.length > 0 && (payload[0] & BEGINS_SEQUENCE) != 0;
    }

    /**
     * Sections 5.9.2 and 7.5 of the bitstream: a sequence header, and then a frame header whose show_existing_frame is 0 and whose
     * frame_type is KEY_FRAME, 0. Of a still picture the header says neither, but nobody sends one in a call.
     */
    @Override
    public boolean isKeyframe(byte[] frame) {
        boolean described = false;
        for (int at = 0; at < frame.length; ) {
            int type = frame[at] >> 3 & 0x0f;
            int sizeAt = at + ((frame[at] & HAS_EXTENSION) != 0 ? 2 : 1);
            Size size = Size.read(frame, sizeAt, frame.length);
            if (size == null) {
                return false;
            }
            described |= type == SEQUENCE_HEADER;
            if (type == FRAME || type == FRAME_HEADER) {
                return described && size.value > 0 && (frame[size.end] & 0xe0) == 0;
            }
            at = size.end + size.value;
        }
        return false;
    }

    /** A leb128 number (section 4.10.5) that says how many bytes follow it; they are within bounds. */
    private record Size(int value, int end) {
        static @Nullable Size read(byte[] bytes, int from, int limit) {
            int value = 0;
            for (int i = 0; i < MAX_SIZE_BYTES && from + i < limit; i++) {
                value |= (bytes[from + i] & 0x7f) << 7 * i;
                if ((bytes[from + i] & 0x80) == 0) {
                    int end = from + i + 1;
                    return value > limit - end ? null : new Size(value, end);
                }
            }
            return null;
        }
    }

    /** A temporal unit in the making. */
    private static final class TemporalUnit {
        private final ByteArrayOutputStream unit = new ByteArrayOutputStream();
        private final ByteArrayOutputStream open = new ByteArrayOutputStream();
        private boolean goesOn;

        /** Takes a packet's elements; false when they make no sense, or begin in a packet that is missing. */
        boolean add(byte[] payload) {
            boolean continues = (payload[0] & 0x80) != 0;
            boolean unfinished = (payload[0] & 0x40) != 0;
            int count = payload[0] >> 4 & 0x03;
            if (continues != goesOn || payload.length < 2) {
                return false;
            }
            int at = 1;
            for (int element = 1; at < payload.length; element++) {
                boolean unsized = element == count;
                Size size = unsized ? new Size(payload.length - at, at) : Size.read(payload, at, payload.length);
                if (size == null) {
                    return false;
                }
                at = size.end + size.value;
                if (unsized && at < payload.length || count != 0 && element > count) {
                    return false;
                }
                open.write(payload, size.end, size.value);
                boolean last = at == payload.length;
                if (last && count != 0 && element != count) {
                    return false;
                }
                goesOn = last && unfinished;
                if (!goesOn && !close()) {
                    return false;
                }
            }
            return true;
        }

        /** An OBU is whole. Its header may or may not have said its size; here it does. */
        private boolean close() {
            byte[] obu = open.toByteArray();
            open.reset();
            if (obu.length == 0) {
                return true; // an element of no bytes says nothing
            }
            int header = (obu[0] & HAS_EXTENSION) != 0 ? 2 : 1;
            if ((obu[0] & 0x80) != 0 || obu.length < header) { // obu_forbidden_bit
                return false;
            }
            int type = obu[0] >> 3 & 0x0f;
            int from = header;
            int length = obu.length - header;
            if ((obu[0] & HAS_SIZE) != 0) {
                Size size = Size.read(obu, header, obu.length);
                if (size == null) {
                    return false;
                }
                from = size.end;
                length = size.value;
            }
            if (type != TEMPORAL_DELIMITER && type != TILE_LIST) {
                unit.write(obu[0] | HAS_SIZE);
                unit.write(obu, 1, header - 1);
                writeSize(length);
                unit.write(obu, from, length);
            }
            return true;
        }

        private void writeSize(int length) {
            int left = length;
            while (left >= 0x80) {
                unit.write(left & 0x7f | 0x80);
                left >>>= 7;
            }
            unit.write(left);
        }

        byte @Nullable [] finish() {
            return goesOn || unit.size() == 0 ? null : unit.toByteArray();
        }
    }
}
