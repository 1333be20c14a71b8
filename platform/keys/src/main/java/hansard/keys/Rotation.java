package hansard.keys;

/**
 * A vault's change to a new wrapping key.
 *
 * @param wrappingKey what wraps now, by its keeper's name for it
 * @param trackKeys how many were wrapped again
 */
public record Rotation(String wrappingKey, int trackKeys) {}
