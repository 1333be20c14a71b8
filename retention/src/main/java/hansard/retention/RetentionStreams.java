package hansard.retention;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.StageContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running Streams application, and reading its store from outside. Thread-safe. */
final class RetentionStreams implements CallStates, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RetentionStreams.class);
    private static final String APPLICATION = "hansard-retention";

    private final KafkaStreams streams;
    private final StateChanges changes;

    private RetentionStreams(KafkaStreams streams, StateChanges changes) {
        this.streams = streams;
        this.changes = changes;
    }

    static RetentionStreams start(RetentionConfig config, RetentionTopology.Parts parts, StageContext context) {
        Properties settings = config.kafka().streams(APPLICATION, config.streamsDirectory());
        // the four sources are read in the order of their times where that is possible without waiting
        settings.put("max.task.idle.ms", 0);
        KafkaStreams streams = new KafkaStreams(RetentionTopology.build(parts), settings);
        streams.setUncaughtExceptionHandler(e -> {
            context.faults().fatal("the Streams application " + APPLICATION, e);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        streams.start();
        return new RetentionStreams(streams, parts.changes());
    }

    @Override
    public Optional<CallState> find(String callId) {
        return read(calls -> Optional.ofNullable(calls.get(callId)));
    }

    @Override
    public List<CallState> where(Predicate<CallState> condition, int limit) {
        return read(calls -> {
            List<CallState> found = new ArrayList<>();
            try (KeyValueIterator<String, CallState> all = calls.all()) {
                while (all.hasNext() && found.size() < limit) {
                    KeyValue<String, CallState> call = all.next();
                    if (condition.test(call.value)) {
                        found.add(call.value);
                    }
                }
            }
            return found;
        });
    }

    @Override
    public boolean awaitOrder(String callId, long offset, Duration atMost) throws InterruptedException {
        return changes.await(atMost, () -> isTaken(callId, offset));
    }

    private boolean isTaken(String callId, long offset) {
        try {
            return find(callId).map(c -> c.orders().offset() >= offset).orElse(false);
        } catch (HansardException e) {
            log.debug("the state is on its way between threads", e);
            return false;
        }
    }

    private boolean isRunning() {
        return streams.state() == KafkaStreams.State.RUNNING;
    }

    /** Empty when it runs. */
    String problem() {
        KafkaStreams.State state = streams.state();
        return isRunning() ? "" : "the Streams application " + APPLICATION + " is " + state;
    }

    // a store may cease to be readable between being found and being read
    private <T> T read(Function<ReadOnlyKeyValueStore<String, CallState>, T> reading) {
        try {
            return reading.apply(streams.store(StoreQueryParameters.fromNameAndType(
                    RetentionTopology.CALLS_STORE, QueryableStoreTypes.keyValueStore())));
        } catch (InvalidStateStoreException e) {
            throw new HansardException(
                    ErrorCode.KAFKA_UNAVAILABLE,
                    "the state of the calls is not ready (" + streams.state() + "); try again in some seconds",
                    e);
        }
    }

    /** Leaves the group at once, so that the next start need not wait for the session to run out. */
    @Override
    public void close() {
        CloseOptions leave = CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(Duration.ofSeconds(15));
        if (!streams.close(leave)) {
            log.warn("{} did not stop within 15 s", APPLICATION);
        }
    }
}
