package hansard.keys;

/**
 * What a data key is for. Everything sealed under it is bound to this: moved to another call or track, it does not open.
 *
 * @param track the streamId, {@code mix} for what all speakers share, {@code composite}, or of {@link #redacted} or {@link #told}
 */
public record KeyRef(String tenant, String callId, String track) {
    /** The track name of what is made from all tracks together. */
    public static final String MIX = "mix";
    /** The track name of the picture of all participants. */
    public static final String COMPOSITE = "composite";

    /** The track of the completeness document. */
    public static final String COMPLETENESS = "completeness";

    /** For a track without what people may not hear: who may use these keys may not therefore use the track's. */
    public static KeyRef redacted(String tenant, String callId, String streamId) {
        return new KeyRef(tenant, callId, streamId + ".redacted");
    }

    /**
     * For what is told of a track and is not its sound, such as what was said and where packets are missing: it stays readable when the
     * track's own keys are destroyed.
     */
    public static KeyRef told(String tenant, String callId, String streamId) {
        return new KeyRef(tenant, callId, streamId + ".told");
    }

    @Override
    public String toString() {
        return tenant + "/" + callId + "/" + track;
    }
}
