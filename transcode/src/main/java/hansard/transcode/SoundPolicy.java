package hansard.transcode;

import hansard.runtime.Settings;
import hansard.wire.Artifact;
import hansard.wire.Redaction;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whose sound is withheld until its words are known, and what of it is silent then (decision 53). {@code transcode.redaction} is {@code
 * keep-original}, {@code discard-original} or {@code off}; {@code transcode.unheard} says whether what was not recognised is {@code withheld}, since nobody knows
 * what was said, or {@code released}. Either may be another for a tenant, {@code transcode.tenants.TENANT.redaction} and {@code .unheard}.
 *
 * @param usual for those of whom nothing is said
 * @param tenants by tenant
 */
record SoundPolicy(Wish usual, Map<String, Wish> tenants) {
    static final String KEEP_ORIGINAL = "keep-original";
    private static final String DISCARD_ORIGINAL = Artifact.RedactionStored.DISCARD_ORIGINAL;
    private static final String OFF = "off";
    private static final String WITHHELD = "withheld";
    private static final String REDACTION = "transcode.redaction";
    private static final String UNHEARD = "transcode.unheard";
    private static final String TENANTS = "transcode.tenants";

    /** Everybody hears everything, at once. */
    static final SoundPolicy NONE = new SoundPolicy(new Wish(OFF, WITHHELD), Map.of());

    /** What one tenant wants. */
    record Wish(String redaction, String unheard) {
        boolean withholds() {
            return !redaction.equals(OFF);
        }
    }

    SoundPolicy {
        tenants = Map.copyOf(tenants);
    }

    /** @param speech whether voices are recognised: without words there is nothing to go by */
    static SoundPolicy from(Settings s, boolean speech) {
        Wish usual = new Wish(
                redaction(s, speech, REDACTION, s.string(REDACTION, speech ? KEEP_ORIGINAL : OFF)),
                unheard(s, UNHEARD, s.string(UNHEARD, WITHHELD)));
        Map<String, Wish> tenants = new TreeMap<>();
        s.below(TENANTS).forEach((key, value) -> {
            String tenant = key.substring(0, Math.max(0, key.lastIndexOf('.')));
            Wish wish = tenants.getOrDefault(tenant, usual);
            if (key.endsWith(".redaction")) {
                tenants.put(tenant, new Wish(redaction(s, speech, TENANTS + "." + key, value), wish.unheard));
            } else if (key.endsWith(".unheard")) {
                tenants.put(tenant, new Wish(wish.redaction, unheard(s, TENANTS + "." + key, value)));
            } else {
                s.problem(TENANTS + "." + key, "is not known: a tenant has redaction and unheard");
            }
        });
        return new SoundPolicy(usual, tenants);
    }

    private static String redaction(Settings s, boolean speech, String key, String value) {
        if (!List.of(KEEP_ORIGINAL, DISCARD_ORIGINAL, OFF).contains(value)) {
            s.problem(key, "is '" + value + "': must be keep-original, discard-original or off");
        } else if (!speech && !value.equals(OFF)) {
            s.problem(
                    key,
                    "is '" + value + "', and transcode.speech.enabled is false: without words nothing is ever given");
        }
        return value;
    }

    private static String unheard(Settings s, String key, String value) {
        if (!List.of(WITHHELD, "released").contains(value)) {
            s.problem(key, "is '" + value + "': must be withheld or released");
        }
        return value;
    }

    private Wish of(String tenant) {
        return tenants.getOrDefault(tenant, usual);
    }

    boolean withholds(String tenant) {
        return of(tenant).withholds();
    }

    /** How the record calls what was decided. */
    String name(String tenant) {
        return of(tenant).redaction;
    }

    /** @param found of the track's transcript. @return what of the track is to be silent */
    List<Redaction> silent(String tenant, List<Redaction> found) {
        boolean unheard = of(tenant).unheard.equals(WITHHELD);
        return found.stream()
                .filter(r -> r.kind() != Redaction.Kind.UNHEARD || unheard)
                .toList();
    }
}
