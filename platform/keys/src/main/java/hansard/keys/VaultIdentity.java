package hansard.keys;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.crypto.SecretKey;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Who the worker is, and the key that wraps the track keys: the content of {@code vault.p12}.
 *
 * @param recipients the key group's certificates, from {@code recipients.pem}
 */
record VaultIdentity(
        X509Certificate certificate, PrivateKey privateKey, SecretKey wrappingKey, List<X509Certificate> recipients) {
    private static final String KEY_STORE = "vault.p12";
    private static final String PASSWORD = "vault.password";
    private static final String RECIPIENTS = "recipients.pem";
    private static final String IDENTITY_ALIAS = "worker";
    private static final String WRAPPING_ALIAS = "wrapping";

    /** PBES2 with AES-256 (RFC 8018 section 6.2). */
    static final String PROTECTION = "PBEWithHmacSHA256AndAES_256";

    private static final Duration VALIDITY = Duration.ofDays(3650);

    static boolean existsIn(Path directory) {
        return Files.exists(directory.resolve(KEY_STORE));
    }

    /** Reads the identity, making one where there is none. Callers hold the vault's lock. */
    static VaultIdentity open(Path directory) throws IOException, GeneralSecurityException {
        if (!existsIn(directory)) {
            make(directory);
        }
        char[] password = Files.readString(directory.resolve(PASSWORD)).strip().toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(directory.resolve(KEY_STORE))) {
            store.load(in, password);
        }
        if (!(store.getKey(IDENTITY_ALIAS, password) instanceof PrivateKey privateKey)
                || !(store.getCertificate(IDENTITY_ALIAS) instanceof X509Certificate certificate)
                || !(store.getKey(WRAPPING_ALIAS, password) instanceof SecretKey wrapping)) {
            throw new IOException(directory.resolve(KEY_STORE) + " lacks the entry '" + IDENTITY_ALIAS + "' or '"
                    + WRAPPING_ALIAS + "': it is not a vault of this release");
        }
        Path recipients = directory.resolve(RECIPIENTS);
        if (!Files.exists(recipients)) { // the crash came between the key store and this file
            OwnerFiles.write(recipients, pem(certificate));
        }
        return new VaultIdentity(certificate, privateKey, wrapping, readPem(recipients));
    }

    private static void make(Path directory) throws IOException, GeneralSecurityException {
        KeyPairGenerator pairs = KeyPairGenerator.getInstance("EC");
        pairs.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = pairs.generateKeyPair();
        byte[] password = Base64.getUrlEncoder().withoutPadding().encode(AesGcm.randomBytes(32));
        var protection = new KeyStore.PasswordProtection(
                new String(password, StandardCharsets.US_ASCII).toCharArray(), PROTECTION, null);

        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setEntry(
                IDENTITY_ALIAS,
                new KeyStore.PrivateKeyEntry(pair.getPrivate(), new Certificate[] {selfSigned(pair)}),
                protection);
        store.setEntry(WRAPPING_ALIAS, new KeyStore.SecretKeyEntry(AesGcm.randomKey()), protection);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        store.store(bytes, protection.getPassword());

        OwnerFiles.write(directory.resolve(PASSWORD), password);
        // last: where this file is, the vault is whole
        OwnerFiles.write(directory.resolve(KEY_STORE), bytes.toByteArray());
    }

    /** This release has no certificate authority: senders trust the certificate because they fetched it from the ingest. */
    private static X509Certificate selfSigned(KeyPair pair) throws GeneralSecurityException, IOException {
        X500Name name = new X500Name("CN=hansard-worker");
        Instant now = Instant.now();
        try {
            var builder = new JcaX509v3CertificateBuilder(
                            name,
                            new BigInteger(1, AesGcm.randomBytes(16)).setBit(0),
                            Date.from(now.minus(Duration.ofDays(1))), // a sender's clock may be behind
                            Date.from(now.plus(VALIDITY)),
                            name,
                            pair.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyAgreement))
                    .addExtension(
                            Extension.subjectKeyIdentifier,
                            false,
                            new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
            var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate());
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException("the worker's certificate could not be signed", e);
        }
    }

    private static byte[] pem(X509Certificate certificate) throws GeneralSecurityException {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
        return ("-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static List<X509Certificate> readPem(Path file) throws IOException, GeneralSecurityException {
        var factory = CertificateFactory.getInstance("X.509");
        return factory.generateCertificates(new ByteArrayInputStream(Files.readAllBytes(file))).stream()
                .map(X509Certificate.class::cast)
                .toList();
    }

    @Override
    public String toString() {
        return "VaultIdentity[" + certificate.getSubjectX500Principal().getName() + "]";
    }
}
