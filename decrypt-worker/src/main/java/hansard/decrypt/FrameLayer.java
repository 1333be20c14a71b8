package hansard.decrypt;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is remembered of a stream's end-to-end layer: under which key identifiers a frame has verified, which counters were seen under
 * each, and how many frames nobody could open. Numbers only.
 */
final class FrameLayer {
    /** Identifiers remembered; the one that verified longest ago is forgotten first. */
    static final int MAX_KIDS = 64;

    private final Map<Long, ReplayWindow> counters = new LinkedHashMap<>();
    private long unopened;

    /** True when a key has opened a frame of this identifier: another that does not open is not the key's fault. */
    boolean isProven(long kid) {
        return counters.containsKey(kid);
    }

    boolean hasProven() {
        return !counters.isEmpty();
    }

    Iterable<Long> proven() {
        return counters.keySet();
    }

    /** A frame of the identifier has verified elsewhere. */
    void prove(long kid) {
        counters.putIfAbsent(kid, new ReplayWindow());
        forgetOldest();
    }

    /** Only for a frame that has verified. Returns false when its counter was seen, or is too old to know. */
    boolean remember(long kid, long ctr) {
        // no sender gets to 2^63 by counting
        if (ctr < 0) {
            return false;
        }
        ReplayWindow seen = counters.remove(kid);
        if (seen == null) {
            seen = new ReplayWindow();
        }
        counters.put(kid, seen); // now the latest
        forgetOldest();
        if (seen.isReplay(ctr)) {
            return false;
        }
        seen.remember(ctr);
        return true;
    }

    private void forgetOldest() {
        if (counters.size() > MAX_KIDS) {
            counters.remove(counters.keySet().iterator().next());
        }
    }

    void leftSealed() {
        unopened++;
    }

    /** Frames that nobody could open. */
    long unopened() {
        return unopened;
    }

    void write(StateWriter out) {
        out.i64(unopened);
        out.i32(counters.size());
        counters.forEach((kid, seen) -> {
            out.i64(kid);
            seen.write(out);
        });
    }

    static FrameLayer read(StateReader in) {
        FrameLayer layer = new FrameLayer();
        layer.unopened = in.i64();
        int kids = in.count(16);
        for (int i = 0; i < kids; i++) {
            layer.counters.put(in.i64(), ReplayWindow.read(in));
        }
        return layer;
    }
}
