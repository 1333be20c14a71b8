package hansard.app;

import hansard.keys.CertificateAuthority;
import hansard.keys.KeyGroups;
import hansard.keys.Rotation;
import hansard.keys.VaultConfig;
import hansard.keys.WorkerKeys;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** New keys in the place of those that last. */
@Command(
        name = "rotate",
        mixinStandardHelpOptions = true,
        description =
                "Gives the worker a new certificate and key pair, and wraps the track keys with a new wrapping key. Calls go"
                        + " on; media stays as it is. What was sealed for the old identity opens until that expires or is revoked,"
                        + " and the old wrapping keys stay until 'hansard keys retire'.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  hansard keys rotate --ca /secure/ca --config hansard.yaml --subject CN=worker-1",
            "  hansard keys rotate --config hansard.yaml --wrapping-only"
        })
final class RotateKeysCommand implements Callable<Integer> {
    @Option(names = "--config", required = true, paramLabel = "FILE", description = "Settings with vault.*")
    @Nullable
    Path config;

    @Option(names = "--ca", paramLabel = "DIR", description = "Default: the vault's own authority.")
    @Nullable
    Path ca;

    @Option(names = "--subject", defaultValue = "CN=hansard-worker", paramLabel = "NAME")
    String subject = "";

    @Option(names = "--group", defaultValue = KeyGroups.DEFAULT)
    List<String> groups = List.of();

    @Option(names = "--validity", defaultValue = "365d")
    String validity = "";

    @Option(
            names = "--wrapping-only",
            description = "Leaves the identity as it is, as it must be where its key pair is in a service.")
    boolean wrappingOnly;

    @Option(names = "--json")
    boolean json;

    @Override
    public Integer call() {
        VaultConfig vault = KeysCommand.vault(config);
        Map<String, Object> facts = new LinkedHashMap<>();
        if (!wrappingOnly) {
            CertificateAuthority authority = CertificateAuthority.open(ca == null ? vault.embeddedAuthority() : ca);
            X509Certificate issued = WorkerKeys.issueInto(
                    vault,
                    authority,
                    VaultConfig.workerRequest(
                            subject, Set.copyOf(groups), KeysCommand.duration("--validity", validity)));
            facts.putAll(KeysCommand.certificate(issued, "valid"));
        }
        Rotation rotation = vault.rotateWrappingKey(Clock.systemUTC());
        facts.put("wrappingKey", rotation.wrappingKey());
        facts.put("trackKeysWrapped", rotation.trackKeys());
        return KeysCommand.show(facts, json);
    }
}
