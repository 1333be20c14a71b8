package hansard.index;

/** Datagrams of one stream that were rejected for one reason, summed. */
record Refusal(long count, long firstMicros, long lastMicros, String detail) {
    Refusal plus(long more, long first, long last, String latestDetail) {
        return new Refusal(count + more, Math.min(firstMicros, first), Math.max(lastMicros, last), latestDetail);
    }
}
