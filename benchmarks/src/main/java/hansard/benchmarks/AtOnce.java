package hansard.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** What happens at the same time, each in a thread of its own. */
final class AtOnce {
    interface Task {
        void run() throws IOException, InterruptedException;
    }

    private AtOnce() {}

    /** Returns when all have ended. @throws IOException when one failed */
    static void all(List<? extends Task> tasks) throws IOException, InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(tasks.size())) {
            List<Future<Boolean>> running = new ArrayList<>();
            for (Task task : tasks) {
                running.add(threads.submit(() -> {
                    task.run();
                    return true;
                }));
            }
            for (Future<Boolean> one : running) {
                boolean unused = one.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof UncheckedIOException failed
                    ? failed.getCause()
                    : new IOException("one of " + tasks.size() + " failed: " + e.getCause(), e);
        }
    }
}
