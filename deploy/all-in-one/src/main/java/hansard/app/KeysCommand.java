package hansard.app;

import hansard.keys.CertificateAuthority;
import hansard.keys.CertificateState;
import hansard.keys.CmsSummary;
import hansard.keys.KeyGroups;
import hansard.keys.VaultConfig;
import hansard.keys.WorkerKeys;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Json;
import hansard.runtime.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The organisation's authority, the workers it names, and what is sealed for them. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        description =
                "Who may open what: the authority, workers' identities, sealed keys. Secrets are read from files and"
                        + " standard input, and are never shown.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  hansard keys init --ca /secure/ca --subject 'CN=Example recording CA,O=Example'",
            "  hansard keys issue --ca /secure/ca --config hansard.yaml --subject CN=worker-1",
            "  hansard keys list --ca /secure/ca",
            "  hansard keys revoke --ca /secure/ca 4f2a…",
            "  hansard keys rotate --ca /secure/ca --config hansard.yaml --subject CN=worker-1",
            "  hansard keys retire --config hansard.yaml",
            "  hansard keys seal --to recipients.pem --in key.bin --out key.cms",
            "  hansard keys inspect key.cms"
        },
        subcommands = {RotateKeysCommand.class, RetireKeysCommand.class, SealKeyCommand.class})
final class KeysCommand implements Runnable {
    private static final int MAX_INPUT_BYTES = 64 * 1024;

    @Spec
    @Nullable
    CommandSpec spec;

