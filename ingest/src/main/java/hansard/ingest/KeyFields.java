package hansard.ingest;

import hansard.wire.Octets;
import hansard.wire.SealedSessionKeys.FrameKey;
import hansard.wire.SealedSessionKeys.MasterKey;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The sealed keys in a request. The ingest looks at nothing of them but their length. */
final class KeyFields {
    private static final int MAX_SEALED_KEY = 64 << 10;

    private KeyFields() {}

    /** {@code sealedKey}, and {@code mki} in hex when the packets bear one. */
    static MasterKey masterKey(Fields f) {
        String mki = f.text("mki", 2 * MasterKey.MAX_MKI_BYTES);
        byte[] identifier = new byte[0];
        try {
            identifier = HexFormat.of().parseHex(mki);
        } catch (IllegalArgumentException e) {
            f.problem("mki", "is '" + mki + "': must be 1 to " + MasterKey.MAX_MKI_BYTES + " bytes in hex, or absent");
        }
        return new MasterKey(Octets.of(identifier), Octets.of(f.opaque("sealedKey", 1, MAX_SEALED_KEY)));
    }

    /**
     * {@code frameKeys}: key identifiers and sealed base keys, as {@code {"0": "BASE64"}}; {@code frameRatchetBits} when they are
     * ratcheted.
     */
    static List<FrameKey> frameKeys(Fields f) {
        List<FrameKey> keys = new ArrayList<>();
        Long ratchetBits = f.optionalNumber("frameRatchetBits", 0, FrameKey.MAX_RATCHET_BITS);
        int bits = ratchetBits == null ? 0 : ratchetBits.intValue();
        f.opaques("frameKeys", 1, MAX_SEALED_KEY)
                .forEach((kid, cms) -> keys.add(new FrameKey(kid, bits, Octets.of(cms))));
        if (keys.isEmpty()) {
            f.problem("frameKeys", "is empty or missing: must say which key identifier has which sealed key");
        }
        return keys;
    }
}
