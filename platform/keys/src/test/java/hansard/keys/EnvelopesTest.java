package hansard.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.Octets;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnvelopesTest {
    private static final KeyRef REF = new KeyRef("acme", "call-1", "mic");
    private static final String PURPOSE = "media.frames";
    private static final byte[] WORDS = "the words that were spoken".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5); // the clock may wrap
    private Vault vault;
    private Envelopes envelopes;
    private DataKey key;

    @BeforeEach
    void open() {
        vault = Pkcs12Vault.open(directory);
        envelopes = new Envelopes(vault, nanos::get);
        key = vault.newDataKey(REF);
    }

    @Test
    void whatWasSealedOpens() {
        Octets sealed = envelopes.seal(key, PURPOSE, "0", WORDS);
        assertArrayEquals(WORDS, envelopes.open(REF, PURPOSE, "0", sealed));
        assertArrayEquals(
                new byte[0], envelopes.open(REF, PURPOSE, "1", envelopes.seal(key, PURPOSE, "1", new byte[0])));
    }

    @Test
    void theEnvelopeDoesNotShowItsContentAndIsNeverTheSameTwice() {
        Octets sealed = envelopes.seal(key, PURPOSE, "0", WORDS);
        assertFalse(new String(sealed.array(), StandardCharsets.ISO_8859_1).contains("words"));
        assertNotEquals(sealed, envelopes.seal(key, PURPOSE, "0", WORDS));
    }

    @Test
    void everyFlippedBitIsNoticed() {
        byte[] sealed = envelopes.seal(key, PURPOSE, "0", WORDS).array();
        for (int at = 0; at < sealed.length; at++) {
            byte[] altered = sealed.clone();
            altered[at] ^= 0x10;
            assertRefused(altered);
        }
    }

    @Test
    void everyTruncationIsNoticed() {
        byte[] sealed = envelopes.seal(key, PURPOSE, "0", WORDS).array();
        for (int length = 0; length < sealed.length; length++) {
            assertRefused(Arrays.copyOf(sealed, length));
        }
    }

    private void assertRefused(byte[] altered) {
        try {
            envelopes.open(REF, PURPOSE, "0", Octets.of(altered));
        } catch (HansardException e) {
            assertTrue(Set.of(ErrorCode.NOT_AUTHENTIC, ErrorCode.MALFORMED).contains(e.code()), e.toString());
            return;
        }
        throw new AssertionError("an altered envelope was opened");
    }

    @Test
    void anEnvelopeMovedElsewhereDoesNotOpen() {
        Octets sealed = envelopes.seal(key, PURPOSE, "0", WORDS);
        Refused.with(ErrorCode.NOT_AUTHENTIC, () -> envelopes.open(REF, PURPOSE, "1", sealed));
        Refused.with(ErrorCode.NOT_AUTHENTIC, () -> envelopes.open(REF, "media.speech", "0", sealed));
        Refused.with(ErrorCode.NOT_AUTHENTIC, () -> envelopes.open(REF, "media.frames0", "", sealed));
        for (KeyRef other : new KeyRef[] {
            new KeyRef("acme", "call-1", "screen"),
            new KeyRef("acme", "call-2", "mic"),
            new KeyRef("other", "call-1", "mic")
        }) {
            vault.newDataKey(other);
            Refused.with(ErrorCode.NOT_AUTHENTIC, () -> envelopes.open(other, PURPOSE, "0", sealed));
            // also when somebody writes the other name on it
            byte[] header = EnvelopeHeader.toBytes(other, key.wrapped());
            int clear = EnvelopeHeader.toBytes(REF, key.wrapped()).length;
            byte[] renamed = Arrays.copyOf(header, header.length + sealed.length() - clear);
            System.arraycopy(sealed.array(), clear, renamed, header.length, sealed.length() - clear);
            Refused.with(ErrorCode.NOT_AUTHENTIC, () -> envelopes.open(other, PURPOSE, "0", Octets.of(renamed)));
        }
    }

    @Test
    void anEnvelopeOfAnotherNameIsRefusedWithoutAskingTheVault() {
        Octets sealed = envelopes.seal(key, PURPOSE, "0", WORDS);
        vault.close();
        KeyRef other = new KeyRef("acme", "call-2", "mic");
        Refused.with(ErrorCode.NOT_AUTHENTIC, () -> envelopes.open(other, PURPOSE, "0", sealed));
        Refused.with(ErrorCode.VAULT_UNAVAILABLE, () -> envelopes.open(REF, PURPOSE, "0", sealed));
    }

    @Test
    void aDestroyedKeyOpensNothingAfterAMinute() {
        Octets sealed = envelopes.seal(key, PURPOSE, "0", WORDS);
        assertArrayEquals(WORDS, envelopes.open(REF, PURPOSE, "0", sealed));
        vault.destroy("acme", "call-1");
        nanos.addAndGet(Duration.ofSeconds(59).toNanos());
        assertArrayEquals(WORDS, envelopes.open(REF, PURPOSE, "0", sealed)); // remembered, and not renewed by use
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        Refused.with(ErrorCode.KEY_GONE, () -> envelopes.open(REF, PURPOSE, "0", sealed));
        Refused.with(ErrorCode.KEY_GONE, () -> envelopes.keyOf(REF, sealed));
        Refused.with(ErrorCode.KEY_GONE, () -> new Envelopes(vault).open(REF, PURPOSE, "0", sealed));
    }

    @Test
    void theKeyOfAnEnvelopeSealsMore() {
        DataKey found = envelopes.keyOf(REF, envelopes.seal(key, PURPOSE, "0", WORDS));
        assertEquals(key.wrapped(), found.wrapped());
        Octets more = envelopes.seal(found, "media.speech", "7", WORDS);
        assertArrayEquals(WORDS, envelopes.open(REF, "media.speech", "7", more));
    }

    @Test
    void rememberedKeysAreBounded() {
        OpenedKeys keys = new OpenedKeys(vault, nanos::get);
        keys.get(REF, key.wrapped());
        keys.get(REF, key.wrapped());
        assertEquals(1, keys.size());
        for (int i = 0; i < OpenedKeys.CAPACITY + 5; i++) {
            keys.get(REF, vault.newDataKey(REF).wrapped());
        }
        assertEquals(OpenedKeys.CAPACITY, keys.size());
        nanos.addAndGet(OpenedKeys.LIFE_NANOS);
        keys.get(REF, key.wrapped());
        assertEquals(1, keys.size());
    }

    @Test
    void nothingPrintsAKey() {
        String hex = HexFormat.of().formatHex(key.key().reveal().getEncoded());
        Octets sealed = envelopes.seal(key, PURPOSE, "0", WORDS);
        for (Object printed : new Object[] {key, key.key(), sealed, vault, envelopes, envelopes.keyOf(REF, sealed)}) {
            String text = printed.toString();
            assertFalse(text.contains(hex), text);
            assertFalse(text.contains(Arrays.toString(key.key().reveal().getEncoded())), text);
        }
    }

    @Test
    void aSegmentMovedToAnotherCallTrackTopicOrPlaceDoesNotOpen() {
        KeyRef here = new KeyRef("acme", "moved-1", "mic");
        DataKey key = vault.newDataKey(here);
        Envelopes envelopes = new Envelopes(vault);
        for (String topic : java.util.List.of("media.frames", "media.speech", "transcripts")) {
            hansard.wire.Octets sealed = envelopes.seal(key, topic, "mic/0", new byte[] {1, 2, 3});
            for (KeyRef elsewhere : java.util.List.of(
                    new KeyRef("acme", "moved-2", "mic"),
                    new KeyRef("acme", "moved-1", "screen"),
                    new KeyRef("other", "moved-1", "mic"))) {
                vault.newDataKey(elsewhere);
                Refused.with(ErrorCode.NOT_AUTHENTIC, () -> envelopes.open(elsewhere, topic, "mic/0", sealed));
                // also when the name in front of it is changed with it
                byte[] renamed = hansard.keys.EnvelopeHeader.toBytes(elsewhere, key.wrapped());
                byte[] original = sealed.array();
                int body = EnvelopeHeader.parse(original).length();
                hansard.wire.Octets forged =
                        hansard.wire.Octets.of(java.nio.ByteBuffer.allocate(renamed.length + original.length - body)
                                .put(renamed)
                                .put(original, body, original.length - body)
                                .array());
                Refused.with(ErrorCode.NOT_AUTHENTIC, () -> envelopes.open(elsewhere, topic, "mic/0", forged));
            }
            Refused.with(ErrorCode.NOT_AUTHENTIC, () -> envelopes.open(here, topic, "mic/1", sealed));
            Refused.with(ErrorCode.NOT_AUTHENTIC, () -> envelopes.open(here, "another", "mic/0", sealed));
        }
    }
}
