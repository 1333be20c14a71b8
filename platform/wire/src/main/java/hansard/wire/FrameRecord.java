package hansard.wire;

import hansard.runtime.Json;
import java.util.List;
import java.util.Objects;

/**
 * What the decrypt-worker writes for one track, in order, on {@link Topics#MEDIA_FRAMES}: Opened once, Frames and Observed,
 * Ended once.
 *
 * <p>A track is written a second time, as a further <i>generation</i>, when end-to-end keys were released for frames that nobody
 * could open before. The generation is 0 for the track as the call was held, and then the microseconds since 1970 at which it began to
 * be made anew; a later one replaces the earlier.
 *
 * <pre>
 * | version = 1 | type | OPENED, ENDED: JSON blob   FRAMES: i64 ordinal, blob sealed   ABANDONED: i64 generation   OBSERVED: JSON blob |
 * </pre>
 */
public sealed interface FrameRecord {
    byte[] toBytes();

    /** The first record of a track, before its first frame; also of a track that will have no frames. */
    record Opened(StreamDescription stream, long generation) implements FrameRecord {
        public Opened {
            Objects.requireNonNull(stream, "stream");
        }

        @Override
        public byte[] toBytes() {
            return Wire.write(1, out -> Wire.blob(out, Json.bytes(this)));
        }
    }

    /**
     * @param ordinal number of frames of the generation before these
     * @param sealed {@link Frame#toBytes} of the frames, sealed under the track's data key for {@code media.frames} and {@link
     *     #subject}
     */
    record Frames(long ordinal, Octets sealed) implements FrameRecord {
        @Override
        public byte[] toBytes() {
            return Wire.write(2, out -> {
                out.writeLong(ordinal);
                Wire.blob(out, sealed.array());
            });
        }
    }

    /**
     * The last record of a track.
     *
     * @param endedMicros when the ingest closed the stream
     * @param reason why it ended; when {@code account.framed} is 0, why there is no media
     */
    record Ended(StreamDescription stream, long generation, StreamAccount account, long endedMicros, String reason)
            implements FrameRecord {
        public Ended {
            Objects.requireNonNull(stream, "stream");
            Objects.requireNonNull(account, "account");
            Objects.requireNonNull(reason, "reason");
        }

        @Override
        public byte[] toBytes() {
            return Wire.write(3, out -> Wire.blob(out, Json.bytes(this)));
        }
    }

    /** Instead of Ended: the generation is not finished, and is to be forgotten. Never of generation 0. */
    record Abandoned(long generation) implements FrameRecord {
        @Override
        public byte[] toBytes() {
            return Wire.write(4, out -> out.writeLong(generation));
        }
    }

    /** What befell the track besides its frames, in the order in which it became known. Only of generation 0. */
    record Observed(List<Observation> observations) implements FrameRecord {
        public Observed {
            observations = List.copyOf(observations);
        }

        @Override
        public byte[] toBytes() {
            return Wire.write(5, out -> Wire.blob(out, Json.bytes(this)));
        }
    }

    /** What a bundle is sealed as, so that frames cannot be moved within a track or from one generation to another. */
    static String subject(String streamId, long generation, long ordinal) {
        return generation == 0 ? streamId + "/" + ordinal : streamId + "/" + generation + "/" + ordinal;
    }

    static FrameRecord fromBytes(byte[] bytes) {
        Wire.In in = new Wire.In("media.frames record", bytes);
        int type = in.u8();
        FrameRecord record =
                switch (type) {
                    case 1 -> Json.read(in.blob(), Opened.class);
                    case 2 -> new Frames(in.i64(), Octets.of(in.blob()));
                    case 3 -> Json.read(in.blob(), Ended.class);
                    case 4 -> new Abandoned(in.i64());
                    case 5 -> Json.read(in.blob(), Observed.class);
                    default -> throw in.malformed("unknown record type " + type);
                };
        in.end();
        return record;
    }
}
