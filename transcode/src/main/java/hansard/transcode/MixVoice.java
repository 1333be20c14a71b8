package hansard.transcode;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/** One stored audio track as a continuous 48 kHz signal on the mix's timeline. Holds a packet or two at a time. */
final class MixVoice implements AutoCloseable {
    private final SeekableByteChannel channel;
    private final Demuxer demuxer;
    private final SoundDecoder decoder;
    private final long offsetMicros;
    private final PcmTimeline timeline = new PcmTimeline(OpusPacket.SAMPLE_RATE, Long.MAX_VALUE / 1_000_000);
    private final Deque<short[]> ready = new ArrayDeque<>();
    private long silence;
    private int taken;
    private boolean ended;
    private long undecodable;

    /**
     * @param decoder of the track's codec, closed with this
     * @param offsetMicros when the track begins, since the mix's start
     */
    MixVoice(SeekableByteChannel channel, SoundDecoder decoder, long offsetMicros) {
        this.channel = channel;
        this.offsetMicros = offsetMicros;
        this.decoder = decoder;
        try {
            this.demuxer = new Demuxer(channel);
        } catch (RuntimeException e) {
            decoder.close();
            throw e;
        }
        this.silence = offsetMicros * OpusPacket.SAMPLE_RATE / 1_000_000;
    }

    /** The next samples; silence where there are none, and after the end. */
    short[] next(int count) {
        short[] block = new short[count];
        int at = 0;
        while (at < count && (silence > 0 || !ready.isEmpty() || readPacket())) {
            if (silence > 0) {
                int zeros = (int) Math.min(silence, count - at);
                silence -= zeros;
                at += zeros;
            } else {
                at += takeReady(block, at);
            }
        }
        return block;
    }

    long undecodable() {
        return undecodable;
    }

    private int takeReady(short[] block, int at) {
        short[] first = ready.getFirst();
        int n = Math.min(first.length - taken, block.length - at);
        System.arraycopy(first, taken, block, at, n);
        taken += n;
        if (taken == first.length) {
            ready.removeFirst();
            taken = 0;
        }
        return n;
    }

    /** Reads on; true while there is something to look at. */
    private boolean readPacket() {
        if (ended) {
            return false;
        }
        Optional<Demuxer.Packet> packet = demuxer.next();
        if (packet.isEmpty()) {
            ended = true;
            return false;
        }
        short[] sound;
        try {
            sound = decoder.decode(packet.get().payload());
        } catch (HansardException e) {
            if (e.code() != ErrorCode.MEDIA_FAILED) {
                throw e;
            }
            undecodable++;
            return true;
        }
        switch (timeline.place(offsetMicros + packet.get().atMicros(), sound.length)) {
            case PcmTimeline.Begin ignored -> ready.add(sound); // the silence before it stands already
            case PcmTimeline.Append append -> {
                silence = append.silence();
                ready.add(append.skip() == 0 ? sound : Arrays.copyOfRange(sound, append.skip(), sound.length));
            }
            case PcmTimeline.Drop ignored -> {}
        }
        return true;
    }

    @Override
    public void close() {
        decoder.close();
        demuxer.close();
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
