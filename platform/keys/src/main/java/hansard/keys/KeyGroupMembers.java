package hansard.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * The workers who share a vault's directory: each puts its certificate into {@code members/SERIAL.pem} when it starts. Those who
 * may open session keys now are in {@code recipients.pem}, which senders seal to.
 */
final class KeyGroupMembers {
    private final Path members;
    private final Path recipients;
    private final Path lock;
    private final WorkerPermits permits;

    KeyGroupMembers(Path vault, WorkerPermits permits) {
        this.members = vault.resolve("members");
        this.recipients = vault.resolve("recipients.pem");
        this.lock = TrackKeys.lock(vault);
        this.permits = permits;
    }

    void join(List<WorkerIdentity> identities) throws IOException {
        OwnerFiles.locked(lock, () -> {
            OwnerFiles.createDirectories(members);
            for (WorkerIdentity identity : identities) {
                X509Certificate certificate = identity.certificate();
                Path file = members.resolve(certificate.getSerialNumber().toString(16) + ".pem");
                if (!Files.exists(file)) {
                    OwnerFiles.write(file, Pem.of(certificate));
                }
            }
            return identities.size();
        });
    }

    /** Who may be sealed to now, the newest certificate first. Rewrites {@code recipients.pem} when it says otherwise. */
    List<X509Certificate> recipients() throws IOException {
        List<X509Certificate> valid = new ArrayList<>();
        try (Stream<Path> files = Files.list(members)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".pem")).toList()) {
                X509Certificate certificate = Pem.certificate(file);
                if (permits.isRecipient(certificate)) {
                    valid.add(certificate);
                }
            }
            valid.sort(Comparator.comparing(X509Certificate::getNotBefore)
                    .reversed()
                    .thenComparing(X509Certificate::getSerialNumber));
            byte[] pem = Pem.of(valid);
            if (!Files.exists(recipients) || !Arrays.equals(pem, Files.readAllBytes(recipients))) {
                OwnerFiles.locked(lock, () -> {
                    OwnerFiles.write(recipients, pem);
                    return pem;
                });
            }
            return List.copyOf(valid);
        } catch (GeneralSecurityException e) {
            throw new IOException("the certificates in " + members + " cannot be read", e);
        }
    }
}
