package hansard.keys;

import java.util.List;

/**
 * What became of the old wrapping keys.
 *
 * @param kept the one that wraps now, by its keeper's name for it
 * @param dropped those that are gone
 * @param remains what the keys' owner must still do, because the keeper cannot; empty when all is done
 */
public record Retirement(String kept, List<String> dropped, String remains) {
    public Retirement {
        dropped = List.copyOf(dropped);
    }
}
