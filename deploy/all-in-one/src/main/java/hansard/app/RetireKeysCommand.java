package hansard.app;

import hansard.audit.AuditLog;
import hansard.keys.Retirement;
import hansard.keys.VaultConfig;
import hansard.runtime.KafkaSettings;
import hansard.runtime.Settings;
import hansard.wire.Role;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The end of wrapping keys, which is the end of what was purged also in backups of the vault's directory. */
@Command(
        name = "retire",
        mixinStandardHelpOptions = true,
        description =
                "Drops, for good, the wrapping keys from before the last rotation. Then copies of track keys that were made"
                        + " before it open nothing, those of purged calls above all. Track keys that still need one of"
                        + " them are wrapped again first. Calls go on. The audit is written before, as the decrypt-worker.",
        footerHeading = "%nExample:%n",
        footer = {
            "  hansard keys rotate --config hansard.yaml --wrapping-only",
            "  hansard keys retire --config hansard.yaml --min-age 2h --json"
        })
final class RetireKeysCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "Settings with vault.* and kafka.*, as the decrypt-worker has them.")
    @Nullable
    Path config;

    @Option(
            names = "--min-age",
            defaultValue = "1h",
            paramLabel = "TIME",
            description =
                    "How long ago the rotation must have ended, since other processes and the keeper's own replicas"
                            + " may notice it late. Default: ${DEFAULT-VALUE}")
    String minAge = "1h";

    @Option(names = "--json")
    boolean json;

    @Override
    public Integer call() {
        Settings settings = Settings.load(config, Map.of(), System.getenv());
        // nobody makes a track key while the audit is waited for
        settings.putDefault("kafka.client.max.block.ms", "10000");
        VaultConfig vault = VaultConfig.from(settings);
        KafkaSettings kafka = KafkaSettings.from(settings, Role.DECRYPT_WORKER.label());
        StageCommand.knowsEveryStage(settings);
        settings.check();
        Clock clock = Clock.systemUTC();
        try (AuditLog audit = new AuditLog(kafka, clock)) {
            Retirement retirement = vault.retireWrappingKeys(
                    KeysCommand.duration("--min-age", minAge),
                    clock,
                    kept -> write(audit, vault, "wrapping-keys.retiring", Map.of("kept", kept)));
            write(
                    audit,
                    vault,
                    "wrapping-keys.retired",
                    Map.of(
                            "kept", retirement.kept(),
                            "dropped", String.join(" ", retirement.dropped()),
                            "remains", retirement.remains()));
            return shown(retirement);
        }
    }

    /** For each tenant: a wrapping key is of all of them. */
    private static void write(AuditLog audit, VaultConfig vault, String action, Map<String, String> detail) {
        String actor = "command/" + System.getProperty("user.name");
        for (String tenant : vault.tenants()) {
            audit.require(audit.event(tenant, actor, action, "", "ok", detail));
        }
    }

    private int shown(Retirement retirement) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("kept", retirement.kept());
        facts.put("dropped", retirement.dropped());
        facts.put("remains", retirement.remains());
        return KeysCommand.show(facts, json);
    }
}
