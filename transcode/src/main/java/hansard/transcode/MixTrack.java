package hansard.transcode;

import java.nio.channels.SeekableByteChannel;
import org.jspecify.annotations.Nullable;

/**
 * Writes a mix block by block: encoded, or as a speaker's own packet. A decoder gives both at the same time: the encoder is given its
 * look-ahead from the block that follows, and a packet of one block is written before all others, which players discard.
 *
 * <pre>
 *   sound       |  block 0   |  block 1   |  block 2   |
 *   encoded  |  packet 0  |  packet 1  |  packet 2  |      each later by the look-ahead when it is decoded
 * </pre>
 *
 * <p>Where encoded sound follows a speaker's packet, the encoder begins anew with what was in that packet.
 */
final class MixTrack implements AutoCloseable {
    private static final int BLOCK = OpusEncoder.FRAME_SAMPLES;
    private static final short[] UNKNOWN = {};

    /** @param packet as it came, or null: encoded from the sound */
    private record Block(short[] sound, byte @Nullable [] packet) {}

    private final OpusEncoder encoder;
    private final Muxer muxer;
    private final int lookahead;
    /** What is written as soon as the next block is there; the first one is what players discard. */
    private Block before = new Block(SpeakerSum.SILENT, null);

    private long written;

    MixTrack(Job.Mix job, SeekableByteChannel to) {
        encoder = new OpusEncoder(job.bitrate(), job.complexity());
        try {
            muxer = new Muxer(new TrackFormat.Opus(1, BLOCK), to);
        } catch (RuntimeException e) {
            encoder.close();
            throw e;
        }
        lookahead = encoder.preskip();
    }

    /** True when a packet may only be passed with its sound, since what was before it was encoded. */
    boolean needsSound() {
        return before.packet == null;
    }

    /** @param block {@link SpeakerSum#SILENT} or {@link OpusEncoder#FRAME_SAMPLES} samples */
    void encode(short[] block) {
        next(new Block(block, null));
    }

    /** @param packet of one block @param sound of it, of which what may be encoded after it is made */
    void pass(byte[] packet, short[] sound) {
        next(new Block(sound, packet));
    }

    /** One whose sound is not needed: what follows is passed, too. */
    void pass(byte[] packet) {
        next(new Block(UNKNOWN, packet));
    }

    private void next(Block block) {
        if (before.packet == null) {
            write(encoded(before.sound, block.sound));
        } else {
            write(before.packet);
            if (block.packet == null) {
                encoder.beginAfter(frame(before.sound, block.sound));
            }
        }
        before = block;
    }

    private byte[] encoded(short[] sound, short[] after) {
        return sound.length == 0 && after.length == 0 ? encoder.encodeSilence() : encoder.encode(frame(sound, after));
    }

    /** What is encoded for a block. */
    private short[] frame(short[] sound, short[] after) {
        short[] frame = new short[BLOCK];
        if (sound.length > 0) {
            System.arraycopy(sound, lookahead, frame, 0, BLOCK - lookahead);
        }
        if (after.length > 0) {
            System.arraycopy(after, 0, frame, BLOCK - lookahead, lookahead);
        }
        return frame;
    }

    private void write(byte[] packet) {
        muxer.write(packet, written * LoneSpeakers.BLOCK_MICROS, LoneSpeakers.BLOCK_MICROS, true);
        written++;
    }

    /** Writes the last block, and the index. */
    void finish() {
        next(new Block(SpeakerSum.SILENT, null));
        muxer.finish();
    }

    @Override
    public void close() {
        muxer.close();
        encoder.close();
    }
}
