package hansard.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Makes the bytes of a {@link SrtpRecord.Datagrams} while the datagrams arrive, copying each once and allocating nothing for
 * it, because at a hundred thousand datagrams a second an object for each is what costs. Belongs to one thread.
 */
public final class DatagramBundle {
    /** Most datagrams that one record holds: the count is 16 bits. */
    public static final int MAX_COUNT = 65_535;

    private static final int HEADER = 20; // version, type, first ordinal, base arrival, count
    private static final int BASE_AT = 10;
    private static final int COUNT_AT = 18;
    private static final int EACH = 6; // microseconds after the base, length

    private byte[] buffer;
    private int end = HEADER;
    private int count;
    private long baseMicros;

    /** @param initialBytes room to begin with; grows with the largest bundle and stays */
    public DatagramBundle(int initialBytes) {
        buffer = new byte[Math.max(HEADER, initialBytes)];
    }

    public boolean isEmpty() {
        return count == 0;
    }

    public int count() {
        return count;
    }

    /** Length of the record so far. */
    public int length() {
        return end;
    }

    /** Whether one more, of that arrival, still fits the format: arrivals are at most 2^31 microseconds from the first. */
    public boolean fits(long arrivalMicros) {
        if (count == 0) {
            return true;
        }
        long after = arrivalMicros - baseMicros;
        // the exclusive or is negative when the subtraction overflowed: arrivals may be anything that a wire carried
        boolean overflowed = ((arrivalMicros ^ baseMicros) & (arrivalMicros ^ after)) < 0;
        return count < MAX_COUNT && !overflowed && after == (int) after;
    }

    /**
     * Appends what remains in the buffer, 1 to 65,535 bytes, and consumes it.
     *
     * @throws IllegalArgumentException when it does not fit: ask {@link #fits} first
     */
    public void add(long arrivalMicros, ByteBuffer datagram) {
        int length = datagram.remaining();
        if (length > 65_535 || !fits(arrivalMicros)) {
            throw new IllegalArgumentException("a datagram of " + length + " bytes does not fit a bundle of " + count);
        }
        if (end + EACH + length > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, end + EACH + length));
        }
        if (count == 0) {
            baseMicros = arrivalMicros;
        }
        ByteBuffer out = ByteBuffer.wrap(buffer);
        out.putInt(end, (int) (arrivalMicros - baseMicros));
        out.putShort(end + 4, (short) length);
        datagram.get(buffer, end + EACH, length);
        end += EACH + length;
        count++;
    }

    /** The record's bytes; the bundle is empty afterwards. */
    public byte[] take(long firstOrdinal) {
        ByteBuffer out = ByteBuffer.wrap(buffer);
        out.put(0, (byte) 1).put(1, (byte) 1).putLong(2, firstOrdinal);
        out.putLong(BASE_AT, baseMicros).putShort(COUNT_AT, (short) count);
        byte[] record = Arrays.copyOf(buffer, end);
        end = HEADER;
        count = 0;
        return record;
    }
}