    private final Terminal terminal = new Terminal(System.out);

    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }

    @Command(
            name = "init",
            mixinStandardHelpOptions = true,
            description =
                    "Makes a certificate authority in a directory of its own, readable by its owner only. Keep it away from"
                            + " the machines that record; give them ca.pem and crl.pem (vault.ca, vault.crl).")
    int init(
            @Option(names = "--ca", required = true, paramLabel = "DIR") Path ca,
            @Option(
                            names = "--subject",
                            required = true,
                            paramLabel = "NAME",
                            description = "Such as CN=Example CA,O=Example.")
                    String subject,
            @Option(names = "--json") boolean json) {
        if (CertificateAuthority.existsIn(ca)) {
            throw new HansardException(
                    ErrorCode.CONFLICT, "there is an authority in " + ca + " already; 'hansard keys list' shows it");
        }
        CertificateAuthority made = CertificateAuthority.openOrCreate(ca, subject);
        return show(certificate(made.certificate(), "authority"), json);
    }

    @Command(
            name = "issue",
            mixinStandardHelpOptions = true,
            description =
                    "Issues an identity for the worker whose vault the settings name: into vault.p12, or for a key pair that"
                            + " is made on the PKCS#11 token. For a key pair elsewhere, give its public key and get a certificate.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  hansard keys issue --ca /secure/ca --config hansard.yaml --subject CN=worker-1 --group trading",
                "  hansard keys issue --ca /secure/ca --public-key kms-key.pem --subject CN=worker-1 --out worker.pem"
            })
    int issue(
            @Option(names = "--ca", required = true, paramLabel = "DIR") Path ca,
            @Option(names = "--subject", required = true, paramLabel = "NAME") String subject,
            @Option(
                            names = "--group",
                            defaultValue = KeyGroups.DEFAULT,
                            description = "May be repeated. Default: ${DEFAULT-VALUE}")
                    List<String> groups,
            @Option(names = "--validity", defaultValue = "365d", description = "Default: ${DEFAULT-VALUE}")
                    String validity,
            @Option(names = "--config", paramLabel = "FILE", description = "Settings with vault.*") @Nullable
                    Path config,
            @Option(names = "--public-key", paramLabel = "FILE", description = "PEM of a key pair kept elsewhere.")
                    @Nullable
                    Path publicKey,
            @Option(names = "--out", paramLabel = "FILE", description = "Where its certificate goes.") @Nullable
                    Path out,
            @Option(names = "--json") boolean json) {
        CertificateAuthority authority = CertificateAuthority.open(ca);
        var request = VaultConfig.workerRequest(subject, Set.copyOf(groups), duration("--validity", validity));
        X509Certificate issued;
        if (publicKey != null) {
            issued = authority.issue(WorkerKeys.publicKey(publicKey), request);
        } else if (config != null) {
            issued = WorkerKeys.issueInto(vault(config), authority, request);
        } else {
            throw new HansardException(
                    ErrorCode.BAD_REQUEST,
                    "say whose identity it is: --config of the worker, or --public-key of its key pair");
        }
        if (out != null) {
            WorkerKeys.write(out, issued);
        }
        return show(certificate(issued, "valid"), json);
    }

    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description =
                    "Revokes certificates for good and signs a new revocation list. Workers that read crl.pem notice within"
                            + " a minute; copy it to where their vault.crl is.")
    int revoke(
            @Option(names = "--ca", required = true, paramLabel = "DIR") Path ca,
            @Parameters(arity = "1..*", paramLabel = "SERIAL", description = "In hexadecimal, as 'list' shows it.")
                    List<String> serials,
            @Option(names = "--json") boolean json) {
        CertificateAuthority authority = CertificateAuthority.open(ca);
        for (String serial : serials) {
            authority.revoke(serial(serial));
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("revoked", serials);
        facts.putAll(list(authority, authority.crl()));
        return show(facts, json);
    }

    private static Map<String, Object> list(CertificateAuthority authority, X509CRL crl) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("crl", authority.crlFile().toString());
        facts.put("holdsUntil", crl.getNextUpdate().toInstant().toString());
        return facts;
    }

    @Command(
            name = "crl",
            mixinStandardHelpOptions = true,
            description =
                    "Signs the revocation list again, with another 30 days until the next is due. Run it every week.")
    int crl(
            @Option(names = "--ca", required = true, paramLabel = "DIR") Path ca,
            @Option(names = "--json") boolean json) {
        CertificateAuthority authority = CertificateAuthority.open(ca);
        return show(list(authority, authority.renewCrl()), json);
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Every certificate with its time and state.")
    int list(
            @Option(names = "--ca", required = true, paramLabel = "DIR") Path ca,
            @Option(names = "--json") boolean json) {
        CertificateAuthority authority = CertificateAuthority.open(ca);
        List<CertificateState> states = CertificateState.all(authority, Clock.systemUTC());
        if (json) {
            System.out.println(new String(
                    Json.bytes(states.stream()
                            .map(s -> certificate(s.certificate(), s.state()))
                            .toList()),
                    java.nio.charset.StandardCharsets.UTF_8));
            return 0;
        }
        for (CertificateState each : states) {
            X509Certificate c = each.certificate();
            terminal.line(String.format(
                    "%s  %-32s %s to %s  %-28s %s",
                    styled(each.state()),
                    c.getSerialNumber().toString(16),
                    c.getNotBefore().toInstant().toString().substring(0, 10),
                    c.getNotAfter().toInstant().toString().substring(0, 10),
                    c.getSubjectX500Principal().getName(),
                    String.join(",", KeyGroups.of(c))));
        }
        terminal.line(
                "revocation list holds until " + authority.crl().getNextUpdate().toInstant());
        return 0;
    }

    private String styled(String state) {
        String wide = String.format("%-8s", state);
        return switch (state) {
            case "valid" -> terminal.styled(Terminal.Style.GREEN, wide);
            case "revoked" -> terminal.styled(Terminal.Style.RED, wide);
            default -> terminal.styled(Terminal.Style.YELLOW, wide);
        };
    }

    @Command(
            name = "inspect",
            mixinStandardHelpOptions = true,
            description =
                    "Says what a certificate, a CMS message or a vault's directory is: for whom, by which algorithms, how"
                            + " large. Never content.")
    int inspect(@Parameters(paramLabel = "PATH") Path path, @Option(names = "--json") boolean json) {
        if (Files.isDirectory(path)) {
            return show(WorkerKeys.describe(path), json);
        }
        byte[] bytes = read(path);
        return show(
                CmsSummary.looksLikePem(bytes)
                        ? certificate(WorkerKeys.certificates(path).getFirst(), "read")
                        : CmsSummary.of(bytes).facts(),
                json);
    }

    static byte[] read(@Nullable Path file) {
        try (InputStream in = file == null ? System.in : Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(MAX_INPUT_BYTES + 1);
            if (bytes.length == 0 || bytes.length > MAX_INPUT_BYTES) {
                throw new HansardException(
                        ErrorCode.BAD_REQUEST,
                        (file == null ? "standard input" : file) + " must hold 1 to " + MAX_INPUT_BYTES + " bytes");
            }
            return bytes;
        } catch (IOException e) {
            throw new HansardException(ErrorCode.BAD_REQUEST, (file == null ? "standard input" : file) + ": " + e, e);
        }
    }

    static VaultConfig vault(@Nullable Path config) {
        Settings settings = Settings.load(config, Map.of(), System.getenv());
        VaultConfig vault = VaultConfig.from(settings);
        StageCommand.knowsEveryStage(settings);
        settings.check();
        return vault;
    }

    static Duration duration(String option, String text) {
        try {
            return Settings.parseDuration(text);
        } catch (IllegalArgumentException e) {
            throw new HansardException(ErrorCode.BAD_REQUEST, option + " " + e.getMessage(), e);
        }
    }

    private static BigInteger serial(String hexadecimal) {
        try {
            return new BigInteger(hexadecimal, 16);
        } catch (NumberFormatException e) {
            throw new HansardException(
                    ErrorCode.BAD_REQUEST, "'" + hexadecimal + "' is no serial number in hexadecimal", e);
        }
    }

    static Map<String, Object> certificate(X509Certificate c, String state) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("state", state);
        facts.put("subject", c.getSubjectX500Principal().getName());
        facts.put("issuer", c.getIssuerX500Principal().getName());
        facts.put("serial", c.getSerialNumber().toString(16));
        facts.put("from", c.getNotBefore().toInstant().toString());
        facts.put("to", c.getNotAfter().toInstant().toString());
        facts.put("key", c.getPublicKey().getAlgorithm());
        facts.put("groups", List.copyOf(KeyGroups.of(c)));
        return facts;
    }

    static int show(Map<String, ?> facts, boolean json) {
        if (json) {
            System.out.println(new String(Json.bytes(facts), java.nio.charset.StandardCharsets.UTF_8));
        } else {
            Terminal terminal = new Terminal(System.out);
            facts.forEach((name, value) ->
                    terminal.line(terminal.styled(Terminal.Style.BOLD, String.format("%-18s", name)) + value));
        }
        return 0;
    }
}
