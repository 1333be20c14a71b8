package hansard.transcode;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.Codec;
import hansard.wire.Frame;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.WritableByteChannel;
import java.util.Arrays;

/** A track that no browser plays as it came, once more as Opus in WebM. What is proven is the track; this is for listening. */
final class Rendition implements AutoCloseable {
    /** A longer hole is left open in the file rather than filled with encoded silence. */
    private static final long MAX_HOLE_MICROS = 1_000_000;
    /** Wide-band speech. */
    private static final int BITRATE = 32_000;

    private static final int COMPLEXITY = 5;

    private final SealedScratch scratch = SealedScratch.create();
    private final SoundDecoder decoder;
    private final OpusEncoder encoder = new OpusEncoder(BITRATE, COMPLEXITY);
    private final TrackFormat format = new TrackFormat.Opus(1, encoder.preskip());
    private final Muxer muxer = new Muxer(format, scratch);
    private final PcmTimeline timeline = new PcmTimeline(OpusPacket.SAMPLE_RATE, MAX_HOLE_MICROS);
    private final short[] block = new short[OpusEncoder.FRAME_SAMPLES];
    private final long startMicros;
    private int filled;
    private long stretchMicros;
    private long blocks;
    private long written;
    private boolean finished;

    /** @param startMicros of its first frame */
    Rendition(Codec codec, long startMicros) {
        this.decoder = SoundDecoder.of(codec.name(), codec.channels(), SoundDecoder.TO_PLAY);
        this.startMicros = startMicros;
    }

    /** Takes the track's next frame, in order. What does not decode becomes silence. */
    void add(Frame frame) {
        short[] sound;
        try {
            sound = decoder.decode(frame.payload().array());
        } catch (HansardException e) {
            if (e.code() != ErrorCode.MEDIA_FAILED) {
                throw e;
            }
            return;
        }
        switch (timeline.place(frame.mediaMicros(), sound.length)) {
            case PcmTimeline.Begin ignored -> {
                pad();
                stretchMicros = frame.mediaMicros() - startMicros;
                blocks = 0;
                give(sound, 0);
            }
            case PcmTimeline.Append append -> {
                give(new short[append.silence()], 0);
                give(sound, append.skip());
            }
            case PcmTimeline.Drop ignored -> {}
        }
    }

    private void give(short[] sound, int from) {
        for (int at = from; at < sound.length; ) {
            int n = Math.min(sound.length - at, block.length - filled);
            System.arraycopy(sound, at, block, filled, n);
            filled += n;
            at += n;
            if (filled == block.length) {
                encode();
            }
        }
    }

    private void pad() {
        if (filled > 0) {
            Arrays.fill(block, filled, block.length, (short) 0);
            encode();
        }
    }

    private void encode() {
        filled = 0;
        write(encoder.encode(block));
    }

    private void write(byte[] packet) {
        long blockMicros = OpusEncoder.FRAME_SAMPLES * 1_000_000L / OpusPacket.SAMPLE_RATE;
        muxer.write(packet, stretchMicros + blocks * blockMicros, blockMicros, true);
        blocks++;
        written++;
    }

    /** Writes what is left. A repeat does nothing. */
    void finish() {
        if (!finished) {
            finished = true;
            pad();
            write(encoder.finish());
            muxer.finish();
        }
    }

    String contentType() {
        return format.contentType();
    }

    /** Packets. */
    long written() {
        return written;
    }

    /** Copies the finished file. May be repeated. */
    void copyTo(WritableByteChannel to) {
        try {
            FastStart.copyRange(scratch, 0, scratch.size(), to);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        muxer.close();
        encoder.close();
        decoder.close();
        try {
            scratch.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
