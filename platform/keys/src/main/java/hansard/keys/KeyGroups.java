package hansard.keys;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which group of workers opens a tenant's keys. A certificate says its groups in URI alternative names, {@code
 * urn:hansard:key-group:NAME}.
 *
 * @param common the group of every tenant that has none of its own
 * @param byTenant tenants with a group of their own
 */
public record KeyGroups(String common, Map<String, String> byTenant) {
    public static final String DEFAULT = "default";
    private static final String PREFIX = "urn:hansard:key-group:";

    /** RFC 5280 section 4.2.1.6: uniformResourceIdentifier is [6]. */
    private static final int URI = 6;

    public KeyGroups {
        byTenant = Map.copyOf(byTenant);
    }

    /** The alternative name that puts a certificate into a group. */
    public static String uri(String group) {
        return PREFIX + group;
    }

    /** The groups a certificate is in. */
    public static Set<String> of(X509Certificate certificate) {
        Set<String> groups = new TreeSet<>();
        try {
            var names = certificate.getSubjectAlternativeNames();
            for (List<?> name : names == null ? List.<List<?>>of() : names) {
                if (Integer.valueOf(URI).equals(name.get(0))
                        && name.get(1) instanceof String uri
                        && uri.startsWith(PREFIX)) {
                    groups.add(uri.substring(PREFIX.length()));
                }
            }
        } catch (CertificateParsingException e) {
            return Set.of(); // names that cannot be read put it into no group
        }
        return groups;
    }

    String ofTenant(String tenant) {
        return byTenant.getOrDefault(tenant, common);
    }
}
