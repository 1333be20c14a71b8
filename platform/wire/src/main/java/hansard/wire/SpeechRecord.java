package hansard.wire;

import hansard.runtime.Json;
import java.util.Objects;

/**
 * What transcode writes for one audio track, in order, on {@link Topics#MEDIA_SPEECH}: Opened; for each stretch of speech
 * Began, one Speech or more, Paused; Ended. What is between the stretches is silence, or was not received.
 *
 * <p>A stretch is recognised by itself: nothing of the words in it depends on what was said before. So whoever reads may begin
 * at any Began. When transcode begins a track anew, after a crash, the same packets give the same stretches.
 *
 * <pre>
 * | version = 1 | type | SPEECH: i64 start µs, i32 samples, blob sealed   PAUSED: i64 start µs   others: JSON blob |
 * </pre>
 */
public sealed interface SpeechRecord {
    /** Samples a second of all speech on the topic: what the recogniser's models are made for. */
    int SAMPLE_RATE = 16_000;

    byte[] toBytes();

    /**
     * The first record of a hearing of an audio track. A second one for the same means: transcode began it anew; forget what came.
     *
     * @param generation of the track, as in {@link FrameRecord}
     */
    record Opened(StreamDescription stream, long generation, Hearing hearing) implements SpeechRecord {
        public Opened {
            Objects.requireNonNull(stream, "stream");
            hearing = Hearing.known(hearing);
        }

        /** Of the first hearing. */
        public Opened(StreamDescription stream, long generation) {
            this(stream, generation, Hearing.FIRST);
        }

        @Override
        public byte[] toBytes() {
            return Wire.write(1, out -> Wire.blob(out, Json.bytes(this)));
        }
    }

    /**
     * A stretch of speech begins. It is over with its Paused, a little after the speaker paused, and after half a minute at
     * most.
     *
     * @param trackMicros when the track's first frame was spoken, microseconds since 1970
     * @param startMicros when the stretch's first sample was; no two stretches of a generation share it
     */
    record Began(StreamDescription stream, long generation, long trackMicros, long startMicros, Hearing hearing)
            implements SpeechRecord {
        public Began {
            Objects.requireNonNull(stream, "stream");
            hearing = Hearing.known(hearing);
        }

        /** Of the first hearing. */
        public Began(StreamDescription stream, long generation, long trackMicros, long startMicros) {
            this(stream, generation, trackMicros, startMicros, Hearing.FIRST);
        }

        @Override
        public byte[] toBytes() {
            return Wire.write(4, out -> Wire.blob(out, Json.bytes(this)));
        }
    }

    /**
     * The next piece of the stretch: it follows on the piece before it.
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

    /**
     * The stretch is over.
     *
     * @param startMicros of the stretch, as its Began says
     */
    record Paused(long startMicros) implements SpeechRecord {
        @Override
        public byte[] toBytes() {
            return Wire.write(5, out -> out.writeLong(startMicros));
        }
    }

    /**
     * The last record of the track.
     *
     * @param trackMicros as in {@link Began}; 0 for a track without a frame
     */
    record Ended(StreamDescription stream, long generation, long trackMicros, Hearing hearing) implements SpeechRecord {
        public Ended {
            Objects.requireNonNull(stream, "stream");
            hearing = Hearing.known(hearing);
        }

        /** Of the first hearing. */
        public Ended(StreamDescription stream, long generation, long trackMicros) {
            this(stream, generation, trackMicros, Hearing.FIRST);
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
                    case 4 -> Json.read(in.blob(), Began.class);
                    case 5 -> new Paused(in.i64());
                    default -> throw in.malformed("unknown record type " + type);
                };
        in.end();
        return record;
    }
}
