package hansard.transcribe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class RecogniserProcessTest {
    private static final Path ANY = Path.of("target");

    /** Says that it is ready, and ends like a native crash when it is asked the first thing. */
    static final class Crashing {
        private Crashing() {}

        public static void main(String[] arguments) throws IOException {
            ready();
            new DataInputStream(System.in).readUnsignedByte();
            Runtime.getRuntime().halt(134);
        }
    }

    /** Says that it is ready, and nothing more. */
    static final class Hanging {
        private Hanging() {}

        public static void main(String[] arguments) throws IOException, InterruptedException {
            ready();
            Thread.sleep(Duration.ofMinutes(5));
        }
    }

    /** Ends before it is ready. */
    static final class Stillborn {
        private Stillborn() {}

        public static void main(String[] arguments) {
            Runtime.getRuntime().halt(1);
        }
    }

    private static void ready() throws IOException {
        DataOutputStream out = new DataOutputStream(System.out);
        out.writeByte(RecogniserMessage.READY.ordinal());
        out.writeInt(0);
        out.flush();
    }

    @Test
    void aCrashIsToldToWhoAskedAndTheNextGetsAnotherProcess() {
        int[] started = new int[1];
        try (Recognisers recognisers = new Recognisers("crashing", () -> {
            started[0]++;
            return RecogniserProcess.start(ANY, 1, Crashing.class.getName(), Duration.ofMinutes(1));
        })) {
            for (int i = 1; i <= 2; i++) {
                try (Listening listening = recognisers.listen()) {
                    RecogniserProcess.Crashed crash = assertThrows(
                            RecogniserProcess.Crashed.class, () -> listening.hear(new byte[320], true, false));
                    assertEquals("ended by signal 6", crash.getMessage());
                }
                assertEquals(i, started[0]);
            }
        }
    }

    @Test
    void oneThatIsKilledWhileItLoadsIsACrashIfTheModelWasLoadedBefore() {
        String[] programs = {Stillborn.class.getName(), Crashing.class.getName(), Stillborn.class.getName()};
        int[] started = new int[1];
        try (Recognisers recognisers = new Recognisers(
                "crashing", () -> RecogniserProcess.start(ANY, 1, programs[started[0]++], Duration.ofMinutes(1)))) {
            assertEquals(
                    ErrorCode.MODEL_MISSING,
                    assertThrows(HansardException.class, recognisers::listen).code());
            try (Listening listening = recognisers.listen()) {
                assertThrows(RecogniserProcess.Crashed.class, () -> listening.hear(new byte[320], true, false));
            }
            RecogniserProcess.Crashed crash = assertThrows(RecogniserProcess.Crashed.class, recognisers::listen);
            assertTrue(String.valueOf(crash.getMessage()).contains("could not be begun again"), crash.getMessage());
        }
    }

    @Test
    void oneThatSaysNothingIsEnded() {
        try (RecogniserProcess hanging =
                RecogniserProcess.start(ANY, 1, Hanging.class.getName(), Duration.ofMillis(1_500))) {
            assertThrows(RecogniserProcess.Crashed.class, () -> hanging.hear(0, new byte[320], true, false));
            assertFalse(hanging.isAlive());
        }
    }

    @Test
    void oneThatDoesNotBeginIsAModelThatCannotBeUsed() {
        Exception e = assertThrows(
                HansardException.class,
                () -> RecogniserProcess.start(ANY, 1, Stillborn.class.getName(), Duration.ofMinutes(1)));
        assertTrue(String.valueOf(e.getMessage()).contains("ended with code 1"), e.getMessage());
    }
}
