package hansard.broker;

import hansard.runtime.KafkaTls;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the broker listens and to whom.
 *
 * @param bind the address it listens on
 * @param advertised the host that clients are told to come back to; must be in the broker's certificate
 * @param certificates the folder with {@code ca.pem} and {@code broker.pem}; null for no protection at all
 */
public record Listener(
        String bind, String advertised, @Nullable Path certificates) {
    /** Name of the broker's file below {@code certificates}, and of its certificate: {@code CN=hansard-broker}. */
    public static final String BROKER = "broker";

    private static final String LOOPBACK = "127.0.0.1";

    /** On the loopback address, for everybody there. */
    static Listener plain() {
        return new Listener(LOOPBACK, LOOPBACK, null);
    }

    /** On the loopback address, for clients with certificates. */
    public static Listener secured(Path certificates) {
        return new Listener(LOOPBACK, LOOPBACK, certificates);
    }

    Map<String, String> settings(int broker, int controller) {
        String protocol = certificates == null ? "PLAINTEXT" : "SSL";
        Map<String, String> c = new LinkedHashMap<>();
        c.put("listeners", "CLIENTS://" + bind + ":" + broker + ",CONTROLLER://" + LOOPBACK + ":" + controller);
        c.put("advertised.listeners", "CLIENTS://" + advertised + ":" + broker);
        c.put("inter.broker.listener.name", "CLIENTS");
        c.put("controller.listener.names", "CONTROLLER");
        c.put("listener.security.protocol.map", "CLIENTS:" + protocol + ",CONTROLLER:" + protocol);
        if (certificates != null) {
            c.putAll(KafkaTls.stores(certificates, BROKER));
            c.put("ssl.client.auth", "required");
            c.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
            c.put("allow.everyone.if.no.acl.found", "false");
            c.put("super.users", "User:CN=hansard-" + BROKER + ";User:CN=hansard-admin");
        }
        return c;
    }
}
