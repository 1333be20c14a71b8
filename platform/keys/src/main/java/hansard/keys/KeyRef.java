package hansard.keys;

/**
 * What a data key is for. Everything sealed under it is bound to this: moved to another call or track, it does not open.
 *
 * @param track the streamId, {@code mix} for what all speakers share, or {@code composite}
 */
public record KeyRef(String tenant, String callId, String track) {
    /** The track name of what is made from all tracks together. */
    public static final String MIX = "mix";
    /** The track name of the picture of all participants. */
    public static final String COMPOSITE = "composite";

    /** The track of the completeness document. */
    public static final String COMPLETENESS = "completeness";

    @Override
    public String toString() {
        return tenant + "/" + callId + "/" + track;
    }
}
