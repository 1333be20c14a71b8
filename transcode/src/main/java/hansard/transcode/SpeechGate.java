package hansard.transcode;

import hansard.wire.SpeechRecord;

/**
 * Lets speech through and keeps silence back. Speech is what stands out of the noise around it: sound whose power, frame of 10 ms by frame, is
 * {@link #ONSET} times that of the quietest moment of the last seconds. Everything is decided on the decoded sound, whatever its sender
 * says of it, and by sums and comparisons alone, so that the same sound gives the same stretches on any machine.
 *
 * <p>A stretch begins {@link #PRE_ROLL} before speech was noticed and ends {@link #POST_ROLL} after it was last heard, once it
 * has not come back for {@link #HANGOVER}. What is not known to be speech yet is held back, no more than 0.9 s of it.
 * A stretch that gets long ends at the first shorter pause, and at {@link #MAX_STRETCH} wherever it is; the next one follows on then.
 *
 * <p>Sound of any length may be given at a time. All lengths are in samples at {@link SpeechRecord#SAMPLE_RATE}.
 */
final class SpeechGate {
    /** 6 dB. Steady noise stays below 3 dB over its own quietest moment; a voice 5 dB louder than it is heard whole, at 9 dB it is not. */
    static final double ONSET = 4;
    /** 4 dB: who speaks already may get softer. */
    static final double GOES_ON = 2.5;
    /** 62 dB below full scale, added to both: what is softer is no speech, and a coder's own noise in a quiet room varies by more than 6 dB. */
    static final double SOFTEST = 6.3e-7 * 32_768 * 32_768;

    static final int PRE_ROLL = millis(300);
    static final int POST_ROLL = millis(300);
    static final int HANGOVER = millis(600);
    static final int MAX_STRETCH = millis(30_000);
    /** What is given at a time: a word is on its way soon after it was spoken, and records are few. */
    static final int PIECE = millis(160);

    private static final int LONG_STRETCH = millis(20_000);
    private static final int LONG_HANGOVER = millis(200);
    private static final int VERY_LONG_STRETCH = millis(25_000);
    private static final int VERY_LONG_HANGOVER = millis(60);

    /** Of the last eight frames. A click is shorter than speech. */
    private static final int FRAMES = 0xff;

    private static final int FRAMES_TO_BEGIN = 5;
    private static final int FRAMES_TO_GO_ON = 3;

    /** Where the stretches go, each in pieces that follow on. */
    interface Sink {
        /** @param startMicros of its first sample */
        void began(long startMicros);

        /** @param pcm signed 16-bit little-endian mono at 16 kHz */
        void speech(long startMicros, int samples, byte[] pcm);

        /** @param startMicros of the stretch that is over */
        void paused(long startMicros);
    }

    private final Sink sink;
    private final HeldSound held = new HeldSound(PRE_ROLL + HANGOVER);
    private final short[] frame = new short[FramePower.SAMPLES];
    private int framed;
    private FramePower power = new FramePower();
    private NoiseFloor floor = new NoiseFloor();
    private int loud;
    private long soundMicros;
    private long heard;
    private boolean open;
    private long stretchAt;
    private long spokenUntil;
    private long given;

    SpeechGate(Sink sink) {
        this.sink = sink;
    }

    /** Continuous sound begins. What was before is over. */
    void begin(long startMicros) {
        end();
        power = new FramePower();
        floor = new NoiseFloor();
        loud = 0;
        soundMicros = startMicros;
        heard = 0;
        held.clear(0);
    }

    /** Takes what follows on. */
    void hear(short[] samples) {
        for (int at = 0; at < samples.length; ) {
            int count = Math.min(samples.length - at, frame.length - framed);
            System.arraycopy(samples, at, frame, framed, count);
            framed += count;
            at += count;
            if (framed == frame.length) {
                framed = 0;
                held.add(frame, frame.length);
                heard += frame.length;
                judge();
            }
        }
    }

    /** The sound is over. */
    void end() {
        if (open) {
            held.add(frame, framed);
            heard += framed;
            pause(Math.min(heard, spokenUntil + POST_ROLL));
        }
        framed = 0;
    }

    private void judge() {
        double now = power.of(frame);
        floor.hear(now);
        double least = open ? SOFTEST / 2 + floor.power() * GOES_ON : SOFTEST + floor.power() * ONSET;
        loud = (loud << 1 | (now >= least ? 1 : 0)) & FRAMES;
        if (open) {
            goOn();
        } else if (Integer.bitCount(loud) >= FRAMES_TO_BEGIN) {
            open(Math.max(held.from(), heard - PRE_ROLL - FramePower.SAMPLES * Integer.bitCount(FRAMES)));
        } else {
            held.dropUntil(heard - PRE_ROLL - FramePower.SAMPLES * Integer.bitCount(FRAMES));
        }
    }

    private void open(long at) {
        held.dropUntil(at);
        open = true;
        stretchAt = at;
        spokenUntil = heard;
        given = 0;
        givePieces(heard);
    }

    private void goOn() {
        if (Integer.bitCount(loud) >= FRAMES_TO_GO_ON) {
            spokenUntil = heard;
        }
        long length = heard - stretchAt;
        int hangover =
                length > VERY_LONG_STRETCH ? VERY_LONG_HANGOVER : length > LONG_STRETCH ? LONG_HANGOVER : HANGOVER;
        long until = Math.min(heard, spokenUntil + POST_ROLL);
        if (length >= MAX_STRETCH) {
            pause(heard);
            open(heard);
        } else if (heard - spokenUntil >= hangover) {
            pause(until);
            loud = 0;
        } else {
            givePieces(until);
        }
    }

    private void givePieces(long until) {
        while (held.from() + PIECE <= until) {
            give(PIECE);
        }
    }

    private void pause(long until) {
        givePieces(until);
        if (until > held.from()) {
            give((int) (until - held.from()));
        }
        open = false;
        if (given > 0) {
            sink.paused(micros(stretchAt));
        }
    }

    private void give(int samples) {
        if (given == 0) {
            sink.began(micros(stretchAt));
        }
        long at = held.from();
        given += samples;
        sink.speech(micros(at), samples, held.take(samples));
    }

    private long micros(long at) {
        return soundMicros + at * 1_000_000 / SpeechRecord.SAMPLE_RATE;
    }

    private static int millis(int millis) {
        return SpeechRecord.SAMPLE_RATE / 1_000 * millis;
    }
}
