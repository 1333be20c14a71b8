package hansard.retention;

import hansard.runtime.HansardException;
import java.util.HashMap;
import java.util.Map;

/**
 * Walks the lines of a ledger from the first and sees where they do not follow from one another. One thread.
 */
final class LedgerChain {
    private final Map<Integer, Long> offsets = new HashMap<>();
    private long length;
    private String head = LedgerLine.GENESIS;
    private String problem = "";

    void next(String text) {
        try {
            LedgerLine line = LedgerLine.parse(text);
            if (line.n() != length) {
                broken("is numbered " + line.n());
            } else if (!line.previous().equals(head)) {
                broken("does not follow from the line before it");
            } else if (!line.isIntact()) {
                broken("has another content than its hash says");
            }
            head = line.hash();
            offsets.merge(line.partition(), line.offset(), Math::max);
        } catch (HansardException e) {
            broken("is not a line of a ledger");
        }
        length++;
    }

    private void broken(String how) {
        if (problem.isEmpty()) {
            problem = "line " + length + " " + how;
        }
    }

    long length() {
        return length;
    }

    /** The hash of the last line. */
    String head() {
        return head;
    }

    /** The first place where it is broken, empty when it is whole. */
    String problem() {
        return problem;
    }

    /** The last offset of each partition. */
    Map<Integer, Long> offsets() {
        return Map.copyOf(offsets);
    }
}
