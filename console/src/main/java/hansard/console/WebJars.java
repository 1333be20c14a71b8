package hansard.console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;

/** Which version of a WebJar is on the class path, so that the page's addresses need not say. */
final class WebJars {
    private static final Map<String, Optional<String>> VERSIONS = new ConcurrentHashMap<>();

    private WebJars() {}

    /** @param name as in the jar, such as {@code lit__reactive-element}; letters, {@code _} and {@code -} only */
    static Optional<String> version(String name) {
        return VERSIONS.computeIfAbsent(name, WebJars::read);
    }

    private static Optional<String> read(String name) {
        String file = "META-INF/maven/org.webjars.npm/" + name + "/pom.properties";
        try (InputStream in = WebJars.class.getClassLoader().getResourceAsStream(file)) {
            if (in == null) {
                return Optional.empty();
            }
            Properties properties = new Properties();
            properties.load(in);
            return Optional.ofNullable(properties.getProperty("version"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + " from the class path", e);
        }
    }
}
