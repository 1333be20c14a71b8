package hansard.decrypt;

/** Whether a stream's session key can be used. */
sealed interface KeyAccess {
    record Granted(PacketCipher cipher) implements KeyAccess {}

    /** @param why for a person; says for whom the key was sealed, never what is in it */
    record Denied(String why) implements KeyAccess {}
}
