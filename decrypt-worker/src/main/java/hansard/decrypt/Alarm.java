package hansard.decrypt;

/** What a person must look at. Raised once per stream. */
enum Alarm {
    PLAINTEXT(
            "alarm.plaintext", "plain RTP where SRTP was announced: the SFU is misconfigured, check its SRTP settings"),
    AUTH_FAILED(
            "alarm.auth-failed",
            "packets do not authenticate: they are forged or altered, or the key, suite or rollover counter is another"),
    KEY_REFUSED("alarm.key-refused", "the session key cannot be used, so the stream stays sealed");

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
