package hansard.wire;

/**
 * Speech that has no words, though its sound is kept.
 *
 * @param startMicros since 1970
 * @param reason in a sentence for people, such as that there is no model for its language
 */
public record Unheard(long startMicros, long endMicros, String reason) {}
