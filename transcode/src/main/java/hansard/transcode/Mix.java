package hansard.transcode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Puts voices into one track, block by block: the packet of who alone is heard, or the sum of all, encoded. */
final class Mix {
    /** A decoder is right again after 80 ms (RFC 7845 section 4.6); from here on what is passed is decoded, too. */
    private static final long RUN_IN_BLOCKS = 10;
    /**
     * A player's decoder that comes from the encoder's packets gives the first of a speaker's too softly, since it predicts them from others
     * (RFC 6716 section 4.2.7.9.1): changed in the middle of a vowel, half of its loudness is missing for 60 ms. So the change waits for a gap
     * between words or syllables, in which everything is further below full scale than this for three blocks.
     */
    private static final int GAP_DECIBELS = 40;

    private static final int GAP_BLOCKS = 3;

    private final List<MixVoice> voices;
    private final LoneSpeakers alone;
    private final MixTrack track;
    private final SpeakerSum sum;
    private int soft = GAP_BLOCKS;

    /** @param voices in the order in which {@code alone} numbers them */
    Mix(List<MixVoice> voices, LoneSpeakers alone, MixTrack track) {
        this.voices = voices;
        this.alone = alone;
        this.track = track;
        this.sum = new SpeakerSum(voices.size());
    }

    /** @param block counts on from 0 */
    void add(long block) {
        List<short[]> sounds = new ArrayList<>(voices.size());
        int speaker = alone.at(block);
        boolean others = false;
        for (int i = 0; i < voices.size(); i++) {
            short[] sound = i == speaker ? SpeakerSum.SILENT : voices.get(i).next(OpusEncoder.FRAME_SAMPLES);
            others |= sound.length > 0;
            sounds.add(sound);
        }
        if (speaker == LoneSpeakers.NONE) {
            encode(sounds);
            return;
        }
        MixVoice voice = voices.get(speaker);
        Optional<byte[]> packet = others || !sum.isAlone(speaker) ? Optional.empty() : voice.packet();
        boolean goesOn = packet.isPresent() && !track.needsSound();
        if (goesOn && alone.left(block) > RUN_IN_BLOCKS) {
            voice.pass();
            sum.passed(speaker);
            track.pass(packet.get());
            return;
        }
        short[] sound = voice.next(OpusEncoder.FRAME_SAMPLES);
        if (goesOn || packet.isPresent() && soft >= GAP_BLOCKS - 1 && isSoft(sound)) {
            sum.passed(speaker);
            track.pass(packet.get(), sound);
            return;
        }
        sounds.set(speaker, sound);
        encode(sounds);
    }

    private void encode(List<short[]> sounds) {
        short[] mixed = sum.add(sounds, OpusEncoder.FRAME_SAMPLES);
        soft = isSoft(mixed) ? soft + 1 : 0;
        track.encode(mixed);
    }

    private static boolean isSoft(short[] sound) {
        return sound.length == 0 || SoundLevel.of(sound) > GAP_DECIBELS;
    }
}
