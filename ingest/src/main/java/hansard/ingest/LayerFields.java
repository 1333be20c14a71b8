package hansard.ingest;

import hansard.wire.MediaKind;
import hansard.wire.Simulcast;
import hansard.wire.Simulcast.Layer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The simulcast layers of a stream, {@code layers} and {@code keepLayer}, checked. */
final class LayerFields {
    private static final long MAX_U32 = 0xffff_ffffL;
    /** RFC 8852 section 4.1. */
    private static final String RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";

    private LayerFields() {}

    /** Null for a stream in one size. */
    static @Nullable Simulcast from(Fields f, MediaKind kind) {
        String keep = f.text("keepLayer", 64);
        if (!f.given("layers")) {
            if (!keep.isEmpty()) {
                f.problem("keepLayer", "is given without layers: say which there are");
            }
            return null;
        }
        if (kind != MediaKind.VIDEO || f.given("ssrc") || f.given("frameCipher")) {
            f.problem("layers", "are of video without a frameCipher only, and each has its own ssrc: leave ssrc out");
        }
        boolean said = f.numbered("headerExtensions", 1, 255, 256).containsValue(RID);
        List<Layer> layers = new ArrayList<>();
        Set<Object> names = new HashSet<>();
        for (Fields each : f.each("layers", Simulcast.MOST_LAYERS)) {
            Layer layer = new Layer(each.id("rid"), each.optionalNumber("ssrc", 0, MAX_U32));
            if (layer.ssrc() == null && !said) {
                each.problem("ssrc", "is missing, and headerExtensions does not name " + RID);
            }
            if (!names.add(layer.rid()) || layer.ssrc() != null && !names.add(layer.ssrc())) {
                each.problem("rid", "or ssrc is another layer's, too: each has its own");
            }
            layers.add(layer);
        }
        if (!keep.isEmpty()
                && !Set.of(Simulcast.HIGHEST, Simulcast.LOWEST).contains(keep)
                && layers.stream().noneMatch(layer -> layer.rid().equals(keep))) {
            f.problem("keepLayer", "must be highest, lowest, or the rid of one of layers");
        }
        return new Simulcast(layers, keep);
    }
}
