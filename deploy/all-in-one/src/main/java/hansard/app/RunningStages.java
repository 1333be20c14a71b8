package hansard.app;

import hansard.runtime.StageContext;
import hansard.runtime.StageService;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stages of this process. They start and stop side by side, as they do in a cluster: none waits for another but through Kafka. */
final class RunningStages implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RunningStages.class);

    private final List<StageService> running;

    private RunningStages(List<StageService> running) {
        this.running = running;
    }

    /** How the start of a stage went: one of the two is null. */
    private record Outcome(
            Stage stage,
            @Nullable StageService service,
            @Nullable RuntimeException failure) {}

    /**
     * Returns when all serve. When one does not start, the others are stopped again, and what is thrown is of the first in the data's order.
     *
     * @param progress told which are still being started
     */
    static RunningStages start(Map<Stage, Stage.Ready> ready, StageContext context, Consumer<String> progress) {
        BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
        ready.forEach((stage, made) -> Thread.ofPlatform()
                .name("start " + stage.label())
                .start(() -> outcomes.add(outcome(stage, made, context))));
        Set<Stage> awaited = EnumSet.copyOf(ready.keySet());
        Map<Stage, StageService> started = new EnumMap<>(Stage.class);
        Map<Stage, RuntimeException> failures = new EnumMap<>(Stage.class);
        while (!awaited.isEmpty()) {
            progress.accept(
                    awaited.size() == ready.size()
                            ? "every stage" // all their names are more than a line
                            : awaited.stream().map(Stage::label).collect(Collectors.joining(", ")));
            Outcome outcome = next(outcomes);
            awaited.remove(outcome.stage);
            if (outcome.service != null) {
                started.put(outcome.stage, outcome.service);
            } else if (outcome.failure != null) {
                failures.put(outcome.stage, outcome.failure);
            }
        }
        RunningStages stages = new RunningStages(List.copyOf(started.values()));
        if (!failures.isEmpty()) {
            stages.close();
            throw failures.values().iterator().next();
        }
        return stages;
    }

    private static Outcome outcome(Stage stage, Stage.Ready ready, StageContext context) {
        try {
            return new Outcome(stage, ready.start(context), null);
        } catch (RuntimeException e) {
            return new Outcome(stage, null, e);
        } catch (Error e) { // else nobody would ever hear of it
            return new Outcome(stage, null, new IllegalStateException(stage.label() + " did not start", e));
        }
    }

    /** Waits also when interrupted: a stage that starts must be there to be stopped. */
    private static Outcome next(BlockingQueue<Outcome> outcomes) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return outcomes.take();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The problems that stages report now, each with the stage's name; empty when all is well. */
    List<String> problems() {
        return running.stream()
                .flatMap(s -> s.health().problems().entrySet().stream()
                        .map(p -> s.name() + ": " + p.getKey() + ": " + p.getValue()))
                .toList();
    }

    /** Returns when all have stopped. What is in hand is taken up by the next start. */
    @Override
    public void close() {
        List<Thread> closing = running.stream()
                .map(stage -> Thread.ofPlatform().name("stop " + stage.name()).start(() -> stop(stage)))
                .toList();
        for (Thread thread : closing) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return; // each goes on stopping by itself
            }
        }
    }

    private static void stop(StageService stage) {
        try {
            stage.close();
        } catch (RuntimeException e) {
            log.warn("{} did not stop cleanly: {}", stage.name(), e.getMessage());
        }
    }
}
