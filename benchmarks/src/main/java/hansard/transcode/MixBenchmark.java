package hansard.transcode;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** Mixes the tracks it is given, as the process of a job does: {@code mix-vs-ffmpeg} starts it and measures what it costs. */
public final class MixBenchmark {
    private MixBenchmark() {}

    /** @param arguments the file to make, its seconds, the encoder's complexity, the Opus tracks */
    public static void main(String[] arguments) throws IOException {
        long micros = Long.parseLong(arguments[1]) * 1_000_000;
        List<Path> inputs = new ArrayList<>();
        List<Job.Voice> voices = new ArrayList<>();
        for (int i = 3; i < arguments.length; i++) {
            voices.add(Job.Voice.opus(inputs.size(), 0));
            inputs.add(Path.of(arguments[i]));
        }
        Job.Mix job = new Job.Mix(voices, micros, 32_000, Integer.parseInt(arguments[2]));
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
