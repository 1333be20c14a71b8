package hansard.keys;

import hansard.keys.CertificateRequest.Usage;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.KafkaTls;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes the folder of {@link KafkaTls}: an authority for Kafka and nothing else, in {@code authority/}, and of each party a key and a
 * certificate whose subject is {@code CN=hansard-NAME}. A party's certificate is made anew when it has less than a month to go, or
 * lacks a host.
 *
 * <p>A deployment keeps {@code authority/} where it keeps such things: no stage and no broker needs it.
 */
public final class KafkaIdentities {
    private static final Duration VALIDITY = Duration.ofDays(397);
    private static final Duration RENEW_BEFORE = Duration.ofDays(30);
    private static final int DNS_NAME = 2; // of X509Certificate.getSubjectAlternativeNames
    private static final int IP_ADDRESS = 7;

    private final Path directory;
    private final CertificateAuthority authority;

    private KafkaIdentities(Path directory, CertificateAuthority authority) {
        this.directory = directory;
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
                var authority =
                        CertificateAuthority.openOrCreate(directory.resolve("authority"), "CN=hansard-kafka-authority");
                OwnerFiles.write(KafkaTls.authority(directory), Pem.of(authority.certificate()));
                KafkaIdentities identities = new KafkaIdentities(directory, authority);
                List<String> made = new ArrayList<>();
                if (identities.ensure(broker, hosts)) {
                    made.add(broker);
                }
                for (String client : clients) {
                    if (identities.ensure(client, List.of())) {
                        made.add(client);
                    }
                }
                return List.copyOf(made);
            });
        } catch (IOException e) {
            throw new HansardException(
                    ErrorCode.DATA_DIRECTORY,
                    "the certificates for Kafka in " + directory.toAbsolutePath() + " cannot be made or read: "
                            + e.getMessage() + ". The folder must be writable by this user; move a damaged one away.",
                    e);
        }
    }

    /** @return whether it was made */
    private boolean ensure(String name, List<String> hosts) throws IOException, GeneralSecurityException {
        Path file = KafkaTls.identity(directory, name);
        if (Files.exists(file) && isGood(certificate(file), hosts)) {
            return false;
        }
        // a broker is a client too, of its controller and of other brokers
        Set<Usage> usages = hosts.isEmpty() ? Set.of(Usage.TLS_CLIENT) : Set.of(Usage.TLS_SERVER, Usage.TLS_CLIENT);
        IssuedIdentity identity = authority.issue(new CertificateRequest(
                "CN=hansard-" + name,
                hosts.stream().filter(host -> !isAddress(host)).distinct().toList(),
                hosts.stream().filter(KafkaIdentities::isAddress).distinct().toList(),
                List.of(),
                usages,
                VALIDITY));
        ByteArrayOutputStream pem = new ByteArrayOutputStream();
        pem.write(Pem.of(identity.certificate()));
        pem.write(Pem.of(identity.privateKey()));
        OwnerFiles.write(file, pem.toByteArray());
        return true;
    }

    private boolean isGood(X509Certificate certificate, List<String> hosts) throws GeneralSecurityException {
        if (Instant.now().plus(RENEW_BEFORE).isAfter(certificate.getNotAfter().toInstant())) {
            return false;
        }
        try {
            certificate.verify(authority.certificate().getPublicKey());
        } catch (GeneralSecurityException e) { // of an authority that was here before
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

    /** The first thing in a party's file. */
    private static X509Certificate certificate(Path file) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }
}
