package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.HansardException;
import hansard.runtime.Settings;
import hansard.wire.Redaction;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SoundPolicyTest {
    private static final Redaction CARD = new Redaction(1, 2, Redaction.Kind.CARD_NUMBER);
    private static final Redaction UNHEARD = new Redaction(3, 4, Redaction.Kind.UNHEARD);

    private static SoundPolicy policy(Map<String, String> settings, boolean speech) {
        Settings s = Settings.of(settings);
        SoundPolicy policy = SoundPolicy.from(s, speech);
        s.check();
        return policy;
    }

    @Test
    void whoSaysNothingWithholdsAlsoWhatNobodyHeard() {
        SoundPolicy policy = policy(Map.of(), true);
        assertTrue(policy.withholds("acme"));
        assertEquals(List.of(CARD, UNHEARD), policy.silent("acme", List.of(CARD, UNHEARD)));
    }

    @Test
    void aTenantHasItsOwnWish() {
        SoundPolicy policy = policy(
                Map.of(
                        "transcode.redaction", "off",
                        "transcode.tenants.acme.redaction", "keep-original",
                        "transcode.tenants.acme.unheard", "released"),
                true);
        assertFalse(policy.withholds("other"));
        assertTrue(policy.withholds("acme"));
        assertEquals(List.of(CARD), policy.silent("acme", List.of(CARD, UNHEARD)));
    }

    @Test
    void withoutWordsNothingIsWithheldAndNobodyMayWantIt() {
        assertFalse(policy(Map.of(), false).withholds("acme"));
        assertThrows(
                HansardException.class,
                () -> policy(Map.of("transcode.tenants.acme.redaction", "keep-original"), false));
    }

    @Test
    void whatIsNotKnownStopsTheStart() {
        for (Map<String, String> wrong : List.of(
                Map.of("transcode.redaction", "on"),
                Map.of("transcode.unheard", "off"),
                Map.of("transcode.tenants.acme.language", "de"))) {
            assertThrows(HansardException.class, () -> policy(wrong, true), wrong.toString());
        }
    }
}
