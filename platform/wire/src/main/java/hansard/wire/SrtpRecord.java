package hansard.wire;

import java.util.ArrayList;
import java.util.List;

/**
 * What the ingest writes for one stream, in order, on {@link Topics#MEDIA_SRTP}: bundles of datagrams and, between them, the
 * marks that must not be reordered against the media.
 *
 * <pre>
 *  0        1        2
 * +--------+--------+----------------------------------------------------+
 * | version|  type  | DATAGRAMS: i64 first ordinal, i64 base arrival µs,  |
 * |   = 1  |        |   u16 count, count × (i32 µs after base, u16 length,|
 * |        |        |   bytes)                                            |
 * +--------+--------+----------------------------------------------------+
 * | PAUSED: i64 µs   RESUMED: i64 µs, i64 discarded, i32 sequence wraps    |
 * | CLOSED: i64 µs, i64 not durable, text reason                           |
 * +-----------------------------------------------------------------------+
 * </pre>
 */
public sealed interface SrtpRecord {
    byte[] toBytes();

    /**
     * A datagram exactly as received.
     *
     * @param arrivalMicros when it reached the socket
     */
    record Datagram(long arrivalMicros, Octets bytes) {}

    /**
     * @param firstOrdinal how many datagrams of the stream came before this bundle
     * @param datagrams 1 to 65535, in the order of arrival
     */
    record Datagrams(long firstOrdinal, List<Datagram> datagrams) implements SrtpRecord {
        public Datagrams {
            datagrams = List.copyOf(datagrams);
        }

        @Override
        public byte[] toBytes() {
            long base = datagrams.isEmpty() ? 0 : datagrams.getFirst().arrivalMicros();
            return Wire.write(1, out -> {
                out.writeLong(firstOrdinal);
                out.writeLong(base);
                Wire.u16(out, datagrams.size());
                for (Datagram d : datagrams) {
                    out.writeInt(Math.toIntExact(d.arrivalMicros() - base));
                    Wire.u16(out, d.bytes().length());
                    out.write(d.bytes().array());
                }
            });
        }
    }

    /** Recording was paused by policy: what arrives from here on is not kept. */
    record Paused(long atMicros) implements SrtpRecord {
        @Override
        public byte[] toBytes() {
            return Wire.write(2, out -> out.writeLong(atMicros));
        }
    }

    /**
     * Recording goes on.
     *
     * @param discarded datagrams that arrived while paused
     * @param sequenceWraps how often the RTP sequence number wrapped meanwhile, so that the rollover counter stays right
     */
    record Resumed(long atMicros, long discarded, int sequenceWraps) implements SrtpRecord {
        @Override
        public byte[] toBytes() {
            return Wire.write(3, out -> {
                out.writeLong(atMicros);
                out.writeLong(discarded);
                out.writeInt(sequenceWraps);
            });
        }
    }

    /**
     * Nothing more will come for this stream.
     *
     * @param notDurable datagrams that reached the socket and are not on the topic
     */
    record Closed(long atMicros, long notDurable, String reason) implements SrtpRecord {
        @Override
        public byte[] toBytes() {
            return Wire.write(4, out -> {
                out.writeLong(atMicros);
                out.writeLong(notDurable);
                Wire.text(out, reason);
            });
        }
    }

    static SrtpRecord fromBytes(byte[] bytes) {
        Wire.In in = new Wire.In("media.srtp record", bytes);
        int type = in.u8();
        SrtpRecord record =
                switch (type) {
                    case 1 -> {
                        long ordinal = in.counter();
                        long base = in.i64();
                        int count = in.count(in.u16(), 6);
                        List<Datagram> datagrams = new ArrayList<>(count);
                        for (int i = 0; i < count; i++) {
                            long arrival = base + in.i32();
                            datagrams.add(new Datagram(arrival, Octets.of(in.take(in.u16()))));
                        }
                        yield new Datagrams(ordinal, datagrams);
                    }
                    case 2 -> new Paused(in.i64());
                    case 3 -> new Resumed(in.i64(), in.counter(), in.count(in.i32()));
                    case 4 -> new Closed(in.i64(), in.counter(), in.text());
                    default -> throw in.malformed("unknown record type " + type);
                };
        in.end();
        return record;
    }
}
