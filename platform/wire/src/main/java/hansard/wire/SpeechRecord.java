package hansard.wire;

import hansard.runtime.Json;
import java.util.Objects;

/**
 * What transcode writes for one audio track, in order, on {@link Topics#MEDIA_SPEECH}.
 *
 * <pre>
 * | version = 1 | type | SPEECH: i64 start µs, i32 samples, blob sealed   ENDED, OPENED: JSON blob |
 * </pre>
 */
public sealed interface SpeechRecord {
    /** Samples a second of all speech on the topic: what the recogniser's models are made for. */
    int SAMPLE_RATE = 16_000;

    byte[] toBytes();

    /**
     * The first record of an audio track. A second one for the same track means: transcode began it anew; forget what came.
     *
     * @param generation of the track, as in {@link FrameRecord}
     */
    record Opened(StreamDescription stream, long generation) implements SpeechRecord {
        public Opened {
            Objects.requireNonNull(stream, "stream");
        }

        @Override
        public byte[] toBytes() {
            return Wire.write(1, out -> Wire.blob(out, Json.bytes(this)));
        }
    }

    /**
     * A stretch without a hole in it.
     *
     * @param startMicros when its first sample was spoken, microseconds since 1970
     * @param samples how many
     * @param sealed signed 16-bit little-endian mono PCM, sealed under the track's data key for {@code media.speech}
     */
    record Speech(long startMicros, int samples, Octets sealed) implements SpeechRecord {
        @Override
        public byte[] toBytes() {
            return Wire.write(2, out -> {
                out.writeLong(startMicros);
                out.writeInt(samples);
                Wire.blob(out, sealed.array());
            });
        }
    }

    /** The last record of the track. */
    record Ended(StreamDescription stream) implements SpeechRecord {
        public Ended {
            Objects.requireNonNull(stream, "stream");
        }

        @Override
        public byte[] toBytes() {
            return Wire.write(3, out -> Wire.blob(out, Json.bytes(this)));
        }
    }

    static SpeechRecord fromBytes(byte[] bytes) {
        Wire.In in = new Wire.In("media.speech record", bytes);
        int type = in.u8();
        SpeechRecord record =
                switch (type) {
                    case 1 -> Json.read(in.blob(), Opened.class);
                    case 2 -> new Speech(in.i64(), in.i32(), Octets.of(in.blob()));
                    case 3 -> Json.read(in.blob(), Ended.class);
                    default -> throw in.malformed("unknown record type " + type);
                };
        in.end();
        return record;
    }
}
