package hansard.app;

import java.net.URISyntaxException;
import java.nio.file.Path;

/** Where the build puts the speech model: {@code models/} beside the folder of this program's jars. */
final class ModelPath {
    private ModelPath() {}

    static Path bundled() {
        String given = System.getProperty("hansard.models");
        if (given != null) {
            return Path.of(given, "vosk-en-us-0.3.45");
        }
        try {
            Path jar = Path.of(ModelPath.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            // in a build tree classes are in target/classes, packaged in target/app/lib/NAME.jar
            Path app =
                    jar.toString().endsWith(".jar") ? jar.resolveSibling("..").normalize() : jar.resolveSibling("app");
            return app.resolve("models").resolve("vosk-en-us-0.3.45");
        } catch (URISyntaxException e) {
            throw new IllegalStateException("this program's own place is not a path", e);
        }
    }
}
