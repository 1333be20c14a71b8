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
import org.jspecify.annotations.Nullable;

/**
 * One stored audio track as a continuous 48 kHz signal on the mix's timeline. Holds a packet or two at a time.
 *
 * <p>Where the speaker is alone, a packet is decoded only if somebody asks for its sound. So that it fits there, what is said without a hole
 * is moved to the mix's blocks: by half a block (10 ms) at most.
 */
final class MixVoice implements AutoCloseable {
    private static final int BLOCK = OpusEncoder.FRAME_SAMPLES;

    /** @param silence samples of it before the sound */
    private record Heard(long silence, short[] sound) {}

    /** One block. */
    private record Undecoded(long atMicros, byte[] packet) {}

    private static final int NONE = -1;

    private final SeekableByteChannel channel;
    private final Demuxer demuxer;
    private final TrackSound sound;
    private final QuietGate gate;
    private final List<LoneSpeakers.Turn> alone;
    private final long offsetMicros;
    private final PcmTimeline timeline = new PcmTimeline(OpusPacket.SAMPLE_RATE, Long.MAX_VALUE / 1_000_000);
    private final Deque<Heard> ready = new ArrayDeque<>();
    private @Nullable Undecoded undecoded;
    private int turn;
    private long silence;
    private int taken = NONE;
    private long endMicros = Long.MIN_VALUE / 2;
    private long moveMicros;
    private boolean ended;
    private long undecodable;

    /** A voice whose packets are all decoded. */
    MixVoice(SeekableByteChannel channel, SoundDecoder decoder, Job.Voice voice) {
        this(channel, decoder, voice, List.of());
    }

    /**
     * @param decoder of the track's codec, closed with this
     * @param voice what is known of the track
     * @param alone when it alone is heard
     */
    MixVoice(SeekableByteChannel channel, SoundDecoder decoder, Job.Voice voice, List<LoneSpeakers.Turn> alone) {
        this.channel = channel;
        this.offsetMicros = voice.offsetMicros();
        this.sound = new TrackSound(decoder, voice.lost());
        this.gate = new QuietGate(voice.quiet());
        this.alone = voice.codec().equals("opus") ? alone : List.of();
        try {
            this.demuxer = new Demuxer(channel);
        } catch (RuntimeException e) {
            decoder.close();
            throw e;
        }
    }

    /** The next samples; silence where there are none, and after the end: {@link SpeakerSum#SILENT} when there are none at all. */
    short[] next(int count) {
        short[] block = SpeakerSum.SILENT;
        int at = 0;
        while (at < count && (silence > 0 || undecoded != null || taken >= 0 || readNext())) {
            if (silence > 0) {
                int zeros = (int) Math.min(silence, count - at);
                silence -= zeros;
                at += zeros;
                continue;
            }
            if (undecoded != null) {
                ready.add(new Heard(0, decoded(undecoded)));
                undecoded = null;
                taken = 0;
            }
            if (block.length == 0) {
                block = new short[count];
            }
            at += takeReady(block, at);
        }
        return block;
    }

    /** The packet that is the next block, if it is one and need not be decoded: then either {@link #next} or {@link #pass} follows. */
    Optional<byte[]> packet() {
        boolean inBetween = silence > 0 || taken >= 0;
        return !inBetween && (undecoded != null || readNext()) && silence == 0 && undecoded != null
                ? Optional.of(undecoded.packet)
                : Optional.empty();
    }

    /** Goes on to the next block without decoding this one. */
    void pass() {
        undecoded = null;
        sound.leaveOut();
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
        while (ready.isEmpty() && undecoded == null) {
            if (!readPacket()) {
                return false;
            }
        }
        if (undecoded == null) {
            silence = ready.getFirst().silence;
            taken = 0;
        }
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
        byte[] payload = packet.get().payload();
        if (gate.isShut(atMicros, packet.get().durationMicros())) {
            sound.leaveOut();
            return true;
        }
        if (!alone.isEmpty()) {
            move(atMicros, payload);
            if (isAlone(atMicros + moveMicros) && isOneBlock(payload)) {
                place(atMicros, payload);
                return true;
            }
        }
        decoded(atMicros, payload).forEach(this::place);
        return true;
    }

