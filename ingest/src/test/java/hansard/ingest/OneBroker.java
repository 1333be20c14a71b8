package hansard.ingest;

import hansard.testkit.TestBroker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One broker for all test classes, because starting it takes longer than they do. Names of calls keep the tests apart. */
final class OneBroker implements ParameterResolver {
    /** Lives until the last test of the run is over. */
    private static final class Held implements AutoCloseable {
        private final Path directory;
        private final TestBroker broker;

        Held() {
            try {
                directory = Files.createTempDirectory("ingest-broker");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            broker = TestBroker.start(directory);
        }

        @Override
        public void close() throws IOException {
            broker.close();
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestBroker.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return context.getRoot()
                .getStore(ExtensionContext.Namespace.create(OneBroker.class))
                .getOrComputeIfAbsent("broker", key -> new Held(), Held.class)
                .broker;
    }
}
