package hansard.decrypt;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/** The certificates to seal session keys to, as PEM (RFC 7468), for an ingest that has no access to the vault. */
final class RecipientsFile {
    private RecipientsFile() {}

    /** Replaces the file in one step. @throws HansardException DATA_DIRECTORY */
    static void write(Path file, List<X509Certificate> recipients) {
        StringBuilder pem = new StringBuilder();
        Base64.Encoder base64 = Base64.getMimeEncoder(64, new byte[] {'\n'});
        try {
            for (X509Certificate certificate : recipients) {
                pem.append("-----BEGIN CERTIFICATE-----\n")
                        .append(base64.encodeToString(certificate.getEncoded()))
                        .append("\n-----END CERTIFICATE-----\n");
            }
            Path target = file.toAbsolutePath();
            Path temporary = target.resolveSibling(target.getFileName() + ".new");
            Files.createDirectories(target.getParent());
            Files.writeString(temporary, pem, StandardCharsets.US_ASCII);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException | CertificateEncodingException e) {
            throw new HansardException(
                    ErrorCode.DATA_DIRECTORY,
                    "the recipients' certificates cannot be written to " + file + " (" + e.getMessage()
                            + "): check decrypt-worker.recipients",
                    e);
        }
    }
}
