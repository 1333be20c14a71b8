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
import hansard.wire.RetentionOrder.DiscardOrdered;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DiscardTest {
    private static final List<String> ORIGINAL = List.of("default/c1/s1.tones", "default/c1/s1.webm");
    private static final List<String> STAYS =
            List.of("default/c1/s1.redacted/0.webm", "default/c1/s1.transcript.json", "default/c1/s2.webm");
    private static final DiscardOrdered ORDER =
            new DiscardOrdered("c1-discard-s1", "default", "c1", 3, "s1", "discard-original", ORIGINAL);

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
        putAll(ORIGINAL);
        putAll(STAYS);
    }

    @AfterEach
    void close() {
        vault.close();
    }

    @Test
    void theSoundAsItCameIsGoneAndAllElseStays() {
        DataKey key = vault.newDataKey(new KeyRef("default", "c1", "s1"));
        List<DataKey> others = List.of(
                vault.newDataKey(KeyRef.redacted("default", "c1", "s1")),
                vault.newDataKey(KeyRef.told("default", "c1", "s1")),
                vault.newDataKey(new KeyRef("default", "c1", "s2")));
        Envelopes envelopes = new Envelopes(vault);
        Octets frames = envelopes.seal(key, "media.frames", "s1/0", new byte[] {1});

        discard(store, receipts::add).run(ORDER);

        HansardException e = assertThrows(
                HansardException.class, () -> new Envelopes(vault).open(key.ref(), "media.frames", "s1/0", frames));
        assertEquals(ErrorCode.KEY_GONE, e.code());
        others.forEach(other -> vault.unwrap(other.ref(), other.wrapped()));
        assertEquals(STAYS, store.list("default/c1/"));
        Receipt receipt = receipts.getFirst();
        assertEquals("original", receipt.what());
        assertEquals("default/c1/s1 " + String.join(" ", ORIGINAL), receipt.evidence());
        assertEquals(
                List.of("original.discard-started", "original.discarded"),
                audit.stream().map(AuditEvent::action).toList());
    }

    @Test
    void aReceiptIsGivenOnlyWhenNothingIsLeft() {
        RefusingStore refusing = new RefusingStore(store).keepsAll(true);
        HansardException e = assertThrows(
                HansardException.class, () -> discard(refusing, receipts::add).run(ORDER));
        assertEquals(ErrorCode.STORE_UNAVAILABLE, e.code());
        assertTrue(receipts.isEmpty());

        discard(refusing.keepsAll(false), receipts::add).run(ORDER);
        assertEquals(1, receipts.size());
    }

    @Test
    void nothingGoesWhenTheAuditCannotBeWritten() {
        DataKey key = vault.newDataKey(new KeyRef("default", "c1", "s1"));
        Discard discard = new Discard(new Erasing(
                store,
                vault,
                context(),
                event -> {
                    throw new HansardException(ErrorCode.KAFKA_UNAVAILABLE, "no audit");
                },
                receipts::add));
        assertThrows(HansardException.class, () -> discard.run(ORDER));
        vault.unwrap(key.ref(), key.wrapped());
        assertTrue(store.list("default/c1/").containsAll(ORIGINAL));
    }

    @Test
    void killedAnywhereItEndsTheSame() throws IOException {
        vault.newDataKey(new KeyRef("default", "c1", "s1"));
        int kills = 0;
        boolean finished = false;
        while (!finished) {
            putAll(ORIGINAL);
            receipts.clear();
            try {
                discard(new RefusingStore(store).killedAfter(kills), receipts::add)
                        .run(ORDER);
                finished = true;
            } catch (RefusingStore.Killed e) {
                kills++;
            }
            discard(store, receipts::add).run(ORDER);
            assertEquals(STAYS, store.list("default/c1/"), "killed after " + kills);
            assertEquals(
                    "default/c1/s1 " + String.join(" ", ORIGINAL),
                    receipts.getLast().evidence(),
                    "killed after " + kills);
        }
        assertTrue(kills >= 3, "operations of an undisturbed discard: " + kills);
    }

    private Discard discard(ObjectStore in, Consumer<Receipt> receipts) {
        return new Discard(new Erasing(in, vault, context(), audit::add, receipts));
    }

    private StageContext context() {
        return new StageContext(clock, new SimpleMeterRegistry(), (where, cause) -> {
            throw new AssertionError(where, cause);
        });
    }

    private void putAll(List<String> names) throws IOException {
        for (String name : names) {
            try (ObjectStore.Upload upload = store.create(name)) {
                upload.channel().write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
                upload.commit();
            }
        }
    }
}
