package hansard.retention;

/** What policies choose by. Department and client may be empty. */
record CallIdentity(String tenant, String callId, String department, String client) {}
