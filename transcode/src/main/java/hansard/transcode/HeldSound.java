package hansard.transcode;

/** The newest samples of a sound, until it is known whether somebody speaks in them. */
final class HeldSound {
    private final int most;
    private final short[] samples;
    private int first;
    private int count;
    private long from;

    /** @param most how many are held at once */
    HeldSound(int most) {
        this.most = most;
        this.samples = new short[2 * most];
    }

    /** Where the first held sample is in the sound. */
    long from() {
        return from;
    }

    /** @param at where the next sample is in its sound */
    void clear(long at) {
        first = 0;
        count = 0;
        from = at;
    }

    void add(short[] more, int length) {
        if (count + length > most) {
            throw new IllegalStateException(count + length + " samples held, " + most + " are the most");
        }
        if (first + count + length > samples.length) {
            System.arraycopy(samples, first, samples, 0, count);
            first = 0;
        }
        System.arraycopy(more, 0, samples, first + count, length);
        count += length;
    }

    /** Forgets what is before {@code at}. */
    void dropUntil(long at) {
        int dropped = (int) Math.clamp(at - from, 0, count);
        first += dropped;
        count -= dropped;
        from += dropped;
    }

    /** Takes the first ones away, as signed 16-bit little-endian. */
    byte[] take(int length) {
        byte[] pcm = new byte[length * Short.BYTES];
        for (int i = 0; i < length; i++) {
            short sample = samples[first + i];
            pcm[2 * i] = (byte) sample;
            pcm[2 * i + 1] = (byte) (sample >> 8);
        }
        dropUntil(from + length);
        return pcm;
    }
}
