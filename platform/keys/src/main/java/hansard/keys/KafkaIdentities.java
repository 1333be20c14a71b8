package hansard.keys;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.KafkaTls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Makes the folder of {@link KafkaTls}: an authority for Kafka and nothing else, and of each party a key and a certificate whose
 * subject is {@code CN=hansard-NAME}. A party's certificate is made anew when it has less than a month to go, or lacks a host.
 *
 * <p>{@code ca.key}, the authority's own key, is needed here only: a deployment keeps it where it keeps such things, and no stage
 * and no broker has it.
 */
public final class KafkaIdentities {
    private static final String AUTHORITY_KEY = "ca.key";
    private static final Duration AUTHORITY_VALIDITY = Duration.ofDays(3650);
    private static final Duration VALIDITY = Duration.ofDays(397);
    private static final Duration RENEW_BEFORE = Duration.ofDays(30);
    private static final Duration CLOCKS_DIFFER = Duration.ofDays(1);
    private static final int IP_ADDRESS = 7; // of X509Certificate.getSubjectAlternativeNames
    private static final int DNS_NAME = 2;

    private final Path directory;
    private final PrivateKey authorityKey;
    private final X509Certificate authority;

    private KafkaIdentities(Path directory, PrivateKey authorityKey, X509Certificate authority) {
        this.directory = directory;
        this.authorityKey = authorityKey;
        this.authority = authority;
    }

    /**
     * Makes what is missing and renews what is about to expire; what is there and good stays as it is.
     *
     * @param broker the party that is reached under {@code hosts}
     * @param hosts names and addresses of the brokers, in their certificate
     * @param clients the other parties
     * @return the names of those whose certificate is new
     * @throws HansardException DATA_DIRECTORY
     */
    public static List<String> ensure(Path directory, String broker, List<String> hosts, List<String> clients) {
        try {
            OwnerFiles.createDirectories(directory);
            return OwnerFiles.locked(directory.resolve("lock"), () -> {
                try {
                    KafkaIdentities identities = open(directory);
                    List<String> made = new ArrayList<>();
                    if (identities.ensure(broker, new TreeSet<>(hosts))) {
                        made.add(broker);
                    }
                    for (String client : clients) {
                        if (identities.ensure(client, Set.of())) {
                            made.add(client);
                        }
                    }
                    return List.copyOf(made);
                } catch (GeneralSecurityException | OperatorCreationException e) {
                    throw new IOException(e.getMessage(), e);
                }
            });
        } catch (IOException e) {
            throw new HansardException(
                    ErrorCode.DATA_DIRECTORY,
                    "the certificates for Kafka in " + directory.toAbsolutePath() + " cannot be made or read: "
                            + e.getMessage() + ". The folder must be writable by this user; move a damaged one away.",
                    e);
        }
    }

    private static KafkaIdentities open(Path directory)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        Path key = directory.resolve(AUTHORITY_KEY);
        Path certificate = KafkaTls.authority(directory);
        if (!Files.exists(certificate)) {
            KeyPair pair = newPair();
            X500Name name = new X500Name("CN=hansard-kafka-ca");
            var builder = builder(name, AUTHORITY_VALIDITY, name, pair)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
            OwnerFiles.write(key, pem(new JcaPKCS8Generator(pair.getPrivate(), null)));
            // last: where this file is, the authority is whole
            OwnerFiles.write(certificate, pem(signed(builder, pair.getPrivate())));
        }
        return new KafkaIdentities(directory, readKey(key), readCertificate(certificate));
    }

    /** @return whether it was made */
    private boolean ensure(String name, Set<String> hosts)
            throws IOException, GeneralSecurityException, OperatorCreationException {
        Path file = KafkaTls.identity(directory, name);
        if (Files.exists(file) && isGood(readCertificate(file), hosts)) {
            return false;
        }
        KeyPair pair = newPair();
        X500Name issuer = X500Name.getInstance(authority.getSubjectX500Principal().getEncoded());
        var builder = builder(issuer, VALIDITY, new X500Name("CN=hansard-" + name), pair)
                .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        if (hosts.isEmpty()) {
            builder.addExtension(
                    Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_clientAuth));
        } else { // a broker is a client of the controller and of other brokers
            builder.addExtension(
                    Extension.extendedKeyUsage,
                    false,
                    new ExtendedKeyUsage(
                            new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
            GeneralName[] names = hosts.stream()
                    .map(host -> new GeneralName(
                            isAddress(host) ? GeneralName.iPAddress : GeneralName.dNSName, host))
                    .toArray(GeneralName[]::new);
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
        }
        OwnerFiles.write(
                file, pem(new JcaPKCS8Generator(pair.getPrivate(), null), signed(builder, authorityKey)));
        return true;
    }

    private boolean isGood(X509Certificate certificate, Set<String> hosts) throws GeneralSecurityException {
        if (Instant.now().plus(RENEW_BEFORE).isAfter(certificate.getNotAfter().toInstant())
                || !certificate.getIssuerX500Principal().equals(authority.getSubjectX500Principal())) {
            return false;
        }
        Set<String> named = new HashSet<>();
        var alternatives = certificate.getSubjectAlternativeNames();
        if (alternatives != null) {
            for (List<?> name : alternatives) {
                if (name.get(0) instanceof Integer type && (type == IP_ADDRESS || type == DNS_NAME)) {
                    named.add(String.valueOf(name.get(1)));
                }
            }
        }
        return named.containsAll(hosts);
    }

    private static boolean isAddress(String host) {
        return host.matches("[0-9.]+") || host.contains(":");
    }

    private static KeyPair newPair() throws GeneralSecurityException {
        KeyPairGenerator pairs = KeyPairGenerator.getInstance("EC");
        pairs.initialize(new ECGenParameterSpec("secp256r1"));
        return pairs.generateKeyPair();
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Name issuer, Duration validity, X500Name subject, KeyPair pair) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(1, AesGcm.randomBytes(16)).setBit(0),
                Date.from(now.minus(CLOCKS_DIFFER)),
                Date.from(now.plus(validity)),
                subject,
                pair.getPublic());
    }

    private static X509Certificate signed(X509v3CertificateBuilder builder, PrivateKey by)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(by)));
    }

    private static byte[] pem(Object... parts) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            for (Object part : parts) {
                writer.writeObject(part instanceof JcaPKCS8Generator key ? key.generate() : part);
            }
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static PrivateKey readKey(Path file) throws IOException {
        try (PEMParser parser = new PEMParser(new StringReader(Files.readString(file)))) {
            if (parser.readObject() instanceof PrivateKeyInfo key) {
                return new JcaPEMKeyConverter().getPrivateKey(key);
            }
            throw new IOException(file + " does not begin with a private key in PKCS#8");
        }
    }

    /** The first certificate of a file, which may hold a key too. */
    private static X509Certificate readCertificate(Path file) throws IOException, GeneralSecurityException {
        String text = Files.readString(file);
        int from = text.indexOf("-----BEGIN CERTIFICATE-----");
        if (from < 0) {
            throw new IOException(file + " holds no certificate");
        }
        return (X509Certificate) CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(
                        text.substring(from).getBytes(StandardCharsets.US_ASCII)));
    }
}
