package hansard.decrypt;

/** What a person must look at. Raised once per stream. */
enum Alarm {
    PLAINTEXT(
            "alarm.plaintext", "plain RTP where SRTP was announced: the SFU is misconfigured, check its SRTP settings"),
    AUTH_FAILED(
            "alarm.auth-failed",
            "packets do not authenticate: they are forged or altered, or the key, suite or rollover counter is another"),
    KEY_REFUSED("alarm.key-refused", "the session key cannot be used, so the stream stays sealed"),
    FRAME_KEY_DOUBTED(
            "alarm.frame-key-doubted",
            "frames do not open under the end-to-end key that was released for their key identifier: it is another participant's or"
                    + " another call's, or the frames are forged; they are kept sealed for the right key"),
    FRAME_REFUSED(
            "alarm.frame-refused",
            "frames do not verify end to end under a key that opens others: they were forged, altered or replayed on their way");

    private final String action;
    private final String meaning;

    Alarm(String action, String meaning) {
        this.action = action;
        this.meaning = meaning;
    }

    /** The audit event's action. */
    String action() {
        return action;
    }

    String meaning() {
        return meaning;
    }
}
