package hansard.transcode;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** One stored audio track as a continuous 48 kHz signal on the mix's timeline. Holds a packet or two at a time. */
final class MixVoice implements AutoCloseable {
    /** @param silence samples of it before the sound */
    private record Heard(int silence, short[] sound) {}

    private static final int NONE = -1;

    private final SeekableByteChannel channel;
    private final Demuxer demuxer;
    private final TrackSound sound;
    private final QuietGate gate;
    private final long offsetMicros;
    private final PcmTimeline timeline = new PcmTimeline(OpusPacket.SAMPLE_RATE, Long.MAX_VALUE / 1_000_000);
    private final Deque<Heard> ready = new ArrayDeque<>();
    private long silence;
    private int taken = NONE;
    private boolean ended;
    private long undecodable;

    /**
     * @param decoder of the track's codec, closed with this
     * @param voice what is known of the track
     */
    MixVoice(SeekableByteChannel channel, SoundDecoder decoder, Job.Voice voice) {
        this.channel = channel;
        this.offsetMicros = voice.offsetMicros();
        this.sound = new TrackSound(decoder, voice.lost());
        this.gate = new QuietGate(voice.quiet());
        try {
            this.demuxer = new Demuxer(channel);
        } catch (RuntimeException e) {
            decoder.close();
            throw e;
        }
        this.silence = offsetMicros * OpusPacket.SAMPLE_RATE / 1_000_000;
    }

    /** The next samples; silence where there are none, and after the end: {@link SpeakerSum#SILENT} when there are none at all. */
    short[] next(int count) {
        short[] block = SpeakerSum.SILENT;
        int at = 0;
        while (at < count && (silence > 0 || taken >= 0 || readNext())) {
            if (silence > 0) {
                int zeros = (int) Math.min(silence, count - at);
                silence -= zeros;
                at += zeros;
            } else {
                if (block.length == 0) {
                    block = new short[count];
                }
                at += takeReady(block, at);
            }
        }
        return block;
    }

    long undecodable() {
        return undecodable;
    }

    private int takeReady(short[] block, int at) {
        short[] first = ready.getFirst().sound;
        int n = Math.min(first.length - taken, block.length - at);
        System.arraycopy(first, taken, block, at, n);
        taken += n;
        if (taken == first.length) {
            ready.removeFirst();
            taken = NONE;
        }
        return n;
    }

    /** Goes on to the next sound and the silence before it; false when there is no more. */
    private boolean readNext() {
        while (ready.isEmpty()) {
            if (!readPacket()) {
                return false;
            }
        }
        silence = ready.getFirst().silence;
        taken = 0;
        return true;
    }

    /** Reads on; false at the end. */
    private boolean readPacket() {
        if (ended) {
            return false;
        }
        Optional<Demuxer.Packet> packet = demuxer.next();
        if (packet.isEmpty()) {
            ended = true;
            return false;
        }
        long atMicros = offsetMicros + packet.get().atMicros();
        if (gate.isShut(atMicros, packet.get().durationMicros())) {
            sound.leaveOut();
            return true;
        }
        List<TrackSound.Piece> pieces;
        try {
            pieces = sound.decode(atMicros, packet.get().payload());
        } catch (HansardException e) {
            if (e.code() != ErrorCode.MEDIA_FAILED) {
                throw e;
            }
            undecodable++;
            return true;
        }
        pieces.forEach(this::place);
        return true;
    }

    private void place(TrackSound.Piece piece) {
        short[] samples = piece.sound();
        if (!gate.fade(piece.mediaMicros(), samples)) {
            return;
        }
        switch (timeline.place(piece.mediaMicros(), samples.length)) {
            // up to the track's beginning there is silence already; what it began with may have been too quiet to be
            // decoded
            case PcmTimeline.Begin ignored -> ready.add(new Heard(samplesFrom(piece.mediaMicros()), samples));
            case PcmTimeline.Append append ->
                ready.add(new Heard(
                        append.silence(),
                        append.skip() == 0 ? samples : Arrays.copyOfRange(samples, append.skip(), samples.length)));
            case PcmTimeline.Drop ignored -> {}
        }
    }

    private int samplesFrom(long mediaMicros) {
        long samples = (mediaMicros - offsetMicros) * OpusPacket.SAMPLE_RATE / 1_000_000;
        return (int) Math.clamp(samples, 0, Integer.MAX_VALUE);
    }

    @Override
    public void close() {
        sound.close();
        demuxer.close();
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
