package hansard.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.keys.DataKey;
import hansard.keys.Envelopes;
import hansard.keys.KeyRef;
import hansard.keys.Pkcs12Vault;
import hansard.keys.Vault;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.StageContext;
import hansard.store.DirectoryStore;
import hansard.store.ObjectStore;
import hansard.wire.AuditEvent;
import hansard.wire.Octets;
import hansard.wire.Receipt;
import hansard.wire.RetentionOrder.PurgeOrdered;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PurgeTest {
    private static final PurgeOrdered ORDER = Events.purge("c1");
    private static final List<String> NAMES =
            List.of("default/c1/mix.webm", "default/c1/s1.webm", "default/c1/s2.webm");

    @TempDir
    Path directory;

    private final MovedClock clock = new MovedClock(Instant.parse("2026-11-01T09:00:00Z"));
    private final List<AuditEvent> audit = new ArrayList<>();
    private final List<Receipt> receipts = new ArrayList<>();
    private ObjectStore store;
    private Vault vault;

    @BeforeEach
    void fill() throws IOException {
        store = DirectoryStore.open(directory.resolve("store"));
        vault = Pkcs12Vault.open(directory.resolve("vault"));
        putAll(NAMES);
        putAll(List.of("default/c10/s9.webm"));
    }

    @AfterEach
    void close() {
        vault.close();
    }

    @Test
    void destroyedKeysOpenNothing() {
        DataKey key = vault.newDataKey(new KeyRef("default", "c1", "s1"));
        DataKey other = vault.newDataKey(new KeyRef("default", "c10", "s9"));
        Octets sealed = new Envelopes(vault).seal(key, "transcripts", "u1", new byte[] {1});
        Octets sealedOther = new Envelopes(vault).seal(other, "transcripts", "u1", new byte[] {1});

        purge(store, receipts::add).run(ORDER);

        HansardException e = assertThrows(
                HansardException.class, () -> new Envelopes(vault).open(key.ref(), "transcripts", "u1", sealed));
        assertEquals(ErrorCode.KEY_GONE, e.code());
        assertEquals(1, new Envelopes(vault).open(other.ref(), "transcripts", "u1", sealedOther).length);
        assertEquals("default/c1/s1", receipt("data-keys").evidence());
    }

    @Test
    void objectsOfTheCallGoAndOnlyThose() {
        purge(store, receipts::add).run(ORDER);

        assertTrue(store.list("default/c1/").isEmpty());
        assertEquals(List.of("default/c10/s9.webm"), store.list("default/"));
        assertEquals(3, receipt("objects").count());
        assertEquals(String.join(" ", NAMES), receipt("objects").evidence());
        assertEquals(
                List.of("purge.started", "purge.done"),
                audit.stream().map(AuditEvent::action).toList());
    }

    @Test
    void receiptOnlyAfterDelete() {
        RefusingStore refusing = new RefusingStore(store).keepsAll(true);

        HansardException e = assertThrows(
                HansardException.class, () -> purge(refusing, receipts::add).run(ORDER));
        assertEquals(ErrorCode.STORE_UNAVAILABLE, e.code());
        assertTrue(receipts.isEmpty());

        refusing.keepsAll(false);
        purge(refusing, receipts::add).run(ORDER);
        assertEquals(3, receipt("objects").count());
    }

    @Test
    void nothingGoesWhenTheAuditCannotBeWritten() {
        Purge purge = new Purge(new Erasing(
                store,
                vault,
                context(),
                event -> {
                    throw new HansardException(ErrorCode.KAFKA_UNAVAILABLE, "no audit");
                },
                receipts::add));

        assertThrows(HansardException.class, () -> purge.run(ORDER));
        assertEquals(NAMES, store.list("default/c1/"));
    }

    @Test
    void killedBetweenDeleteAndReceiptStillGivesOneReceipt() {
        Purge killed = purge(store, receipt -> {
            throw new RefusingStore.Killed();
        });
        assertThrows(RefusingStore.Killed.class, () -> killed.run(ORDER));
        assertTrue(store.list("default/c1/").isEmpty());
        clock.move(Duration.ofHours(1));

        purge(store, receipts::add).run(ORDER);

        assertEquals(
                List.of("data-keys", "objects"),
                receipts.stream().map(Receipt::what).toList());
        assertEquals(String.join(" ", NAMES), receipt("objects").evidence());
    }

    @Test
    void killedAnywhereTheReceiptsSayTheSame() throws IOException {
        vault.newDataKey(new KeyRef("default", "c1", "s1"));
        int kills = 0;
        boolean finished = false;
        while (!finished) {
            putAll(NAMES);
            store.delete(PurgeRecord.key(ORDER));
            receipts.clear();
            try {
                purge(new RefusingStore(store).killedAfter(kills), receipts::add)
                        .run(ORDER);
                finished = true;
            } catch (RefusingStore.Killed e) {
                kills++;
            }
            purge(store, receipts::add).run(ORDER);

            assertEquals(String.join(" ", NAMES), receipt("objects").evidence(), "killed after " + kills);
            assertEquals("default/c1/s1", receipt("data-keys").evidence(), "killed after " + kills);
            assertTrue(store.list("default/c1/").isEmpty());
        }
        assertTrue(kills >= 8, "operations of an undisturbed purge: " + kills);
    }

    @Test
    void repeatGivesTheSameReceiptsToTheByte() {
        purge(store, receipts::add).run(ORDER);
        List<Receipt> first = List.copyOf(receipts);
        receipts.clear();
        clock.move(Duration.ofDays(1));

        purge(store, receipts::add).run(ORDER);

        assertEquals(first, receipts);
    }

    @Test
    void objectThatTurnedUpLateIsInTheNewReceipt() throws IOException {
        purge(store, receipts::add).run(ORDER);
        receipts.clear();
        putAll(List.of("default/c1/s3.webm"));

        purge(store, receipts::add).run(ORDER);

        assertEquals(4, receipt("objects").count());
        assertTrue(store.list("default/c1/").isEmpty());
    }

    private Purge purge(ObjectStore in, Consumer<Receipt> receipts) {
        return new Purge(new Erasing(in, vault, context(), audit::add, receipts));
    }

    private StageContext context() {
        return new StageContext(clock, new SimpleMeterRegistry(), (where, cause) -> {
            throw new AssertionError(where, cause);
        });
    }

    private Receipt receipt(String what) {
        return receipts.stream()
                .filter(r -> r.what().equals(what))
                .reduce((earlier, later) -> later)
                .orElseThrow();
    }

    private void putAll(List<String> keys) throws IOException {
        for (String key : keys) {
            try (ObjectStore.Upload upload = store.create(key)) {
                upload.channel().write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
                upload.commit();
            }
        }
    }
}
