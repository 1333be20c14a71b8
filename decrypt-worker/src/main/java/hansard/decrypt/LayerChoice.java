package hansard.decrypt;

/**
 * Which simulcast layer of a track is kept: at any time one, and it changes with a key frame only. The first layer with a key frame is kept
 * until a better one has one. When the kept layer is silent while others are sent, as when the media server pauses it for want of
 * bandwidth, the next key frame of any of them takes over.
 */
final class LayerChoice {
    /** So long a sender of moving pictures is not silent. By arrival times. */
    static final long SILENT_MICROS = 1_000_000;

    private static final int NONE = -1;

    private int kept = NONE;
    private int keptRank;
    private long keptSeenMicros;
    /** What came before it of the kept layer is no part of it. */
    private long keptFromIndex;
    /** The layer that was kept before, up to which index: for packets of it that were on their way. */
    private int former = NONE;

    private long formerToIndex;
    private long switches;

    enum Judgement {
        KEPT,
        /** Kept, and the first packet of its layer that is. */
        TAKES_OVER,
        LEFT_OUT,
        /** No layer can be seen, and this one neither, for it has not had a key frame. */
        UNKEYED
    }

    /**
     * Judges an authentic packet.
     *
     * @param rank of its layer, 0 for the most wanted; below 0 for an unknown layer
     * @param beginsKeyframe whether it is the first packet of a key frame
     */
    Judgement judge(Source source, long index, int rank, boolean beginsKeyframe, long arrivalMicros) {
        if (source.number() == kept) {
            if (index < keptFromIndex) {
                return Judgement.LEFT_OUT;
            }
            keptSeenMicros = Math.max(keptSeenMicros, arrivalMicros);
            return Judgement.KEPT;
        }
        if (source.number() == former && index <= formerToIndex) {
            return Judgement.KEPT;
        }
        boolean nothingSeen = kept == NONE || arrivalMicros - keptSeenMicros > SILENT_MICROS;
        if (rank >= 0 && beginsKeyframe && (nothingSeen || rank < keptRank)) {
            takesOver(source, index, rank, arrivalMicros);
            return Judgement.TAKES_OVER;
        }
        return nothingSeen ? Judgement.UNKEYED : Judgement.LEFT_OUT;
    }

    private void takesOver(Source source, long index, int rank, long arrivalMicros) {
        switches++;
        kept = source.number();
        keptRank = rank;
        keptSeenMicros = arrivalMicros;
        keptFromIndex = index;
    }

    /** The source of the layer that is kept, before one takes over; -1 when none is. */
    int kept() {
        return kept;
    }

    /** The layer that was kept is left behind this index. */
    void leave(int number, long lastIndex) {
        former = number;
        formerToIndex = lastIndex;
    }

    /** How often another layer took over, the first included. */
    long switches() {
        return switches;
    }

    void write(StateWriter out) {
        out.i32(kept);
        out.i32(keptRank);
        out.i64(keptSeenMicros);
        out.i64(keptFromIndex);
        out.i32(former);
        out.i64(formerToIndex);
        out.i64(switches);
    }

    static LayerChoice read(StateReader in) {
        LayerChoice read = new LayerChoice();
        read.kept = in.i32();
        read.keptRank = in.i32();
        read.keptSeenMicros = in.i64();
        read.keptFromIndex = in.i64();
        read.former = in.i32();
        read.formerToIndex = in.i64();
        read.switches = in.i64();
        return read;
    }
}
