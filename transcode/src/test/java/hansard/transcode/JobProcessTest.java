package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Real processes, ended by real signals. */
class JobProcessTest {
    private final ByteArrayOutputStream made = new ByteArrayOutputStream();
    private final List<Integer> progress = new ArrayList<>();

    @Test
    void processMakesTheSameFileAsIsMadeHere() throws IOException {
        byte[] one = track(TestMedia.burst(440, 0, 3_000));
        byte[] other = track(TestMedia.burst(880, 4_000, 12_000));
        Job.Mix job = new Job.Mix(List.of(Job.Voice.opus(0, 0), Job.Voice.opus(1, 500_000)), 12_500_000, 32_000, 5);
        run(new JobProcess(), job, List.of(TestMedia.scratch(one), TestMedia.scratch(other)));
        SealedScratch here = SealedScratch.create();
        new JobWork(input -> TestMedia.scratch(input == 0 ? one : other), thousandths -> {}).make(job, here);
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        FastStart.copyRange(here, 0, here.size(), Channels.newChannel(expected));
        assertArrayEquals(expected.toByteArray(), made.toByteArray());
        assertEquals(List.of(0, 800), progress);
    }

    @Test
    void mediaThatIsNoneFailsTheJobWithAReason() throws IOException {
        Job.Mix job = new Job.Mix(List.of(Job.Voice.opus(0, 0)), 1_000_000, 32_000, 5);
        List<SeekableByteChannel> junk = List.of(TestMedia.scratch(new byte[5_000]));
        HansardException e = assertThrows(HansardException.class, () -> run(new JobProcess(), job, junk));
        assertEquals(ErrorCode.MEDIA_FAILED, e.code());
        assertTrue(e.getMessage().contains("opening a container"), e.getMessage());
    }

    @Test
    void processThatCrashesIsToldFromAJobThatFails() {
        JobProcess crashing = new JobProcess(Crashing.class.getName(), Duration.ofSeconds(60));
        JobProcess.Crashed e = assertThrows(JobProcess.Crashed.class, () -> run(crashing, silence(), List.of()));
        assertEquals("ended with code 1", e.getMessage()); // what a virtual machine does that may leave no core file
    }

    @Test
    void processThatHangsIsEnded() {
        JobProcess hanging = new JobProcess(Hanging.class.getName(), Duration.ofMillis(1_500));
        JobProcess.Crashed e = assertThrows(JobProcess.Crashed.class, () -> run(hanging, silence(), List.of()));
        assertTrue(e.getMessage().startsWith("said nothing for"), e.getMessage());
    }

    @Test
    void workThatNobodyWantsAnyMoreIsLeft() {
        JobProcess hanging = new JobProcess(Hanging.class.getName(), Duration.ofSeconds(60));
        long until = System.nanoTime() + 500_000_000;
        HansardException e = assertThrows(
                HansardException.class,
                () -> hanging.run(
                        silence(),
                        List.of(),
                        Channels.newChannel(made),
                        progress::add,
                        () -> System.nanoTime() - until > 0));
        assertEquals(ErrorCode.INTERNAL, e.code());
    }

    @Test
    void crashIsTriedOnceMoreAndThenReported() {
        AtomicInteger attempts = new AtomicInteger();
        assertEquals("made", JobProcess.twice("the mix of a call", () -> {
            if (attempts.getAndIncrement() == 0) {
                throw new JobProcess.Crashed("ended by signal 11");
            }
            return "made";
        }));
        attempts.set(0);
        HansardException e = assertThrows(
                HansardException.class,
                () -> JobProcess.twice("the mix of a call", () -> {
                    attempts.incrementAndGet();
                    throw new JobProcess.Crashed("ended by signal 11");
                }));
        assertEquals(2, attempts.get());
        assertEquals(ErrorCode.MEDIA_FAILED, e.code());
        assertTrue(e.getMessage().contains("ended by signal 11"), e.getMessage());
    }

    /** Ends as native code does that reads where nothing is. */
    static final class Crashing {
        private Crashing() {}

        public static void main(String[] arguments) throws IOException, InterruptedException {
            new ProcessBuilder("sh", "-c", "kill -SEGV $PPID").start().waitFor();
            Thread.sleep(10_000);
        }
    }

    static final class Hanging {
        private Hanging() {}

        public static void main(String[] arguments) throws InterruptedException {
            Thread.sleep(30_000);
        }
    }

    private void run(JobProcess process, Job job, List<SeekableByteChannel> inputs) {
        process.run(job, inputs, Channels.newChannel(made), progress::add, () -> false);
    }

    private static Job.Mix silence() {
        return new Job.Mix(List.of(), 1_000_000, 32_000, 5);
    }

    private static byte[] track(TestMedia.Signal signal) throws IOException {
        return TestMedia.track("opus", TestMedia.opus(TestMedia.EPOCH_MICROS, 600, signal));
    }
}
