package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class JobFormTest {
    private static final Job.Voice VOICE = new Job.Voice(
            3,
            "opus",
            2,
            -40_000,
            9_000_000,
            List.of(new Job.Loss(1, 2), new Job.Loss(3, 4)),
            List.of(new Job.Pause(5, 6)),
            List.of(new Job.Quiet(7, 8)));

    @Test
    void jobIsReadAsItWasWritten() {
        Job.Tile tile = new Job.Tile("Zoë Müller", List.of(new Job.Part(0, 1, 2), new Job.Part(1, 3, 4)));
        for (Job job : List.of(
                new Job.Mix(List.of(VOICE, Job.Voice.opus(4, 9)), 10, 32_000, 5),
                new Job.Composite(List.of(tile, new Job.Tile("", List.of())), VOICE, 1, 2, 1280, 720, 15, 6),
                new Job.Composite(List.of(), null, 1, 2, 1280, 720, 15, 6))) {
            assertEquals(job, JobForm.of(JobForm.bytes(job)));
        }
    }

    @Test
    void whatIsCutShortIsNoJob() {
        byte[] whole = JobForm.bytes(new Job.Mix(List.of(VOICE), 10, 32_000, 5));
        assertThrows(IllegalArgumentException.class, () -> JobForm.of(Arrays.copyOf(whole, whole.length - 1)));
    }
}
