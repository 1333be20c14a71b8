package hansard.decrypt;

/**
 * How many trials a stream may spend on finding a rollover counter, so that packets nobody can authenticate do not buy the worker's
 * time: a burst, filled up again by arrival time.
 */
final class SearchBudget {
    /** Some 16 searches for a rollover counter of which nothing is known: a tenth of a second of one core. */
    static final int BURST = 1 << 16;

    /** What a trial counts for that must first derive session keys for its counter: five AES runs and a key schedule beside the tag. */
    static final int WITH_DERIVATION = 4;

    private static final int PER_SECOND = 1 << 12;
    private static final long FILL_MICROS = 10_000;

    private long trials;
    private long filledMicros;

    SearchBudget() {
        this(BURST, Long.MIN_VALUE);
    }

    private SearchBudget(long trials, long filledMicros) {
        this.trials = trials;
        this.filledMicros = filledMicros;
    }

    /** True when that many trials may be made now. */
    boolean spend(int wanted, long arrivalMicros) {
        if (filledMicros == Long.MIN_VALUE) {
            filledMicros = arrivalMicros;
        }
        long passed = Math.min(arrivalMicros - filledMicros, 60_000_000L);
        if (passed >= FILL_MICROS) {
            trials = Math.min(BURST, trials + passed * PER_SECOND / 1_000_000);
            filledMicros = arrivalMicros;
        }
        if (wanted > trials) {
            return false;
        }
        trials -= wanted;
        return true;
    }

    void write(StateWriter out) {
        out.i64(trials);
        out.i64(filledMicros);
    }

    static SearchBudget read(StateReader in) {
        return new SearchBudget(in.i64(), in.i64());
    }
}
