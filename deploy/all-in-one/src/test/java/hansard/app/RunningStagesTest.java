package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Health;
import hansard.runtime.StageContext;
import hansard.runtime.StageService;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The real stages start side by side in every test of a whole call; here, what none of them does when it is well. */
class RunningStagesTest {
    private static final StageContext CONTEXT =
            new StageContext(InstantSource.system(), new SimpleMeterRegistry(), (where, cause) -> {});

    private final Set<String> stopped = new ConcurrentSkipListSet<>();

    private final class Fake implements StageService {
        private final String name;
        private final Health health = new Health();

        Fake(String name) {
            this.name = name;
            health.check("clock", () -> name.equals("index") ? "is slow" : "");
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public Health health() {
            return health;
        }

        @Override
        public void close() {
            stopped.add(name);
            if (name.equals("ingest")) {
                throw new IllegalStateException("does not stop cleanly");
            }
        }
    }

    private Map<Stage, Stage.Ready> all() {
        Map<Stage, Stage.Ready> ready = new EnumMap<>(Stage.class);
        for (Stage stage : Stage.values()) {
            ready.put(stage, context -> new Fake(stage.label()));
        }
        return ready;
    }

    private static Set<String> labels() {
        Set<String> labels = new ConcurrentSkipListSet<>();
        for (Stage stage : Stage.values()) {
            labels.add(stage.label());
        }
        return labels;
    }

    @Test
    void noneWaitsForAnotherAndAllAreStopped() {
        CountDownLatch everybody = new CountDownLatch(Stage.values().length);
        Map<Stage, Stage.Ready> ready = all();
        ready.replaceAll((stage, made) -> context -> {
            everybody.countDown();
            try {
                assertTrue(everybody.await(1, TimeUnit.MINUTES), stage + " started alone");
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return made.start(context);
        });
        List<String> told = new ArrayList<>();
        RunningStages stages = RunningStages.start(ready, CONTEXT, told::add);
        assertEquals("every stage", told.getFirst());
        assertEquals(Stage.values().length, told.size());
        told.forEach(names -> assertTrue(("starting " + names + " …").length() < 80, names));
        assertEquals(List.of("index: clock: is slow"), stages.problems());
        assertEquals(Set.of(), stopped);
        stages.close();
        assertEquals(labels(), stopped);
    }

    @Test
    void whenSomeDoNotStartTheOthersAreStoppedAndTheFirstOfThemIsSaid() {
        HansardException first = new HansardException(ErrorCode.MODEL_MISSING, "no model");
        Map<Stage, Stage.Ready> ready = all();
        ready.put(Stage.TRANSCRIBE, context -> {
            throw first;
        });
        ready.put(Stage.CONSOLE, context -> {
            throw new StackOverflowError();
        });
        assertSame(first, assertThrows(HansardException.class, () -> RunningStages.start(ready, CONTEXT, names -> {})));
        Set<String> others = labels();
        others.removeAll(Set.of("transcribe", "console"));
        assertEquals(others, stopped);
    }

    @Test
    void whoIsInterruptedStillHasWhatStarted() {
        Thread.currentThread().interrupt();
        RunningStages stages = RunningStages.start(all(), CONTEXT, names -> {});
        assertTrue(Thread.interrupted());
        stages.close();
        assertEquals(labels(), stopped);
    }
}
