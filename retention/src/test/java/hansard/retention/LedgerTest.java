package hansard.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.runtime.HansardException;
import hansard.wire.AuditEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
    @TempDir
    Path directory;

    private Path file;

    @BeforeEach
    void file() {
        file = directory.resolve("ledger/audit.jsonl");
    }

    @Test
    void chainIsWholeAndGoesOnAfterAReopen() {
        write(0, 3);
        write(3, 2);

        try (Ledger ledger = Ledger.open(file)) {
            assertTrue(ledger.verify().isIntact());
            assertEquals(5, ledger.verify().length());
            assertEquals(4, ledger.lastOffset(0).orElseThrow());
            assertTrue(ledger.lastOffset(1).isEmpty());
        }
    }

    @Test
    void whatUnicodeCallsALineSeparatorEndsNoLine() {
        AuditEvent event =
                new AuditEvent("e", "default", 1, "anna", "search", "", "ok", Map.of("q", "a\u2028b\u2029c\u0085d"));
        try (Ledger ledger = Ledger.open(file)) {
            ledger.append(List.of(new Ledger.Entry(0, 0, event.toBytes())));
            ledger.append(List.of(new Ledger.Entry(0, 1, event.toBytes())));
            assertEquals("", ledger.verify().problem());
        }
        try (Ledger reopened = Ledger.open(file)) {
            assertEquals(1, reopened.lastOffset(0).orElseThrow());
        }
    }

    @Test
    void chainBreaksWhenALineIsAltered() throws IOException {
        write(0, 4);
        try (Ledger ledger = Ledger.open(file)) {
            List<String> lines = Files.readAllLines(file);
            lines.set(1, lines.get(1).replace("\"actor\":\"olivia\"", "\"actor\":\"nobody\""));
            Files.write(file, lines);

            Ledger.Standing standing = ledger.verify();

            assertFalse(standing.isIntact());
            assertEquals("line 1 has another content than its hash says", standing.problem());
        }
        try (Ledger reopened = Ledger.open(file)) {
            assertFalse(reopened.standing().isIntact());
        }
    }

    @Test
    void chainBreaksWhenALineIsTakenOutOrTheEndIsCut() throws IOException {
        write(0, 4);
        try (Ledger ledger = Ledger.open(file)) {
            List<String> lines = new ArrayList<>(Files.readAllLines(file));
            String last = lines.removeLast();
            Files.write(file, lines);
            assertEquals(
                    "it ends at line 3 and not at line 4 as written",
                    ledger.verify().problem());

            lines.add(last);
            lines.remove(2);
            Files.write(file, lines);
            assertEquals("line 2 is numbered 3", ledger.verify().problem());
        }
    }

    @Test
    void halfWrittenLineIsRepaired() throws IOException {
        write(0, 2);
        Files.writeString(file, "{\"n\":2,\"partition\":0,\"offset\":2,\"event\":{\"ev", StandardOpenOption.APPEND);

        try (Ledger ledger = Ledger.open(file)) {
            assertEquals(2, ledger.standing().length());
            assertEquals(1, ledger.lastOffset(0).orElseThrow());
            ledger.append(List.of(entry(2)));
            assertTrue(ledger.verify().isIntact());
        }
        assertEquals(3, Files.readAllLines(file).size());
    }

    @Test
    void fileOfNothingButAHalfLineBecomesEmpty() throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{\"n\":0,");

        try (Ledger ledger = Ledger.open(file)) {
            assertEquals(0, ledger.standing().length());
            assertEquals(LedgerLine.GENESIS, ledger.standing().head());
        }
    }

    @Test
    void eventStandsInItsLineToTheByteAndWhatIsNoneIsKeptToo() {
        byte[] event = event(7).toBytes();
        LedgerLine line = LedgerLine.following(0, LedgerLine.GENESIS, 0, 7, event);
        assertEquals(
                new String(event, StandardCharsets.UTF_8),
                LedgerLine.parse(line.text()).event());

        LedgerLine odd = LedgerLine.following(0, LedgerLine.GENESIS, 0, 8, new byte[] {'{', '\n', '}'});
        assertEquals("{\"notAnEvent\":\"ewp9\"}", LedgerLine.parse(odd.text()).event());
        assertTrue(LedgerLine.parse(odd.text()).isIntact());
    }

    @Test
    void newestComeFirstAcrossBlocks() {
        write(0, 1_000);
        try (Ledger ledger = Ledger.open(file)) {
            List<JsonNode> newest = new AuditReader(ledger).newest("default", "", 600);

            assertEquals(600, newest.size());
            assertEquals("e999", newest.getFirst().path("eventId").asText());
            assertEquals("e400", newest.getLast().path("eventId").asText());
            assertEquals(
                    500,
                    new AuditReader(ledger).newest("default", "even", 1_000).size());
            assertTrue(new AuditReader(ledger).newest("another", "", 10).isEmpty());
        }
    }

    @Test
    void twoCannotWriteOneLedger() {
        try (Ledger first = Ledger.open(file)) {
            assertThrows(HansardException.class, () -> Ledger.open(file));
            assertTrue(first.verify().isIntact());
        }
    }

    private void write(int from, int count) {
        try (Ledger ledger = Ledger.open(file)) {
            List<Ledger.Entry> entries = new ArrayList<>();
            for (int i = from; i < from + count; i++) {
                entries.add(entry(i));
            }
            ledger.append(entries);
        }
    }

    private static Ledger.Entry entry(int i) {
        return new Ledger.Entry(0, i, event(i).toBytes());
    }

    private static AuditEvent event(int i) {
        return new AuditEvent(
                "e" + i,
                "default",
                i,
                "olivia",
                "search",
                i % 2 == 0 ? "even" : "odd",
                "ok",
                Map.of("words", "»ünï« \"quoted\" \\ "));
    }
}
