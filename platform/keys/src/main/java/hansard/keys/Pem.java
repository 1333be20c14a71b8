package hansard.keys;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.Collection;
import java.util.List;

/** Certificates, revocation lists and keys as text (RFC 7468). Files of more than a mebibyte are not read. */
final class Pem {
    private static final long MAX_BYTES = 1 << 20;

    private Pem() {}

    static byte[] of(X509Certificate certificate) throws GeneralSecurityException {
        return block("CERTIFICATE", certificate.getEncoded()).getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] of(Collection<X509Certificate> certificates) throws GeneralSecurityException {
        StringBuilder out = new StringBuilder();
        for (X509Certificate certificate : certificates) {
            out.append(block("CERTIFICATE", certificate.getEncoded()));
        }
        return out.toString().getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] of(X509CRL crl) throws GeneralSecurityException {
        return block("X509 CRL", crl.getEncoded()).getBytes(StandardCharsets.US_ASCII);
    }

    /** PKCS#8 (RFC 5958), not encrypted: for a file that only its owner may read. */
    static byte[] of(PrivateKey key) {
        return block("PRIVATE KEY", key.getEncoded()).getBytes(StandardCharsets.US_ASCII);
    }

    static List<X509Certificate> certificates(Path file) throws IOException, GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificates(new ByteArrayInputStream(read(file)))
                .stream()
                .map(X509Certificate.class::cast)
                .toList();
    }

    static X509Certificate certificate(Path file) throws IOException, GeneralSecurityException {
        List<X509Certificate> all = certificates(file);
        if (all.size() != 1) {
            throw new IOException(file + " holds " + all.size() + " certificates, expected one");
        }
        return all.getFirst();
    }

    static X509CRL crl(Path file) throws IOException, GeneralSecurityException {
        var crl = CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(read(file)));
        if (crl instanceof X509CRL x509) {
            return x509;
        }
        throw new IOException(file + " holds no X.509 revocation list");
    }

    private static byte[] read(Path file) throws IOException {
        long bytes = Files.size(file);
        if (bytes > MAX_BYTES) {
            throw new IOException(file + " has " + bytes + " bytes, at most " + MAX_BYTES + " are read");
        }
        return Files.readAllBytes(file);
    }

    private static String block(String label, byte[] der) {
        String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
        return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
    }
}
