package hansard.transcode;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a composite of the tracks it is given, as the process of a job does: {@code composite-vs-ffmpeg} starts it and measures what it
 * costs.
 */
public final class CompositeBenchmark {
    private CompositeBenchmark() {}

    /** @param arguments the file to make, its seconds, the mix, the video tracks */
    public static void main(String[] arguments) throws IOException {
        long micros = Long.parseLong(arguments[1]) * 1_000_000;
        List<Path> inputs = new ArrayList<>();
        List<Job.Tile> tiles = new ArrayList<>();
        for (int i = 2; i < arguments.length; i++) {
            inputs.add(Path.of(arguments[i]));
            if (i > 2) {
                tiles.add(new Job.Tile("Participant " + (i - 2), List.of(new Job.Part(i - 2, 0, micros))));
            }
        }
        Job.Composite job = new Job.Composite(
                tiles, Job.Voice.opus(0, 0), 1_795_132_800_000_000L, micros, 1280, 720, 15, 1_200_000);
        try (SealedScratch made = SealedScratch.create();
                FileChannel to = FileChannel.open(
                        Path.of(arguments[0]),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            new JobWork(input -> FileChannel.open(inputs.get(input)), thousandths -> {}).make(job, made);
            FastStart.copyRange(made, 0, made.size(), to);
        }
    }
}
