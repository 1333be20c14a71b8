package hansard.wire;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Objects;

/**
 * Which of the times that a track was heard by a recogniser. Independent of the track's generation: the same sound may be heard again with
 * another model, and what came of each hearing is kept.
 *
 * @param version 0 for the first, while the call went on or soon after; then 1, 2, … as it was ordered
 * @param orderId of the {@link RecordingOrder.TranscriptOrdered}; empty for the first
 * @param model the name, in transcribe's catalogue, of the model to hear with and no other; empty for the first, whose model is chosen by
 *     what is configured
 */
public record Hearing(int version, String orderId, String model) {
    /** The first. */
    public static final Hearing FIRST = new Hearing(0, "", "");

    /** Letters of an order's id that tell two orders of the same version apart. */
    private static final int TOLD_APART = 8;

    public Hearing {
        Objects.requireNonNull(orderId, "orderId");
        Objects.requireNonNull(model, "model");
        if (version < 0 || version > 0 && !Names.isName(orderId)) {
            throw new IllegalArgumentException(
                    "a hearing is the first, or has a version above 0 and an order whose id is letters, digits, '.', '_' or '-'");
        }
    }

    /** What a record says of it; earlier releases said nothing. */
    static Hearing known(Hearing said) {
        return said == null ? FIRST : said;
    }

    @JsonIgnore
    public boolean isFirst() {
        return version == 0;
    }

    /** What is put behind the name of what is made in it, so that no hearing's replaces another's; nothing for the first. */
    public String suffix() {
        return isFirst() ? "" : "-v" + version + "-" + orderId.substring(0, Math.min(TOLD_APART, orderId.length()));
    }
}
