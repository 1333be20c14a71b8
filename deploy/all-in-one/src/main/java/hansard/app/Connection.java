package hansard.app;

import hansard.runtime.ErrorCode;
import hansard.runtime.Faults;
import hansard.runtime.HansardException;
import hansard.runtime.Secret;
import hansard.runtime.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A way to an API for a command: a running instance, or an all-in-one started for the command and stopped with it.
 *
 * @param own the all-in-one that belongs to this command, if any
 */
record Connection(ApiClient api, @Nullable AllInOne own) implements AutoCloseable {
    private static final long READY_WITHIN_NANOS = 120_000_000_000L;

    /** The instance behind {@code --api}. The token is the instance's own, or {@code HANSARD_TOKEN}. */
    static Connection to(String url, String as) {
        String token = System.getenv("HANSARD_TOKEN");
        Optional<RunningInstance> instance = RunningInstance.at(url);
        if (token == null && instance.isEmpty()) {
            throw new HansardException(
                    ErrorCode.UNAUTHENTICATED,
                    "no instance of this user listens at " + url
                            + ", and HANSARD_TOKEN is not set. Start one with 'hansard up', or"
                            + " set HANSARD_TOKEN to a token from POST " + url + "/v1/session.");
        }
        String secret = token != null ? token : instance.orElseThrow().readToken();
        String api = instance.map(RunningInstance::api).orElse(url);
        return new Connection(new ApiClient(api, Secret.of(secret), as), null);
    }

    /** The instance that runs on a data directory, or one started on it. */
    static Connection on(Path data, String as, Map<String, String> defaults, Faults faults, Consumer<String> progress) {
        Optional<RunningInstance> running = RunningInstance.on(data);
        if (running.isPresent()) {
            RunningInstance i = running.get();
            return new Connection(new ApiClient(i.api(), Secret.of(i.readToken()), as), null);
        }
        AllInOne own = AllInOne.start(Settings.load(null, defaults, System.getenv()), data, false, faults, progress);
        RunningInstance i = own.instance();
        try {
            awaitReady(own);
            return new Connection(new ApiClient(i.api(), Secret.of(i.readToken()), as), own);
        } catch (RuntimeException e) {
            own.close();
            throw e;
        }
    }

    static void mustExist(Path data) {
        if (!Files.isDirectory(data.resolve("kafka"))) {
            throw new HansardException(
                    ErrorCode.NOT_FOUND,
                    data + " holds no recordings. Record one there with 'hansard demo --data " + data
                            + "', or give another" + " directory with --data.");
        }
    }

    /** Waits until no stage has anything to complain of, such as an index that is still catching up. */
    static void awaitReady(AllInOne own) {
        long deadline = System.nanoTime() + READY_WITHIN_NANOS;
        while (!own.problems().isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new HansardException(ErrorCode.INTERNAL, "not ready after two minutes: " + own.problems());
            }
            LockSupport.parkNanos(50_000_000);
        }
    }

    @Override
    public void close() {
        api.close();
        if (own != null) {
            own.close();
        }
    }
}
