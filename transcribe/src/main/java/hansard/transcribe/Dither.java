package hansard.transcribe;

/**
 * The noise that Kaldi's features need, the same each time. Digital silence has no energy to take a logarithm of, and makes the
 * recogniser invent words; the model's own dither is random, and a track that is heard again would get other words. This is
 * noise of one quantisation step (standard deviation 1, as Kaldi's), drawn from a sample's position alone.
 */
final class Dither {
    private Dither() {}

    /**
     * A copy with the noise added.
     *
     * @param pcm signed 16-bit little-endian
     * @param position how many samples the recogniser was fed before
     */
    static byte[] added(byte[] pcm, long position) {
        byte[] noisy = new byte[pcm.length];
        for (int i = 0; i + 1 < pcm.length; i += 2) {
            int sample = (pcm[i] & 0xff) | pcm[i + 1] << 8;
            int changed = Math.clamp(sample + noise(position + i / 2), Short.MIN_VALUE, Short.MAX_VALUE);
            noisy[i] = (byte) changed;
            noisy[i + 1] = (byte) (changed >> 8);
        }
        return noisy;
    }

    /** -2 to 2, binomial: four coins of a well-mixed hash (the finaliser of SplitMix64). */
    static int noise(long position) {
        long z = position * 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return Long.bitCount((z ^ (z >>> 31)) & 0xf) - 2;
    }
}
