package hansard.testkit;

import hansard.broker.EmbeddedBroker;
import hansard.runtime.KafkaSettings;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A real broker for a test, on a free port, with its data in the test's own directory. */
public final class TestBroker implements AutoCloseable {
    private final EmbeddedBroker broker;
    private final CopyOnWriteArrayList<Throwable> faults;

    private TestBroker(EmbeddedBroker broker, CopyOnWriteArrayList<Throwable> faults) {
        this.broker = broker;
        this.faults = faults;
    }

    public static TestBroker start(Path directory) {
        CopyOnWriteArrayList<Throwable> faults = new CopyOnWriteArrayList<>();
        return new TestBroker(EmbeddedBroker.start(directory, 0, (where, cause) -> faults.add(cause)), faults);
    }

    /** How to reach it; two partitions a topic. */
    public KafkaSettings kafka() {
        return new KafkaSettings(broker.bootstrap(), "test", 2, 1, Map.of());
    }

    @Override
    public void close() {
        broker.close();
        if (!faults.isEmpty()) {
            throw new AssertionError("the broker failed during the test", faults.getFirst());
        }
    }
}
