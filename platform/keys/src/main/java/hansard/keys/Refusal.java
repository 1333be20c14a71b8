package hansard.keys;

/** Why a worker's certificate opens nothing. */
enum Refusal {
    EXPIRED("expired", "its certificate has expired; issue another with 'hansard keys rotate'"),
    NOT_YET_VALID("not-yet-valid", "its certificate is not valid yet; check this machine's clock"),
    REVOKED("revoked", "its certificate was revoked"),
    OTHER_AUTHORITY(
            "other-authority",
            "its certificate is not of the authority in vault.ca, or not for opening session keys; have that authority"
                    + " issue one"),
    NOT_IN_GROUP(
            "not-in-group",
            "its certificate is not in the tenant's key group; see vault.group and vault.groups, or issue one for that"
                    + " group"),
    REVOCATION_UNKNOWN(
            "revocation-unknown",
            "the revocation list in vault.crl is missing, not the authority's, or older than vault.crl-grace allows;"
                    + " publish a new one with 'hansard keys crl'");

    private final String label;
    private final String sentence;

    Refusal(String label, String sentence) {
        this.label = label;
        this.sentence = sentence;
    }

    /** As the audit has it. */
    String label() {
        return label;
    }

    /** What is wrong and what to do. */
    String sentence() {
        return sentence;
    }
}
