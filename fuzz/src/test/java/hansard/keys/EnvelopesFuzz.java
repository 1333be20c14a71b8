package hansard.keys;

import static hansard.fuzz.Promises.readOrRefused;
import static hansard.fuzz.Promises.sameBytes;

import hansard.fuzz.FuzzTarget;
import hansard.fuzz.Pieces;
import hansard.wire.Octets;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** An envelope's header, read and written again, is the same; no envelope opens but the one that was sealed. */
public final class EnvelopesFuzz implements FuzzTarget {
    private static final KeyRef REF = new KeyRef("default", "c1", "s1");
    private static final byte[] WORDS = "what was said".getBytes(StandardCharsets.UTF_8);
    private static final Envelopes ENVELOPES = new Envelopes(FuzzVault.VAULT);
    private static final byte[] SEALED = ENVELOPES
            .seal(FuzzVault.VAULT.newDataKey(REF), "media.frames", "s1/0", WORDS)
            .array();

    @Override
    public List<byte[]> seeds() {
        return List.of(SEALED, Arrays.copyOf(SEALED, SEALED.length - 20));
    }

    @Override
    public void run(byte[] input) {
        EnvelopeHeader header = readOrRefused(() -> EnvelopeHeader.parse(input));
        if (header != null) {
            byte[] again = EnvelopeHeader.toBytes(header.ref(), header.wrapped());
            sameBytes(Arrays.copyOf(input, header.length()), again, "the header written again");
        }
        open(input);
        // the same input as a change to a good envelope: whatever it changes, the envelope must not open as something
        // else
        byte[] changed = SEALED.clone();
        for (int i = 0; i + 1 < input.length && i < 64; i += 2) {
            changed[(input[i] & 0xff) % changed.length] ^= input[i + 1];
        }
        open(changed);
        open(Pieces.after(SEALED, input.length % SEALED.length));
    }

    private static void open(byte[] envelope) {
        byte[] opened = readOrRefused(() -> ENVELOPES.open(REF, "media.frames", "s1/0", Octets.of(envelope)));
        if (opened != null) {
            sameBytes(SEALED, envelope, "an envelope that opens and the one that was sealed");
            sameBytes(WORDS, opened, "the words");
        }
    }
}
