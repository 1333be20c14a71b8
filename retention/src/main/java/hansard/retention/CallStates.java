package hansard.retention;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Reading the state of calls from outside the Streams application. */
interface CallStates {
    /** @throws hansard.runtime.HansardException KAFKA_UNAVAILABLE while the state is being loaded */
    Optional<CallState> find(String callId);

    List<CallState> where(Predicate<CallState> condition, int limit);

    /** Waits until the order at an offset is in the state. @return false when it is still not after the time given */
    boolean awaitOrder(String callId, long offset, Duration atMost) throws InterruptedException;
}
