package hansard.testkit;

import hansard.broker.EmbeddedBroker;
import hansard.runtime.KafkaSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;

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

    /**
     * Forgets how far consumer groups have read whose processes have ended: what they find that are killed after their output was durable and
     * before they committed what they had read.
     */
    public void forgetWhatWasRead(String... groups) {
        try (Admin admin = Admin.create(kafka().common())) {
            for (String group : groups) {
                admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
                        .all()
                        .get();
            }
            admin.deleteConsumerGroups(List.of(groups)).all().get();
        } catch (ExecutionException e) {
            throw new AssertionError("what groups " + List.of(groups) + " have read is not forgotten", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    @Override
    public void close() {
        broker.close();
        if (!faults.isEmpty()) {
            throw new AssertionError("the broker failed during the test", faults.getFirst());
        }
    }
}
