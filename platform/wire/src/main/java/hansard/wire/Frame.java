package hansard.wire;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One encoded frame: an Opus packet, G.711 or G.722 samples, a VP8 or VP9 frame, an H.264 access unit (Annex B), an AV1 temporal unit,
 * a telephone event. Plaintext, or what the participant sealed end to end: exists in memory and, sealed, in {@link FrameRecord.Frames}.
 *
 * @param mediaMicros where it belongs on the timeline, microseconds since 1970
 * @param rtpTimestamp extended to 64 bits
 * @param arrivalMicros arrival of its last datagram
 * @param packets RTP packets it was made of
 * @param keyframe true for every audio frame; false for video that is still sealed, because nobody can know
 * @param sealed the payload is SFrame ciphertext (RFC 9605) whose key was not there
 * @param audioLevel RFC 6464 level, 0 (loudest) to 127 (silence), or -1 when not said
 * @param payloadType which of the stream's payload types it came as, or {@link #OF_THE_CODEC} when its encoding is the stream's codec;
 *     with {@link #WHOLE_PACKET} the payload is an RTP packet of that type as it was sent, header and all, since nobody here can read it
 */
public record Frame(
        long mediaMicros,
        long rtpTimestamp,
        long arrivalMicros,
        int packets,
        boolean keyframe,
        boolean sealed,
        int audioLevel,
        int payloadType,
        Octets payload) {

    /** The payload type of a frame in the codec that its stream was announced with. */
    public static final int OF_THE_CODEC = -1;

    /** Added to the payload type of what is no frame but a packet of an encoding that is not known. */
    public static final int WHOLE_PACKET = 0x80;

    private static final int KEYFRAME = 1;
    private static final int SEALED = 2;
    private static final int OTHER_ENCODING = 4;

    /** In the stream's codec. */
    public Frame(
            long mediaMicros,
            long rtpTimestamp,
            long arrivalMicros,
            int packets,
            boolean keyframe,
            boolean sealed,
            int audioLevel,
            Octets payload) {
        this(mediaMicros, rtpTimestamp, arrivalMicros, packets, keyframe, sealed, audioLevel, OF_THE_CODEC, payload);
    }

    /** Whether it is a packet of an encoding that is not known. */
    public boolean isWholePacket() {
        return payloadType >= WHOLE_PACKET;
    }

    /** What it is once its end-to-end layer is open, or, with {@code sealed}, while it is not. */
    public Frame with(boolean keyframe, boolean sealed, Octets payload) {
        return new Frame(
                mediaMicros, rtpTimestamp, arrivalMicros, packets, keyframe, sealed, audioLevel, payloadType, payload);
    }

    /**
     * The plaintext of a sealed bundle: version, u16 count, then each frame; u8 flags are 1 keyframe, 2 sealed end to end, 4 a u8 payload
     * type follows the audio level.
     */
    public static byte[] toBytes(List<Frame> frames) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(1);
            Wire.u16(out, frames.size());
            for (Frame f : frames) {
                out.writeLong(f.mediaMicros);
                out.writeLong(f.rtpTimestamp);
                out.writeLong(f.arrivalMicros);
                Wire.u16(out, f.packets);
                boolean other = f.payloadType != OF_THE_CODEC;
                out.writeByte((f.keyframe ? KEYFRAME : 0) | (f.sealed ? SEALED : 0) | (other ? OTHER_ENCODING : 0));
                out.writeByte(f.audioLevel);
                if (other) {
                    out.writeByte(f.payloadType);
                }
                Wire.blob(out, f.payload.array());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    public static List<Frame> fromBytes(byte[] bytes) {
        Wire.In in = new Wire.In("frames", bytes);
        int count = in.count(in.u16(), 32);
        List<Frame> frames = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long mediaMicros = in.i64();
            long rtpTimestamp = in.i64();
            long arrivalMicros = in.i64();
            int packets = in.u16();
            int flags = in.u8();
            frames.add(new Frame(
                    mediaMicros,
                    rtpTimestamp,
                    arrivalMicros,
                    packets,
                    (flags & KEYFRAME) != 0,
                    (flags & SEALED) != 0,
                    (byte) in.u8(),
                    (flags & OTHER_ENCODING) != 0 ? in.u8() : OF_THE_CODEC,
                    Octets.of(in.blob())));
        }
        in.end();
        return List.copyOf(frames);
    }
}
