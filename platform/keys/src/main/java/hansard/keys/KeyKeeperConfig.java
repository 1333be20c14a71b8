package hansard.keys;

import hansard.runtime.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** Where the lasting keys are, by {@code vault.kind}, with that kind's own settings. */
public sealed interface KeyKeeperConfig {
    /** @param directory the vault's */
    KeyKeeper open(Path directory) throws IOException;

    static KeyKeeperConfig from(Settings s) {
        Pkcs11 pkcs11 = Pkcs11.from(s);
        Transit transit = Transit.from(s);
        String kind = s.string("vault.kind", "pkcs12");
        return switch (kind) {
            case "pkcs12" -> new Pkcs12();
            case "pkcs11" -> pkcs11.checked(s);
            case "transit" -> transit.checked(s);
            default -> {
                s.problem("vault.kind", "is '" + kind + "': must be pkcs12, pkcs11 or transit");
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
            return TokenKeys.open(this);
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
            if (!address.startsWith("https://") && !address.startsWith("http://127.0.0.1:")) {
                s.problem("vault.transit.address", "must begin with https://: keys travel in what it answers");
            }
            return this;
        }

        @Override
        public KeyKeeper open(Path directory) throws IOException {
            return TransitKeys.open(this);
        }
    }
}
