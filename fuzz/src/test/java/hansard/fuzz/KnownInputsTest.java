package hansard.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What fuzzing does in seconds: every seed and every input that once was a finding, and near misses of them. */
class KnownInputsTest {
    private static final int NEAR_MISSES = 400;

    @TestFactory
    Stream<DynamicTest> everyPromiseHoldsForWhatIsKnown() {
        return FuzzTargets.ALL.stream()
                .map(target -> DynamicTest.dynamicTest(target.name(), () -> {
                    List<byte[]> inputs = FuzzTargets.known(target);
                    assertFalse(inputs.isEmpty(), "a target without a seed");
                    for (byte[] input : inputs) {
                        Promises.withinMemory(target, input);
                    }
                    Random random = new Random(7);
                    for (int i = 0; i < NEAR_MISSES; i++) {
                        Promises.withinMemory(target, nearMiss(inputs.get(random.nextInt(inputs.size())), random));
                    }
                }));
    }

    /** One to three bytes changed, half of the time cut short too. The same on every machine. */
    private static byte[] nearMiss(byte[] input, Random random) {
        byte[] changed = random.nextBoolean() ? input.clone() : Arrays.copyOf(input, random.nextInt(input.length + 1));
        for (int i = 1 + random.nextInt(3); i > 0 && changed.length > 0; i--) {
            changed[random.nextInt(changed.length)] = (byte) random.nextInt();
        }
        return changed;
    }

    @Test
    void everyTargetHasANameOfItsOwn() {
        long names = FuzzTargets.ALL.stream().map(FuzzTarget::name).distinct().count();
        assertEquals(FuzzTargets.ALL.size(), names);
    }

    @Test
    void everyFindingIsOfATargetThatRunsIt() throws Exception {
        Path found = Path.of(Objects.requireNonNull(KnownInputsTest.class.getResource(FuzzTargets.FOUND))
                .toURI());
        List<String> targets = FuzzTargets.ALL.stream().map(FuzzTarget::name).toList();
        try (Stream<Path> folders = Files.list(found)) {
            folders.forEach(folder -> assertTrue(
                    targets.contains(String.valueOf(folder.getFileName())), () -> folder + " is of no target"));
        }
    }

    @Test
    void aTargetThatAllocatesWithoutNeedIsCaught() {
        FuzzTarget greedy = new FuzzTarget() {
            @Override
            public List<byte[]> seeds() {
                return List.of();
            }

            @Override
            public void run(byte[] input) {
                assertNotNull(new byte[200 << 20]);
            }
        };
        org.junit.jupiter.api.Assertions.assertThrows(
                AssertionError.class, () -> Promises.withinMemory(greedy, new byte[10]));
    }
}
