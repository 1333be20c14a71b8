package hansard.transcode;

import hansard.runtime.HansardException;
import java.util.Arrays;
import java.util.List;

/**
 * Decodes one track's packets to continuous 16 kHz sound and lets the speech in it through a {@link SpeechGate}. Where a stretch
 * begins and ends depends on the packets alone. Silence stands where packets were not sent (DTX) and where {@link TrackSound} cannot make up
 * for a loss, up to {@link #MAX_HOLE_MICROS}; a longer hole ends the sound, and with it a stretch.
 */
final class SpeechCutter implements AutoCloseable {
    static final long MAX_HOLE_MICROS = 1_000_000;

    private final SpeechGate gate;
    private final TrackSound sound;
    private final PcmTimeline timeline = new PcmTimeline(SoundDecoder.TO_RECOGNISE, MAX_HOLE_MICROS);
    private boolean open;
    private long undecodable;

    /** @param decoder to {@link SoundDecoder#TO_RECOGNISE}; closed with this */
    SpeechCutter(SpeechGate.Sink sink, SoundDecoder decoder, LostPackets lost) {
        this.gate = new SpeechGate(sink);
        this.sound = new TrackSound(decoder, lost);
    }

    /**
     * Takes the next packet in order; gives the pieces that are complete with it to the sink.
     *
     * @return how loud it is, in dB below full scale, 0 to {@link SoundLevel#SILENT}; that for what cannot be decoded
     */
    int add(long mediaMicros, byte[] packet) {
        List<TrackSound.Piece> pieces;
        try {
            pieces = sound.decode(mediaMicros, packet);
        } catch (HansardException e) {
            undecodable++; // its time becomes silence, as if it were lost
            return SoundLevel.SILENT;
        }
        pieces.forEach(this::place);
        return SoundLevel.of(pieces.getLast().sound());
    }

    private void place(TrackSound.Piece piece) {
        short[] samples = piece.sound();
        switch (timeline.place(piece.mediaMicros(), samples.length)) {
            case PcmTimeline.Begin ignored -> {
                endSound();
                open = true;
                gate.begin(piece.mediaMicros());
                gate.hear(samples);
            }
            case PcmTimeline.Append append -> {
                if (append.silence() > 0) {
                    gate.hear(new short[append.silence()]);
                }
                gate.hear(append.skip() == 0 ? samples : Arrays.copyOfRange(samples, append.skip(), samples.length));
            }
            case PcmTimeline.Drop ignored -> {}
        }
    }

    /** The packets that follow are in another codec. */
    void goOnWith(SoundDecoder next) {
        sound.goOnWith(next);
    }

    /** Gives what is left. */
    void finish() {
        endSound();
    }

    /** Decoding failed for good: what was decoded is all there is. */
    void giveUp() {
        gate.end();
    }

    /** What of it was recovered from later packets, and what concealed. */
    long recoveredMillis() {
        return sound.recoveredMillis();
    }

    long concealedMillis() {
        return sound.concealedMillis();
    }

    long undecodable() {
        return undecodable;
    }

    private void endSound() {
        if (open) {
            open = false;
            gate.end();
        }
    }

    @Override
    public void close() {
        sound.close();
    }
}
