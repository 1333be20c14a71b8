package hansard.index;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What part of an object a {@code Range} header asks for (RFC 9110 section 14). */
sealed interface ByteRange {
    /** No range, or one that may be ignored: another unit, several ranges, not the grammar (section 14.2). */
    record Whole() implements ByteRange {}

    /** Bytes {@code first} to {@code last}, both counted from 0 and both included. */
    record Part(long first, long last) implements ByteRange {
        long length() {
            return last - first + 1;
        }

        String contentRange(long size) {
            return "bytes " + first + "-" + last + "/" + size;
        }
    }

    /** Nothing of the object is in the range: 416 (section 15.5.17). */
    record Unsatisfiable() implements ByteRange {}

    /** @param size of the whole object, in bytes */
    static ByteRange of(@Nullable String header, long size) {
        if (header == null) {
            return new Whole();
        }
        String text = header.strip().toLowerCase(Locale.ROOT);
        int dash = text.indexOf('-');
        if (!text.startsWith("bytes=") || dash < 0 || text.indexOf(',') >= 0) {
            return new Whole();
        }
        String first = text.substring("bytes=".length(), dash).strip();
        String last = text.substring(dash + 1).strip();
        if (!isNumber(first) || !isNumber(last) || first.isEmpty() && last.isEmpty()) {
            return new Whole();
        }
        return first.isEmpty() ? suffix(Long.parseLong(last), size) : between(first, last, size);
    }

    private static ByteRange suffix(long length, long size) {
        return length == 0 || size == 0 ? new Unsatisfiable() : new Part(Math.max(0, size - length), size - 1);
    }

    private static ByteRange between(String first, String last, long size) {
        long from = Long.parseLong(first);
        long to = last.isEmpty() ? Long.MAX_VALUE : Long.parseLong(last);
        if (to < from) {
            return new Whole(); // not a valid range-spec, section 14.1.1
        }
        return from >= size ? new Unsatisfiable() : new Part(from, Math.min(to, size - 1));
    }

    /** Digits that fit a long, or nothing. */
    private static boolean isNumber(String text) {
        return text.length() <= 18 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
