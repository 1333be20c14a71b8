package hansard.decrypt;

import java.util.ArrayDeque;
import java.util.Deque;

/** Up to where a track's audio has been handed on, and what of it redundancy has filled: so that nothing is said twice. */
final class Filled {
    private static final int REMEMBERED = 64;
    private static final long NOTHING = Long.MIN_VALUE;

    private final Deque<Long> recent = new ArrayDeque<>();
    private int source = -1;
    private long last = NOTHING;

    /** A packet's own frame is handed on. */
    void handedOn(int ofSource, long timestamp) {
        last = source == ofSource ? Math.max(last, timestamp) : timestamp;
        source = ofSource;
    }

    /** Whether a timestamp is behind all that was handed on of the source: of what came before, only a late packet brings more. */
    boolean isMissing(int ofSource, long timestamp) {
        return source == ofSource && last != NOTHING && timestamp > last;
    }

    /** A frame is handed on that redundancy filled in. */
    void filled(int ofSource, long timestamp) {
        handedOn(ofSource, timestamp);
        recent.addLast(timestamp);
        if (recent.size() > REMEMBERED) {
            recent.removeFirst();
        }
    }

    /** True when a packet that came late was filled in before; once for each. */
    boolean takeFilled(int ofSource, long timestamp) {
        return source == ofSource && recent.remove(timestamp);
    }

    void write(StateWriter out) {
        out.i32(source);
        out.i64(last);
        out.i32(recent.size());
        recent.forEach(out::i64);
    }

    static Filled read(StateReader in) {
        Filled read = new Filled();
        read.source = in.i32();
        read.last = in.i64();
        int count = in.count(8);
        for (int i = 0; i < count; i++) {
            read.recent.addLast(in.i64());
        }
        return read;
    }
}
