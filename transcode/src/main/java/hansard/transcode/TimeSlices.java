package hansard.transcode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * A stretch of time, divided: at every moment there is exactly one value. Painting over a part of it changes what is there; nothing can be
 * left out or be there twice.
 */
final class TimeSlices<T> {
    private final long startMicros;
    private final long endMicros;
    private final TreeMap<Long, T> from = new TreeMap<>();

    /** @param endMicros not before the start */
    TimeSlices(long startMicros, long endMicros, T everywhere) {
        if (endMicros < startMicros) {
            throw new IllegalArgumentException("ends at " + endMicros + ", before it starts at " + startMicros);
        }
        this.startMicros = startMicros;
        this.endMicros = endMicros;
        if (endMicros > startMicros) {
            from.put(startMicros, everywhere);
        }
    }

    record Slice<T>(long startMicros, long endMicros, T value) {}

    /** Changes each value between two moments; what lies outside of the whole is passed over. */
    void paint(long fromMicros, long toMicros, UnaryOperator<T> change) {
        long start = Math.max(fromMicros, startMicros);
        long end = Math.min(toMicros, endMicros);
        if (start >= end) {
            return;
        }
        divide(start);
        divide(end);
        from.subMap(start, end).replaceAll((at, value) -> change.apply(value));
    }

    private void divide(long atMicros) {
        Map.Entry<Long, T> before = from.floorEntry(atMicros);
        if (atMicros < endMicros && before != null && before.getKey() != atMicros) {
            from.put(atMicros, before.getValue());
        }
    }

    /** In order; neighbours of the same value are one. */
    List<Slice<T>> slices() {
        List<Slice<T>> slices = new ArrayList<>();
        for (Map.Entry<Long, T> entry : from.entrySet()) {
            Long next = from.higherKey(entry.getKey());
            long end = next == null ? endMicros : next;
            Slice<T> last = slices.isEmpty() ? null : slices.getLast();
            if (last != null && Objects.equals(last.value, entry.getValue())) {
                slices.set(slices.size() - 1, new Slice<>(last.startMicros, end, last.value));
            } else {
                slices.add(new Slice<>(entry.getKey(), end, entry.getValue()));
            }
        }
        return slices;
    }
}
