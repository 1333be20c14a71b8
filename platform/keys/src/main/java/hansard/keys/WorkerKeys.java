package hansard.keys;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What whoever sets workers up does to their vaults. */
public final class WorkerKeys {
    private WorkerKeys() {}

    /** Makes a key pair where the vault keeps its own, has it certified, and makes the identity the current one. */
    public static X509Certificate issueInto(
            VaultConfig vault, CertificateAuthority authority, CertificateRequest request) {
        Path directory = vault.directory();
        try {
            OwnerFiles.createDirectories(directory);
            return OwnerFiles.locked(TrackKeys.lock(directory), () -> switch (vault.keeper()) {
                case KeyKeeperConfig.Pkcs12 file -> {
                    IssuedIdentity identity = authority.issue(request);
                    if (Pkcs12Keys.existsIn(directory)) {
                        Pkcs12Keys.addIdentity(directory, identity);
                    } else {
                        Pkcs12Keys.make(directory, identity);
                    }
                    yield identity.certificate();
                }
                case KeyKeeperConfig.Pkcs11 config -> {
                    try (TokenKeys token = TokenKeys.open(config, directory)) {
                        X509Certificate certificate = token.makeIdentity(key -> authority.issue(key, request));
                        if (!token.hasWrappingKey()) {
                            token.rotate();
                        }
                        yield certificate;
                    }
                }
                case KeyKeeperConfig.Transit service -> throw keptInAService("vault.transit.identity-certificate");
                case KeyKeeperConfig.AwsKms service -> throw keptInAService("vault.aws-kms.identity-certificate");
            });
        } catch (IOException e) {
            throw DirectoryVault.unavailable(directory, e);
        }
    }

    private static HansardException keptInAService(String setting) {
        return new HansardException(
                ErrorCode.BAD_REQUEST,
                "the identity's key pair is in a service: export its public key, give it to 'hansard keys issue' with"
                        + " --public-key, and put the certificate where " + setting
                        + " says. 'hansard keys rotate --wrapping-only' leaves the identity as it is.");
    }

    /** A public key in PEM (SubjectPublicKeyInfo, RFC 7468 section 13). */
    public static PublicKey publicKey(Path pem) {
        try {
            String text = Files.readString(pem);
            byte[] der = Base64.getMimeDecoder()
                    .decode(text.replace("-----BEGIN PUBLIC KEY-----", "").replace("-----END PUBLIC KEY-----", ""));
            for (String algorithm : List.of("EC", "RSA")) {
                try {
                    return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
                } catch (GeneralSecurityException e) {
                    continue; // perhaps it is of the other kind
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new HansardException(ErrorCode.BAD_REQUEST, pem + " cannot be read: " + e.getMessage(), e);
        }
        throw new HansardException(ErrorCode.BAD_REQUEST, pem + " holds no RSA or EC public key in PEM");
    }

    /** @throws HansardException BAD_REQUEST when the file holds none */
    public static List<X509Certificate> certificates(Path pem) {
        try {
            List<X509Certificate> all = Pem.certificates(pem);
            if (!all.isEmpty()) {
                return all;
            }
        } catch (IOException | GeneralSecurityException e) {
            throw new HansardException(
                    ErrorCode.BAD_REQUEST, pem + " holds no certificates in PEM: " + e.getMessage(), e);
        }
        throw new HansardException(ErrorCode.BAD_REQUEST, pem + " holds no certificates in PEM");
    }

    public static void write(Path pem, X509Certificate certificate) {
        try {
            Files.write(pem, Pem.of(certificate));
        } catch (IOException | GeneralSecurityException e) {
            throw new HansardException(ErrorCode.BAD_REQUEST, pem + " cannot be written: " + e.getMessage(), e);
        }
    }

    /** How many keys a vault's directory holds, of what: no key, and nothing that opens one. */
    public static Map<String, Object> describe(Path directory) {
        Path lock = TrackKeys.lock(directory);
        if (!Files.exists(lock)) {
            throw new HansardException(
                    ErrorCode.BAD_REQUEST, directory + " is no vault's directory: it has no vault.lock");
        }
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("pkcs12", Pkcs12Keys.existsIn(directory));
        facts.put("authority", CertificateAuthority.existsIn(directory.resolve("ca")));
        facts.put("members", count(directory.resolve("members"), ".pem"));
        facts.put("trackKeys", count(directory.resolve("track-keys"), ".key"));
        facts.put("destroyedTracks", count(directory.resolve("track-keys"), "?.destroyed"));
        return facts;
    }

    private static long count(Path directory, String suffix) {
        if (!Files.isDirectory(directory)) {
            return 0;
        }
        boolean named = suffix.startsWith("?");
        String end = named ? suffix.substring(1) : suffix;
        try (Stream<Path> files = Files.walk(directory)) {
            return files.map(f -> String.valueOf(f.getFileName()))
                    .filter(n -> n.endsWith(end) && (!named || n.length() > end.length()))
                    .count();
        } catch (IOException | UncheckedIOException e) {
            throw new HansardException(ErrorCode.BAD_REQUEST, directory + " cannot be listed: " + e.getMessage(), e);
        }
    }
}
