package hansard.retention;

import static hansard.fuzz.Promises.hold;
import static hansard.fuzz.Promises.readOrRefused;
import static hansard.fuzz.Promises.same;

import hansard.fuzz.FuzzTarget;
import hansard.fuzz.Pieces;
import hansard.wire.AuditEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * Whatever is on the audit's topic, the ledger's line of it can be read again and its chain is whole; and no line that
 * somebody changed counts as whole.
 */
public final class LedgerFuzz implements FuzzTarget {
    private static final AuditEvent EVENT =
            new AuditEvent("e", "default", 1, "anna", "play", "c1", "ok", Map.of("track", "mix"));

    @Override
    public List<byte[]> seeds() {
        LedgerLine line = LedgerLine.following(0, LedgerLine.GENESIS, 0, 41, EVENT.toBytes());
        return List.of(
                Pieces.behind(0, EVENT.toBytes()),
                Pieces.behind(0, new byte[] {1, 2}),
                Pieces.behind(1, line.text().getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void run(byte[] input) {
        if (input.length == 0) {
            return;
        }
        byte[] rest = Pieces.after(input, 1);
        if ((input[0] & 1) == 0) {
            written(rest);
        } else {
            read(new String(rest, StandardCharsets.UTF_8));
        }
    }

    private static void written(byte[] event) {
        LedgerLine line = LedgerLine.following(0, LedgerLine.GENESIS, 3, 41, event);
        String text = line.text();
        hold(text.lines().count() == 1, "a line with a line break in it");
        same(line, LedgerLine.parse(text), "the line that was read back");
        hold(line.isIntact(), "the line's hash is not its own");
        LedgerChain chain = new LedgerChain();
        chain.next(text);
        chain.next(LedgerLine.following(1, line.hash(), 3, 42, EVENT.toBytes()).text());
        same("", chain.problem(), "the chain's problem");
    }

    private static void read(String text) {
        LedgerLine line = readOrRefused(() -> LedgerLine.parse(text));
        if (line != null) {
            same(line, LedgerLine.parse(line.text()), "the line written again");
            line.isIntact();
        }
        LedgerChain chain = new LedgerChain();
        chain.next(text);
        hold(chain.length() == 1, "a line is counted once");
    }
}
