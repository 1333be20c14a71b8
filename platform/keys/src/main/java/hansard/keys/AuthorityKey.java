package hansard.keys;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
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
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CRLHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** The authority's key pair, and the X.509 structures (RFC 5280) it signs. */
record AuthorityKey(PrivateKey privateKey, X509Certificate certificate) {
    private static final String KEY_STORE = "ca.p12";
    private static final String PASSWORD = "ca.password";
    private static final String ALIAS = "authority";

    /** A verifier's clock may be behind. */
    private static final Duration CLOCK_SKEW = Duration.ofHours(1);

    static boolean existsIn(Path directory) {
        return Files.exists(directory.resolve(KEY_STORE));
    }

    static KeyPair newPair() throws GeneralSecurityException {
        KeyPairGenerator pairs = KeyPairGenerator.getInstance("EC");
        pairs.initialize(new ECGenParameterSpec("secp256r1"));
        return pairs.generateKeyPair();
    }

    /** Callers hold the directory's lock. */
    static AuthorityKey openOrMake(Path directory, String subject, Instant now, Duration validity)
            throws IOException, GeneralSecurityException {
        if (!existsIn(directory)) {
            make(directory, subject, now, validity);
        }
        char[] password = Files.readString(directory.resolve(PASSWORD)).strip().toCharArray();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(directory.resolve(KEY_STORE))) {
            store.load(in, password);
        }
        if (!(store.getKey(ALIAS, password) instanceof PrivateKey key)
                || !(store.getCertificate(ALIAS) instanceof X509Certificate certificate)) {
            throw new IOException(directory.resolve(KEY_STORE) + " lacks the entry '" + ALIAS + "'");
        }
        return new AuthorityKey(key, certificate);
    }

    private static void make(Path directory, String subject, Instant now, Duration validity)
            throws IOException, GeneralSecurityException {
        KeyPair pair = newPair();
        X500Name name = name(subject);
        try {
            var builder = new JcaX509v3CertificateBuilder(
                            name, serialNumber(), from(now), Date.from(now.plus(validity)), name, pair.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))
                    .addExtension(
                            Extension.subjectKeyIdentifier,
                            false,
                            new JcaX509ExtensionUtils().createSubjectKeyIdentifier(pair.getPublic()));
            X509Certificate certificate =
                    new JcaX509CertificateConverter().getCertificate(builder.build(signer(pair.getPrivate())));
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            byte[] password = Base64.getUrlEncoder().withoutPadding().encode(AesGcm.randomBytes(32));
            char[] characters = new String(password, StandardCharsets.US_ASCII).toCharArray();
            store.setEntry(
                    ALIAS,
                    new KeyStore.PrivateKeyEntry(pair.getPrivate(), new Certificate[] {certificate}),
                    new KeyStore.PasswordProtection(characters, Pkcs12Keys.PROTECTION, null));
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            store.store(bytes, characters);
            OwnerFiles.write(directory.resolve(PASSWORD), password);
            OwnerFiles.write(directory.resolve(KEY_STORE), bytes.toByteArray()); // last: now the authority is there
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException("the authority's certificate could not be signed", e);
        }
    }

    X509Certificate issue(PublicKey publicKey, CertificateRequest request, Instant now)
            throws IOException, GeneralSecurityException {
        if (request.usages().isEmpty()
                || request.validity().isNegative()
                || request.validity().isZero()) {
            throw new HansardException(
                    ErrorCode.BAD_REQUEST,
                    "a certificate for " + request.subject() + " needs at least one usage and a validity above zero");
        }
        Instant end = now.plus(request.validity());
        Instant ours = certificate.getNotAfter().toInstant();
        var extensions = new JcaX509ExtensionUtils();
        try {
            var builder = new JcaX509v3CertificateBuilder(
                            issuer(),
                            serialNumber(),
                            from(now),
                            Date.from(end.isAfter(ours) ? ours : end),
                            name(request.subject()),
                            publicKey)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(keyUsage(publicKey, request)))
                    .addExtension(
                            Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(publicKey))
                    .addExtension(
                            Extension.authorityKeyIdentifier,
                            false,
                            extensions.createAuthorityKeyIdentifier(certificate.getPublicKey()));
            KeyPurposeId[] purposes = purposes(request);
            if (purposes.length > 0) {
                builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purposes));
            }
            GeneralName[] names = alternativeNames(request);
            if (names.length > 0) {
                builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            }
            return new JcaX509CertificateConverter().getCertificate(builder.build(signer(privateKey)));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException("a certificate could not be signed", e);
        }
    }

    /** RFC 5280 section 4.2.1.3; the bits depend on what the key's algorithm can do. */
    private static int keyUsage(PublicKey key, CertificateRequest request) {
        boolean rsa = "RSA".equals(key.getAlgorithm());
        int bits = 0;
        for (CertificateRequest.Usage usage : request.usages()) {
            bits |= switch (usage) {
                case OPEN_SESSION_KEYS -> rsa ? KeyUsage.keyEncipherment : KeyUsage.keyAgreement;
                case TLS_SERVER ->
                    rsa ? KeyUsage.digitalSignature | KeyUsage.keyEncipherment : KeyUsage.digitalSignature;
                case TLS_CLIENT, SIGN -> KeyUsage.digitalSignature;
            };
        }
        return bits;
    }

    private static KeyPurposeId[] purposes(CertificateRequest request) {
        List<KeyPurposeId> purposes = new ArrayList<>();
        if (request.usages().contains(CertificateRequest.Usage.TLS_SERVER)) {
            purposes.add(KeyPurposeId.id_kp_serverAuth);
        }
        if (request.usages().contains(CertificateRequest.Usage.TLS_CLIENT)) {
            purposes.add(KeyPurposeId.id_kp_clientAuth);
        }
        return purposes.toArray(KeyPurposeId[]::new);
    }

    private static GeneralName[] alternativeNames(CertificateRequest request) {
        List<GeneralName> names = new ArrayList<>();
        try {
            request.dnsNames().forEach(n -> names.add(new GeneralName(GeneralName.dNSName, n)));
            request.addresses().forEach(n -> names.add(new GeneralName(GeneralName.iPAddress, n)));
            request.uris().forEach(n -> names.add(new GeneralName(GeneralName.uniformResourceIdentifier, n)));
        } catch (IllegalArgumentException e) {
            throw new HansardException(
                    ErrorCode.BAD_REQUEST,
                    "an alternative name for " + request.subject() + " is no DNS name, IP address or URI: "
                            + e.getMessage(),
                    e);
        }
        return names.toArray(GeneralName[]::new);
    }

    X509CRL firstCrl(Instant now, Duration validity) throws IOException, GeneralSecurityException {
        return sign(new X509v2CRLBuilder(issuer(), Date.from(now)), BigInteger.ONE, now, validity);
    }

    X509CRL renew(X509CRL old, Instant now, Duration validity) throws IOException, GeneralSecurityException {
        return sign(after(old, now), numberAfter(old), now, validity);
    }

    X509CRL revoke(X509CRL old, BigInteger serialNumber, Instant now, Duration validity)
            throws IOException, GeneralSecurityException {
        X509v2CRLBuilder builder = after(old, now);
        if (old.getRevokedCertificate(serialNumber) == null) {
            builder.addCRLEntry(serialNumber, Date.from(now), CRLReason.unspecified);
        }
        return sign(builder, numberAfter(old), now, validity);
    }

    /** The next list, with every entry of the one before. */
    private X509v2CRLBuilder after(X509CRL old, Instant now) throws GeneralSecurityException {
        old.verify(certificate.getPublicKey());
        var builder = new X509v2CRLBuilder(issuer(), Date.from(now));
        builder.addCRL(new JcaX509CRLHolder(old));
        return builder;
    }

    /** RFC 5280 section 5.2.3: the number only grows. */
    private static BigInteger numberAfter(X509CRL old) throws GeneralSecurityException {
        var extension = new JcaX509CRLHolder(old).getExtension(Extension.cRLNumber);
        return extension == null
                ? BigInteger.ONE
                : CRLNumber.getInstance(extension.getParsedValue())
                        .getCRLNumber()
                        .add(BigInteger.ONE);
    }

    private X509CRL sign(X509v2CRLBuilder builder, BigInteger number, Instant now, Duration validity)
            throws IOException, GeneralSecurityException {
        try {
            builder.setNextUpdate(Date.from(now.plus(validity)));
            builder.addExtension(Extension.cRLNumber, false, new CRLNumber(number));
            builder.addExtension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new JcaX509ExtensionUtils().createAuthorityKeyIdentifier(certificate.getPublicKey()));
            return new JcaX509CRLConverter().getCRL(builder.build(signer(privateKey)));
        } catch (OperatorCreationException e) {
            throw new GeneralSecurityException("a revocation list could not be signed", e);
        }
    }

    private X500Name issuer() {
        return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    }

    private static ContentSigner signer(PrivateKey key) throws OperatorCreationException {
        return new JcaContentSignerBuilder("SHA256withECDSA").build(key);
    }

    private static Date from(Instant now) {
        return Date.from(now.minus(CLOCK_SKEW).truncatedTo(ChronoUnit.SECONDS));
    }

    private static BigInteger serialNumber() {
        return new BigInteger(1, AesGcm.randomBytes(16)).setBit(0);
    }

    /** The first part of the text is the most specific (RFC 4514), and comes last in the encoding. */
    private static X500Name name(String subject) {
        try {
            return X500Name.getInstance(new X500Principal(subject).getEncoded());
        } catch (IllegalArgumentException e) {
            throw new HansardException(
                    ErrorCode.BAD_REQUEST,
                    "'" + subject + "' is no distinguished name; write one such as CN=worker-1,O=Example",
                    e);
        }
    }

    @Override
    public String toString() {
        return "AuthorityKey[" + certificate.getSubjectX500Principal().getName() + "]";
    }
}
