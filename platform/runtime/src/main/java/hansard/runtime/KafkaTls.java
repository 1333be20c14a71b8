package hansard.runtime;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The folder with who is who on Kafka: {@code ca.pem}, the certificate of the authority that both sides trust, and for each party
 * {@code NAME.pem}, its certificate followed by its private key. A process needs {@code ca.pem} and its own file.
 */
public final class KafkaTls {
    private KafkaTls() {}

    /** The authority's certificate. */
    public static Path authority(Path directory) {
        return directory.resolve("ca.pem");
    }

    /** A party's private key and certificate; only its owner may read it. */
    public static Path identity(Path directory, String name) {
        return directory.resolve(name + ".pem");
    }

    /** Properties of a client that presents a party's certificate and speaks TLS 1.3 with brokers of this authority only. */
    public static Map<String, String> client(Path directory, String name) {
        Map<String, String> p = new LinkedHashMap<>(stores(directory, name));
        p.put("security.protocol", "SSL");
        return p;
    }

    /** What client and broker have in common. */
    public static Map<String, String> stores(Path directory, String name) {
        Map<String, String> p = new LinkedHashMap<>();
        p.put("ssl.keystore.type", "PEM");
        p.put("ssl.keystore.location", identity(directory, name).toString());
        p.put("ssl.truststore.type", "PEM");
        p.put("ssl.truststore.location", authority(directory).toString());
        p.put("ssl.enabled.protocols", "TLSv1.3");
        p.put("ssl.protocol", "TLSv1.3");
        return p;
    }
}
