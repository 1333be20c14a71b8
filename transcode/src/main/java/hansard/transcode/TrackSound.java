package hansard.transcode;

import java.util.ArrayList;
import java.util.List;

/**
 * Decodes a track's packets, in order, for who listens: what was lost before a packet comes from it or is concealed, and the sender's clock
 * is followed by making sound a little longer or shorter.
 *
 * <p>Only what is missing by its numbers was lost: a hole that is as long as the missing packets, and shorter than what may be a mute. A
 * hole without missing packets, a mute and a pause are silence.
 */
final class TrackSound implements AutoCloseable {
    /** What is extrapolated for longer is no longer like what was said. */
    static final int CONCEALED_MILLIS = 80;
    /** Half of what the timeline takes for a hole, so that a drift never becomes one. */
    static final long DRIFT_MICROS = PcmTimeline.TOLERANCE_MICROS / 2;

    private static final int PIECE_MILLIS = 20;
    private static final int FADE_MILLIS = 10;

    /** Sound and when it was spoken. */
    record Piece(long mediaMicros, short[] sound) {}

    private final int sampleRate;
    private final Stretch stretch;
    private SoundDecoder decoder;
    private final LostPackets lost;
    private boolean begun;
    private long packetMicros;
    private long packetSamples;
    private long endMicros;
    private long placedMicros;
    private long placedSamples;
    private long recoveredSamples;
    private long concealedSamples;

    /** @param decoder closed with this */
    TrackSound(SoundDecoder decoder, LostPackets lost) {
        this.sampleRate = decoder.sampleRate();
        this.stretch = new Stretch(sampleRate);
        this.decoder = decoder;
        this.lost = lost;
    }

    /**
     * What to hear with the next packet: what was lost before it, if that can be had, and its own sound, which is the last piece.
     *
     * @throws hansard.runtime.HansardException MEDIA_FAILED when the packet is refused; the next one may be decoded
     */
    List<Piece> decode(long mediaMicros, byte[] packet) {
        List<Piece> pieces = new ArrayList<>(1);
        if (begun) {
            repair(mediaMicros, packet, pieces);
        }
        short[] sound = decoder.decode(packet);
        begun = true;
        packetMicros = mediaMicros;
        packetSamples = sound.length;
        endMicros = mediaMicros + micros(sound.length);
        pieces.add(new Piece(mediaMicros, sound));
        for (int i = 0; i < pieces.size(); i++) {
            Piece piece = pieces.get(i);
            pieces.set(i, new Piece(piece.mediaMicros, inTime(piece)));
        }
        return pieces;
    }

    /** The packets that follow are in another codec, which knows nothing of what was lost before them. @param next of the same rate; closed with this */
    void goOnWith(SoundDecoder next) {
        decoder.close();
        decoder = next;
        begun = false;
    }

    /** Packets are left out here: the one that follows says nothing of them. */
    void leaveOut() {
        begun = false;
    }

    private void repair(long mediaMicros, byte[] packet, List<Piece> pieces) {
        long holeMicros = mediaMicros - endMicros;
        long packets = lost.between(packetMicros, mediaMicros);
        if (packets == 0 || packets > holeMicros || holeMicros >= TrackTimeline.MUTE_MICROS) {
            return; // a count that no hole can hold is not multiplied
        }
        long missing = packets * packetSamples;
        boolean exact = Math.abs(micros(missing) - holeMicros) <= PcmTimeline.TOLERANCE_MICROS;
        if (!exact) {
            return; // of a hole that is longer than what is missing, nobody knows which part was lost
        }
        int carried = decoder.carried(packet);
        long bare = missing - carried;
        long most = ofMillis(CONCEALED_MILLIS);
        conceal(Math.min(bare, most), bare <= most, pieces);
        if (carried > 0) {
            short[] recovered = decoder.recovered(packet);
            recoveredSamples += recovered.length;
            pieces.add(new Piece(mediaMicros - micros(recovered.length), recovered));
        }
    }

    /** @param goesOn false when silence follows, into which it fades */
    private void conceal(long count, boolean goesOn, List<Piece> pieces) {
        long left = count;
        while (left > 0) {
            short[] sound = decoder.concealed((int) Math.min(left, ofMillis(PIECE_MILLIS)));
            if (sound.length == 0) {
                break;
            }
            left -= sound.length;
            concealedSamples += sound.length;
            long at = pieces.isEmpty() ? endMicros : end(pieces.getLast());
            pieces.add(new Piece(at, sound));
        }
        if (!goesOn && !pieces.isEmpty()) {
            fade(pieces.getLast().sound);
        }
    }

    private void fade(short[] sound) {
        int length = Math.min(ofMillis(FADE_MILLIS), sound.length);
        for (int i = 0; i < length; i++) {
            int at = sound.length - length + i;
            sound[at] = (short) (sound[at] * (length - i) / length);
        }
    }

    /** The same sound, a little longer or shorter when it has come away from its time. */
    private short[] inTime(Piece piece) {
        long off = piece.mediaMicros - (placedMicros + micros(placedSamples));
        if (placedSamples == 0 || Math.abs(off) > PcmTimeline.TOLERANCE_MICROS) {
            placedMicros = piece.mediaMicros; // a hole, or sound that is there already
            placedSamples = piece.sound.length;
            return piece.sound;
        }
        short[] sound =
                Math.abs(off) <= DRIFT_MICROS ? piece.sound : stretch.by(piece.sound, Math.toIntExact(samples(off)));
        placedSamples += sound.length;
        return sound;
    }

    long recoveredMillis() {
        return micros(recoveredSamples) / 1_000;
    }

    long concealedMillis() {
        return micros(concealedSamples) / 1_000;
    }

    private long end(Piece piece) {
        return piece.mediaMicros + micros(piece.sound.length);
    }

    private long micros(long samples) {
        return samples * 1_000_000 / sampleRate;
    }

    private long samples(long micros) {
        return micros * sampleRate / 1_000_000;
    }

    private int ofMillis(int millis) {
        return sampleRate / 1_000 * millis;
    }

    @Override
    public void close() {
        decoder.close();
    }
}
