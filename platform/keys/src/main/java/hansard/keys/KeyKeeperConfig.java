package hansard.keys;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ServiceLoader;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the lasting keys are, by {@code vault.kind}, with that kind's own settings. */
public sealed interface KeyKeeperConfig {
    /** @param directory the vault's */
    KeyKeeper open(Path directory) throws IOException;

    static KeyKeeperConfig from(Settings s) {
        Pkcs11 pkcs11 = Pkcs11.from(s);
        Transit transit = Transit.from(s);
        AwsKms awsKms = AwsKms.from(s);
        String kind = s.string("vault.kind", "pkcs12");
        return switch (kind) {
            case "pkcs12" -> new Pkcs12();
            case "pkcs11" -> pkcs11.checked(s);
            case "transit" -> transit.checked(s);
            case "aws-kms" -> awsKms.checked(s);
            default -> {
                s.problem("vault.kind", "is '" + kind + "': must be pkcs12, pkcs11, transit or aws-kms");
                yield new Pkcs12();
            }
        };
    }

    /** A file in the vault's directory. */
    record Pkcs12() implements KeyKeeperConfig {
        @Override
        public KeyKeeper open(Path directory) throws IOException {
            return Pkcs12Keys.open(directory);
        }
    }

    /**
     * A token.
     *
     * @param library the driver, {@code vault.pkcs11.library}
     * @param slot its number, {@code vault.pkcs11.slot}
     * @param pinFile holds the user's PIN and nothing else
     * @param identity label of the private key and certificate
     * @param wrapping label of the AES key
     */
    record Pkcs11(Path library, long slot, Path pinFile, String identity, String wrapping) implements KeyKeeperConfig {
        private static Pkcs11 from(Settings s) {
            return new Pkcs11(
                    s.path("vault.pkcs11.library", Path.of("")),
                    s.number("vault.pkcs11.slot", 0, 0, 0xffff_ffffL),
                    s.path("vault.pkcs11.pin-file", Path.of("")),
                    s.string("vault.pkcs11.identity", "hansard-worker"),
                    s.string("vault.pkcs11.wrapping", "hansard-wrapping"));
        }

        private Pkcs11 checked(Settings s) {
            s.required("vault.pkcs11.library");
            s.required("vault.pkcs11.pin-file");
            return this;
        }

        @Override
        public KeyKeeper open(Path directory) throws IOException {
            return TokenKeys.open(this, directory);
        }
    }

    /**
     * A service that speaks the HTTP API of HashiCorp Vault's transit engine.
     *
     * @param address such as {@code https://vault.example:8200}
     * @param mount of the engine
     * @param tokenFile holds the service's token and nothing else
     * @param identityKey name of an RSA key
     * @param identityCertificate PEM of that key's certificate
     * @param wrappingKey name of an aes256-gcm96 key
     */
    record Transit(
            String address,
            String mount,
            Path tokenFile,
            String identityKey,
            Path identityCertificate,
            String wrappingKey,
            Duration timeout)
            implements KeyKeeperConfig {
        private static Transit from(Settings s) {
            return new Transit(
                    s.string("vault.transit.address", ""),
                    s.string("vault.transit.mount", "transit"),
                    s.path("vault.transit.token-file", Path.of("")),
                    s.string("vault.transit.identity-key", "hansard-worker"),
                    s.path("vault.transit.identity-certificate", Path.of("")),
                    s.string("vault.transit.wrapping-key", "hansard-wrapping"),
                    s.duration("vault.transit.timeout", Duration.ofSeconds(5)));
        }

        private Transit checked(Settings s) {
            s.required("vault.transit.token-file");
            s.required("vault.transit.identity-certificate");
            requireEncrypted(s, "vault.transit.address", address);
            return this;
        }

        @Override
        public KeyKeeper open(Path directory) throws IOException {
            return TransitKeys.open(this);
        }
    }

    /**
     * Two keys of AWS Key Management Service, in one account and region. Opened by a module of its own, {@code platform/keys-aws}.
     * Credentials are found by the SDK's default chain and are never settings.
     *
     * @param region such as {@code eu-central-1}
     * @param endpoint instead of the region's own, such as a VPC endpoint; empty for none
     * @param identityKey ARN of an RSA key that decrypts, or of an elliptic curve key that agrees
     * @param identityCertificate PEM of that key's certificate
     * @param wrappingKey ARN of a symmetric key or of its alias
     * @param timeout of one request with its repeats
     */
    record AwsKms(
            String region,
            String endpoint,
            String identityKey,
            Path identityCertificate,
            String wrappingKey,
            Duration timeout)
            implements KeyKeeperConfig {
        /** Amazon Resource Names; "Key identifiers" in the KMS developer guide. */
        private static final Pattern ARN =
                Pattern.compile("arn:aws[a-z-]*:kms:([a-z0-9-]+):[0-9]{12}:(?:key|alias)/[A-Za-z0-9/_-]{1,250}");

        private static AwsKms from(Settings s) {
            return new AwsKms(
                    s.string("vault.aws-kms.region", ""),
                    s.string("vault.aws-kms.endpoint", ""),
                    s.string("vault.aws-kms.identity-key", ""),
                    s.path("vault.aws-kms.identity-certificate", Path.of("")),
                    s.string("vault.aws-kms.wrapping-key", ""),
                    s.duration("vault.aws-kms.timeout", Duration.ofSeconds(5)));
        }

        private AwsKms checked(Settings s) {
            s.required("vault.aws-kms.region");
            s.required("vault.aws-kms.identity-certificate");
            requireArn(s, "vault.aws-kms.identity-key", identityKey);
            requireArn(s, "vault.aws-kms.wrapping-key", wrappingKey);
            if (!endpoint.isEmpty()) {
                requireEncrypted(s, "vault.aws-kms.endpoint", endpoint);
            }
            return this;
        }

        /** Not an id or a name alone: those mean another key in another account or region. */
        private void requireArn(Settings s, String setting, String arn) {
            Matcher parts = ARN.matcher(arn);
            if (!parts.matches()) {
                s.problem(
                        setting,
                        "must be the ARN of a KMS key or alias, as arn:aws:kms:REGION:ACCOUNT:alias/NAME; it is '" + arn
                                + "'");
            } else if (!region.isEmpty() && !parts.group(1).equals(region)) {
                s.problem(setting, "is of region " + parts.group(1) + ", vault.aws-kms.region is " + region);
            }
        }

        @Override
        public KeyKeeper open(Path directory) throws IOException {
            KeyKeeperProvider provider = ServiceLoader.load(KeyKeeperProvider.class)
                    .findFirst()
                    .orElseThrow(() -> new HansardException(
                            ErrorCode.BAD_CONFIGURATION,
                            "vault.kind is aws-kms, and the client of AWS KMS is not on the class path: add"
                                    + " hansard-keys-aws and what it needs (lib/aws in the distribution)"));
            return provider.open(this);
        }
    }

    private static void requireEncrypted(Settings s, String setting, String address) {
        if (!address.startsWith("https://") && !address.startsWith("http://127.0.0.1:")) {
            s.problem(setting, "must begin with https://: keys travel in what it answers");
        }
    }
}
