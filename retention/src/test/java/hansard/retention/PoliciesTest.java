package hansard.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Settings;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PoliciesTest {
    @Test
    void mostSpecificPolicyWins() {
        Policies policies = read(Map.of(
                "retention.default.keep", "1y",
                "retention.policies.trading.department", "trading",
                "retention.policies.trading.keep", "7y",
                "retention.policies.acme-trading.department", "trading",
                "retention.policies.acme-trading.client", "acme",
                "retention.policies.acme-trading.keep", "10y"));

        assertEquals("acme-trading", policies.of(call("trading", "acme")).name());
        assertEquals("trading", policies.of(call("trading", "other")).name());
        assertEquals("default", policies.of(call("support", "acme")).name());
    }

    @Test
    void tiesAreAConfigurationErrorNamingBoth() {
        HansardException e = assertThrows(
                HansardException.class,
                () -> read(Map.of(
                        "retention.policies.trading.department", "trading",
                        "retention.policies.trading.keep", "7y",
                        "retention.policies.acme.client", "acme",
                        "retention.policies.acme.keep", "90d")));

        assertEquals(ErrorCode.BAD_CONFIGURATION, e.code());
        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains("'trading'") && message.contains("'acme'"), message);
    }

    @Test
    void aTieThatAMoreSpecificPolicyDecidesIsNone() {
        Policies policies = read(Map.of(
                "retention.policies.trading.department", "trading",
                "retention.policies.trading.keep", "7y",
                "retention.policies.acme.client", "acme",
                "retention.policies.acme.keep", "90d",
                "retention.policies.both.client", "acme",
                "retention.policies.both.department", "trading",
                "retention.policies.both.keep", "10y"));

        assertEquals("both", policies.of(call("trading", "acme")).name());
    }

    @Test
    void policiesThatNoCallCanMatchTogetherAreNoTie() {
        Policies policies = read(Map.of(
                "retention.policies.trading.department", "trading",
                "retention.policies.trading.keep", "7y",
                "retention.policies.support.department", "support",
                "retention.policies.support.keep", "90d"));

        assertEquals("support", policies.of(call("support", "")).name());
    }

    @Test
    void everyMistakeIsSaidWithItsKey() {
        HansardException e = assertThrows(
                HansardException.class,
                () -> read(Map.of(
                        "retention.policies.trading.departement", "trading",
                        "retention.policies.trading.keep", "7 years",
                        "retention.policies.acme.client", "acme")));

        String message = String.valueOf(e.getMessage());
        assertTrue(message.contains("retention.policies.trading.departement is unknown"), message);
        assertTrue(message.contains("retention.policies.trading.keep is '7 years'"), message);
        assertTrue(message.contains("retention.policies.acme.keep is not set"), message);
    }

    @Test
    void yearsAreCalendarYears() {
        Instant date = Instant.parse("2026-03-01T10:00:00Z");

        assertEquals(Instant.parse("2033-03-01T10:00:00Z"), Keep.parse("7y").from(date));
        assertEquals(Instant.parse("2026-05-30T10:00:00Z"), Keep.parse("90d").from(date));
    }

    private static Policies read(Map<String, String> values) {
        Settings settings = Settings.of(values);
        RetentionConfig config = RetentionConfig.from(settings);
        settings.check();
        return config.policies();
    }

    private static CallIdentity call(String department, String client) {
        return new CallIdentity("default", "c1", department, client);
    }
}
