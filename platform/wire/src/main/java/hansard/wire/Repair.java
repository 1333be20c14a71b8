package hansard.wire;

/** By what a packet that the wire lost was made good. */
public enum Repair {
    /** It was sent again (RFC 4588). */
    RTX,
    /** A later packet carried its content besides its own (RFC 2198). */
    RED
}
