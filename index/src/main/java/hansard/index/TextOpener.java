package hansard.index;

import hansard.keys.KeyRef;
import hansard.wire.Octets;

/** {@link hansard.keys.Envelopes#open}, and its promises. */
@FunctionalInterface
interface TextOpener {
    byte[] open(KeyRef expected, String purpose, String subject, Octets sealed);
}
