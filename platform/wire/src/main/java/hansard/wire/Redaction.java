package hansard.wire;

/**
 * A stretch of a track in which something was said that may not be kept readable, or that nobody could look at.
 *
 * @param startMicros since 1970, inclusive
 * @param endMicros since 1970, exclusive; after {@code startMicros}
 */
public record Redaction(long startMicros, long endMicros, Kind kind) {

    /** What was said there, in the words of PCI DSS 4.0.1. */
    public enum Kind {
        /** The primary account number (requirement 3.4). */
        CARD_NUMBER("[card number]"),
        /** The card verification code, which may not be kept after authorisation, not even encrypted (requirement 3.3.1.2). */
        SECURITY_CODE("[security code]"),
        /** Nobody knows: it was not recognised. No word stands for it in any transcript. */
        UNHEARD("[not recognised]");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        /** The word that stands in a transcript for what was removed. */
        public String word() {
            return word;
        }
    }
}
