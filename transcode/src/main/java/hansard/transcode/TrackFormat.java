package hansard.transcode;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** What a container must know of a track before its first packet. */
sealed interface TrackFormat {
    /** Pixels of a picture's side beyond which a size is not believed. */
    int MAX_SIDE = 16_384;

    /** FFmpeg's name of the container. */
    String container();

    /** Of the object's name; most are called as FFmpeg calls the container. */
    default String extension() {
        return container();
    }

    String contentType();

    /** What the codec's decoders want ahead of the packets. */
    default byte[] codecPrivate() {
        return new byte[0];
    }

    /** @param preskip samples at 48 kHz that a player discards at the start (RFC 7845 section 4.2) */
    record Opus(int channels, int preskip) implements TrackFormat {
        @Override
        public String container() {
            return "webm";
        }

        @Override
        public String contentType() {
            return "audio/webm";
        }

        /** OpusHead, RFC 7845 section 5.1, mapping family 0. */
        @Override
        public byte[] codecPrivate() {
            return ByteBuffer.allocate(19)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .put("OpusHead".getBytes(StandardCharsets.US_ASCII))
                    .put((byte) 1)
                    .put((byte) channels)
                    .putShort((short) preskip)
                    .putInt(OpusPacket.SAMPLE_RATE)
                    .putShort((short) 0)
                    .put((byte) 0)
                    .array();
        }
    }

    /** A WAV file has no times, so every hole is filled with the codec's silence; its samples are those that came. */
    record G711(TelephoneCodec codec, int channels) implements TrackFormat {
        @Override
        public String container() {
            return "wav";
        }

        @Override
        public String contentType() {
            return "audio/wav";
        }
    }

    /** Nothing plays it in a browser, so it has a rendition beside it: see {@link Rendition}. */
    record G722() implements TrackFormat {
        @Override
        public String container() {
            return "matroska";
        }

        @Override
        public String extension() {
            return "mka";
        }

        @Override
        public String contentType() {
            return "audio/x-matroska";
        }
    }

    record Vp8(int width, int height) implements TrackFormat {
        @Override
        public String container() {
            return "webm";
        }

        @Override
        public String contentType() {
            return "video/webm";
        }
    }

    record Vp9(int width, int height) implements TrackFormat {
        @Override
        public String container() {
            return "webm";
        }

        @Override
        public String contentType() {
            return "video/webm";
        }
    }

    /** @param codecPrivate the sequence header OBU, of which FFmpeg makes the av1C that WebM wants */
    record Av1(int width, int height, byte[] codecPrivate) implements TrackFormat {
        @Override
        public String container() {
            return "webm";
        }

        @Override
        public String contentType() {
            return "video/webm";
        }
    }

    /** @param codecPrivate parameter sets as Annex B; FFmpeg makes the avcC box of them and converts the samples */
    record H264(int width, int height, byte[] codecPrivate) implements TrackFormat {
        @Override
        public String container() {
            return "mp4";
        }

        @Override
        public String contentType() {
            return "video/mp4";
        }
    }
}
