package hansard.wire;

import hansard.runtime.Json;
import java.util.Objects;

/**
 * What the decrypt-worker writes for one track, in order, on {@link Topics#MEDIA_FRAMES}: Opened once, Frames, Ended once.
 *
 * <pre>
 * | version = 1 | type | OPENED, ENDED: JSON blob   FRAMES: i64 ordinal, blob sealed |
 * </pre>
 */
public sealed interface FrameRecord {
    byte[] toBytes();

    /** The first record of a track, before its first frame; also of a track that will have no frames. */
    record Opened(StreamDescription stream) implements FrameRecord {
        public Opened {
            Objects.requireNonNull(stream, "stream");
        }

        @Override
        public byte[] toBytes() {
            return Wire.write(1, out -> Wire.blob(out, Json.bytes(this)));
        }
    }

    /**
     * @param ordinal number of frames of the track before these
     * @param sealed {@link Frame#toBytes} of the frames, sealed under the track's data key for {@code media.frames}
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
    record Ended(StreamDescription stream, StreamAccount account, long endedMicros, String reason)
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

    static FrameRecord fromBytes(byte[] bytes) {
        Wire.In in = new Wire.In("media.frames record", bytes);
        int type = in.u8();
        FrameRecord record =
                switch (type) {
                    case 1 -> Json.read(in.blob(), Opened.class);
                    case 2 -> new Frames(in.i64(), Octets.of(in.blob()));
                    case 3 -> Json.read(in.blob(), Ended.class);
                    default -> throw in.malformed("unknown record type " + type);
                };
        in.end();
        return record;
    }
}
