package hansard.keys;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What a certificate shall say.
 *
 * @param subject a distinguished name (RFC 4514), such as {@code CN=worker-1,O=Example}
 * @param dnsNames subject alternative names (RFC 5280 section 4.2.1.6): hosts
 * @param addresses IPv4 or IPv6 addresses as text
 * @param uris such as {@code urn:hansard:key-group:trading}
 * @param usages at least one
 * @param validity from now on; ends with the authority's own certificate at the latest
 */
public record CertificateRequest(
        String subject,
        List<String> dnsNames,
        List<String> addresses,
        List<String> uris,
        Set<Usage> usages,
        Duration validity) {
    public CertificateRequest {
        dnsNames = List.copyOf(dnsNames);
        addresses = List.copyOf(addresses);
        uris = List.copyOf(uris);
        usages = Set.copyOf(usages);
    }

    /** What the certificate's key is for. */
    public enum Usage {
        /** Session keys are sealed to it: key encipherment (RSA) or key agreement (EC). */
        OPEN_SESSION_KEYS,
        /** It proves a server's name in TLS. */
        TLS_SERVER,
        /** It proves a client's name in TLS. */
        TLS_CLIENT,
        /** It signs what is not TLS. */
        SIGN
    }
}
