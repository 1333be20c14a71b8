package hansard.console;

import static hansard.fuzz.Promises.hold;

import hansard.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** No address leads out of the page's own folders on the class path. */
public final class PageFilesFuzz implements FuzzTarget {
    private static final Path OURS = Path.of("/hansard/console/page/app");
    private static final Path LIBRARIES = Path.of("/META-INF/resources/webjars");

    @Override
    public List<byte[]> seeds() {
        return List.of(
                bytes("/app/main.js"),
                bytes("/app/views/call.css"),
                bytes("/webjars/lit/index.js"),
                bytes("/webjars/lit-html/directives/repeat.js"),
                bytes("/app/../../../etc/passwd"),
                bytes("/app/%2e%2e/x.js"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void run(byte[] input) {
        String path = new String(input, StandardCharsets.UTF_8);
        Optional<String> resource = PageFiles.resource(path);
        resource.ifPresent(name -> {
            Path plain = Path.of("/" + name);
            Path normal = plain.normalize();
            hold(plain.equals(normal), "a name with dots in it");
            hold(normal.startsWith(OURS) || normal.startsWith(LIBRARIES), "a name outside the page's folders");
            hold(!name.endsWith(".class") && name.matches("[A-Za-z0-9_./-]+"), "a name of another kind of file");
        });
    }
}
