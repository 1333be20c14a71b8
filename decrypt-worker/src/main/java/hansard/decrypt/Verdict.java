package hansard.decrypt;

import hansard.wire.RejectReason;

/** What examining a datagram said. Nothing has been remembered yet. */
sealed interface Verdict {
    /**
     * Authentic and never seen before.
     *
     * @param source the context it belongs to; perhaps one that begins with it
     * @param key ordinal of the master key
     * @param payload in clear, padding included
     */
    record Authentic(Source source, int key, long index, byte[] payload) implements Verdict {
        @Override
        public String toString() {
            return "Authentic[" + index + ", " + payload.length + " bytes]";
        }
    }

    record Refused(RejectReason reason) implements Verdict {}
}
