package hansard.index;

/**
 * @param user the account they sign in with, empty for outsiders
 * @param leftMicros 0 while they are in the call
 */
record Participant(String participantId, String displayName, String user, long joinedMicros, long leftMicros) {}