    private List<TrackSound.Piece> decoded(long atMicros, byte[] payload) {
        try {
            return sound.decode(atMicros, payload);
        } catch (HansardException e) {
            if (e.code() != ErrorCode.MEDIA_FAILED) {
                throw e;
            }
            undecodable++;
            return List.of();
        }
    }

    private short[] decoded(Undecoded packet) {
        List<TrackSound.Piece> pieces = decoded(packet.atMicros, packet.packet);
        if (pieces.isEmpty()) {
            return new short[BLOCK];
        }
        TrackSound.Piece piece = pieces.getLast();
        gate.fade(piece.mediaMicros(), piece.sound());
        return piece.sound().length == BLOCK ? piece.sound() : Arrays.copyOf(piece.sound(), BLOCK);
    }

    /** After a hole, what follows is moved to where a block begins. */
    private void move(long atMicros, byte[] payload) {
        if (Math.abs(atMicros - endMicros) > PcmTimeline.TOLERANCE_MICROS) {
            long half = LoneSpeakers.BLOCK_MICROS / 2;
            moveMicros =
                    Math.floorDiv(atMicros + half, LoneSpeakers.BLOCK_MICROS) * LoneSpeakers.BLOCK_MICROS - atMicros;
        }
        endMicros = atMicros + OpusPacket.samples(payload).orElse(0) * 1_000_000L / OpusPacket.SAMPLE_RATE;
    }

    private boolean isAlone(long atMicros) {
        long block = (atMicros + LoneSpeakers.BLOCK_MICROS / 2) / LoneSpeakers.BLOCK_MICROS;
        while (turn < alone.size() && alone.get(turn).toBlock() <= block) {
            turn++;
        }
        return turn < alone.size() && alone.get(turn).fromBlock() <= block;
    }

    /** One frame of 20 ms in mono (RFC 6716 section 3.1): what a player of the mix takes like any other packet of it. */
    private static boolean isOneBlock(byte[] payload) {
        return OpusPacket.samples(payload).orElse(0) == BLOCK && (payload[0] & OpusPacket.STEREO_OR_MORE_FRAMES) == 0;
    }

    /** Of a packet that is not decoded yet; decodes it if only a part of it has a place. */
    private void place(long atMicros, byte[] payload) {
        Undecoded packet = new Undecoded(atMicros, payload);
        switch (timeline.place(atMicros + moveMicros, BLOCK)) {
            case PcmTimeline.Begin ignored -> {
                silence = samples(atMicros + moveMicros);
                undecoded = packet;
            }
            case PcmTimeline.Append append -> {
                if (append.skip() == 0) {
                    silence = append.silence();
                    undecoded = packet;
                } else {
                    ready.add(new Heard(0, Arrays.copyOfRange(decoded(packet), append.skip(), BLOCK)));
                }
            }
            case PcmTimeline.Drop ignored -> {}
        }
    }

    private void place(TrackSound.Piece piece) {
        short[] samples = piece.sound();
        if (!gate.fade(piece.mediaMicros(), samples)) {
            return;
        }
        switch (timeline.place(piece.mediaMicros() + moveMicros, samples.length)) {
            // what it began with may have been too quiet to be decoded
            case PcmTimeline.Begin ignored -> ready.add(new Heard(samples(piece.mediaMicros() + moveMicros), samples));
            case PcmTimeline.Append append ->
                ready.add(new Heard(
                        append.silence(),
                        append.skip() == 0 ? samples : Arrays.copyOfRange(samples, append.skip(), samples.length)));
            case PcmTimeline.Drop ignored -> {}
        }
    }

    private static long samples(long micros) {
        return Math.max(0, micros * OpusPacket.SAMPLE_RATE / 1_000_000);
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
