package hansard.access;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What somebody may do. */
public enum Role {
    /** Finds and plays the calls they took part in. */
    @JsonProperty("knowledge-worker")
    KNOWLEDGE_WORKER,
    /** Finds and plays every call of the tenant, places holds, reads the audit. */
    @JsonProperty("compliance-officer")
    COMPLIANCE_OFFICER,
    /** Besides another role: hears tracks as they came where others get them without card numbers. */
    @JsonProperty("original-listener")
    ORIGINAL_LISTENER,
    /** Sees counts and health, no content. */
    @JsonProperty("operator")
    OPERATOR,
    /** Announces calls and streams: an SFU's connector. */
    @JsonProperty("connector")
    CONNECTOR
}
