package hansard.wire;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One picture sent in several sizes at a time (RFC 8853), all of them forked to the stream's port. One of them is kept at any time.
 *
 * @param layers from the highest to the lowest
 * @param keep {@link #HIGHEST}, {@link #LOWEST} or a layer's rid: the one that is kept whenever it is there; empty for what the worker is
 *     set to
 */
public record Simulcast(List<Layer> layers, String keep) {
    public static final String HIGHEST = "highest";
    public static final String LOWEST = "lowest";
    public static final int MOST_LAYERS = 8;

    public Simulcast {
        layers = List.copyOf(layers);
        Objects.requireNonNull(keep, "keep");
    }

    /**
     * @param rid its name (RFC 8851)
     * @param ssrc under which the media server forks it; null where its packets say their rid (RFC 8852)
     */
    public record Layer(String rid, @Nullable Long ssrc) {
        public Layer {
            Objects.requireNonNull(rid, "rid");
        }
    }

    /**
     * How much a layer is wanted: 0 is best. What is wanted less than a layer by name is the next lower one, and so on, and then those above
     * it.
     *
     * @param layer by its place among the layers
     * @param wanted as {@code keep}; what is none of the words and no rid means the highest
     */
    public int rank(int layer, String wanted) {
        if (wanted.equals(LOWEST)) {
            return layers.size() - 1 - layer;
        }
        int first = 0;
        for (int i = 0; i < layers.size(); i++) {
            first = layers.get(i).rid().equals(wanted) ? i : first;
        }
        return layer >= first ? layer - first : layers.size() - 1 - layer;
    }
}
