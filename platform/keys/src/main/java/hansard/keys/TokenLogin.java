package hansard.keys;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.ProviderException;
import java.security.Security;
import java.util.Arrays;

/**
 * A token's driver, and the PIN that opens the token. Tokens lock themselves after a few wrong PINs, and a process that fails is started
 * again by whoever watches it; so a PIN that was refused is noted in {@code pin-refused} in the vault's directory, by the time of its
 * file, and not tried again by any process until the file is another.
 */
final class TokenLogin implements AutoCloseable {
    private static final String REFUSED = "pin-refused";

    private final KeyKeeperConfig.Pkcs11 config;
    private final Provider provider;
    private final char[] pin;

    private TokenLogin(KeyKeeperConfig.Pkcs11 config, Provider provider, char[] pin) {
        this.config = config;
        this.provider = provider;
        this.pin = pin;
    }

    /** Loads the driver. @throws HansardException BAD_CONFIGURATION when it is not there */
    static TokenLogin with(KeyKeeperConfig.Pkcs11 config) throws IOException {
        if (!Files.isReadable(config.library())) {
            throw new HansardException(
                    ErrorCode.BAD_CONFIGURATION,
                    "vault.pkcs11.library, " + config.library()
                            + ", is not there: install the token's driver, or name it");
        }
        return new TokenLogin(
                config,
                Security.getProvider("SunPKCS11").configure(driver(config)),
                Files.readString(config.pinFile()).strip().toCharArray());
    }

    /** Inline configuration; see the JDK's PKCS#11 reference guide, "Configuration". */
    private static String driver(KeyKeeperConfig.Pkcs11 config) {
        return """
                --name = Hansard%d
                library = "%s"
                slot = %d
                attributes(generate, CKO_PRIVATE_KEY, *) = { CKA_TOKEN = true CKA_PRIVATE = true CKA_SENSITIVE = true CKA_EXTRACTABLE = false CKA_SIGN = true CKA_DERIVE = true }
                attributes(generate, CKO_SECRET_KEY, CKK_AES) = { CKA_TOKEN = true CKA_PRIVATE = true CKA_SENSITIVE = true CKA_EXTRACTABLE = false CKA_ENCRYPT = true CKA_DECRYPT = true }
                attributes(generate, CKO_SECRET_KEY, CKK_GENERIC_SECRET) = { CKA_TOKEN = false CKA_SENSITIVE = false CKA_EXTRACTABLE = true }
                """.formatted(config.slot(), config.library(), config.slot());
    }

    Provider provider() {
        return provider;
    }

    /** Opens the token, with one try of the PIN. @throws HansardException BAD_CONFIGURATION when the PIN is wrong */
    KeyStore open(Path vault) throws IOException {
        Path mark = vault.resolve(REFUSED);
        String written = Files.getLastModifiedTime(config.pinFile()).toString();
        if (Files.exists(mark) && Files.readString(mark).equals(written)) {
            throw new HansardException(
                    ErrorCode.BAD_CONFIGURATION,
                    "the PIN in " + config.pinFile() + " (vault.pkcs11.pin-file) was refused by the token in slot "
                            + config.slot() + " before, and the file has not been changed since: it is not tried again,"
                            + " since tokens lock themselves. Put the right PIN there; if it is the right one, delete "
                            + mark + ".");
        }
        try {
            KeyStore token = contents();
            Files.deleteIfExists(mark);
            return token;
        } catch (GeneralSecurityException | ProviderException | IOException e) {
            if (TokenError.says(e, "CKR_PIN_INCORRECT", "CKR_PIN_INVALID", "CKR_PIN_LEN_RANGE")) {
                OwnerFiles.write(mark, written.getBytes(StandardCharsets.US_ASCII));
                throw new HansardException(
                        ErrorCode.BAD_CONFIGURATION,
                        "the PIN in " + config.pinFile() + " (vault.pkcs11.pin-file) is not that of the token in slot "
                                + config.slot() + ". It was tried once and will not be again; put the right one there.",
                        e);
            }
            if (TokenError.says(e, "CKR_PIN_LOCKED")) {
                throw new HansardException(
                        ErrorCode.BAD_CONFIGURATION,
                        "the token in slot " + config.slot()
                                + " has locked itself after too many wrong PINs: its security officer must set a new PIN,"
                                + " and " + config.pinFile() + " must hold that",
                        e);
            }
            throw failed("cannot be opened with the PIN in " + config.pinFile(), e);
        }
    }

    /** What is on the token now. */
    KeyStore contents() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS11", provider);
        store.load(null, pin);
        return store;
    }

    IOException failed(String what, Exception e) {
        return new IOException("the token in slot " + config.slot() + " of " + config.library() + " " + what, e);
    }

    /** The driver stays loaded: another vault of this process may use the same token. */
    @Override
    public void close() {
        Arrays.fill(pin, ' ');
    }

    @Override
    public String toString() {
        return "TokenLogin[slot " + config.slot() + "]";
    }
}
