package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.testkit.Require;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The picture of all participants, looked at with the distribution's ffmpeg. */
class CompositeTest {
    private static final long START = TestMedia.EPOCH_MICROS;

    @TempDir
    Path directory;

    @Test
    void everybodyIsInTheirTileAtTheirTime() throws IOException, InterruptedException {
        List<byte[]> inputs = List.of(
                TestMedia.track("vp8", TestMedia.video("libvpx", START, 60, 15, 15, 320, 240)),
                TestMedia.track("h264", TestMedia.video("libopenh264", START, 30, 15, 15, 160, 160)),
                TestMedia.track("opus", TestMedia.opus(START, 300, TestMedia.burst(1_000, 1_000, 2_000))));
        Job.Composite job = new Job.Composite(
                List.of(
                        new Job.Tile("Alice Müller", List.of(new Job.Part(0, 0, 4_000_000))),
                        new Job.Tile("Боб: it's 100% %{pts} \\ 'x'", List.of(new Job.Part(1, 2_000_000, 2_000_000))),
                        new Job.Tile("no camera", List.of())),
                Job.Voice.opus(2, 0),
                START,
                6_000_000,
                640,
                360,
                15,
                600_000);
        List<Integer> progress = new ArrayList<>();
        SealedScratch made = SealedScratch.create();
        new JobWork(input -> TestMedia.scratch(inputs.get(input)), progress::add).make(job, made);
        assertEquals(List.of(0, 166, 333, 500, 666, 833), progress);
        Path file = directory.resolve("composite.webm");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        FastStart.copyRange(made, 0, made.size(), Channels.newChannel(bytes));
        Files.write(file, bytes.toByteArray());

        Require.present(Files.isExecutable(Path.of("/usr/bin/ffmpeg")), "ffmpeg");
        byte[] atOne = luma(file, "1");
        assertTrue(mean(atOne, 60, 20, 200, 100) > 60, "Alice is seen");
        assertTrue(mean(atOne, 400, 20, 160, 100) < 45, "Bob has not come yet");
        assertTrue(mean(atOne, 170, 180, 300, 100) < 45, "a tile without a camera");
        assertTrue(brightest(atOne, 4, 150, 60, 16) > 200, "her name");
        assertTrue(brightest(atOne, 0, 340, 200, 20) > 200, "the time");
        byte[] atThree = luma(file, "3.5");
        assertTrue(mean(atThree, 400, 20, 160, 100) > 60, "Bob is seen");
        byte[] atFive = luma(file, "4.9");
        assertTrue(mean(atFive, 60, 20, 200, 100) < 45, "Alice has gone");
        assertEquals("", run("ffmpeg", "-v", "error", "-i", file.toString(), "-f", "null", "-"), "a decoder complains");
        assertEquals(
                "vp8\nopus",
                run(
                                "ffprobe",
                                "-v",
                                "error",
                                "-show_entries",
                                "stream=codec_name",
                                "-of",
                                "default=nk=1:nw=1",
                                file.toString())
                        .strip());
    }

    @Test
    void gridHasRoomForEverybodyAndNoTwoShareIt() {
        for (int tiles = 1; tiles <= 50; tiles++) {
            Grid grid = Grid.of(tiles, 1280, 690, 4);
            boolean[] taken = new boolean[1280 * 690];
            for (int i = 0; i < tiles; i++) {
                Canvas.Area area = grid.area(i);
                assertEquals(0, (area.x() | area.y() | area.width() | area.height()) & 1, "even");
                for (int y = area.y(); y < area.y() + area.height(); y++) {
                    for (int x = area.x(); x < area.x() + area.width(); x++) {
                        assertTrue(!taken[y * 1280 + x], tiles + " tiles");
                        taken[y * 1280 + x] = true;
                    }
                }
            }
        }
    }

    private byte[] luma(Path file, String second) throws IOException, InterruptedException {
        Path raw = directory.resolve("y.raw");
        run(
                "ffmpeg",
                "-v",
                "error",
                "-y",
                "-ss",
                second,
                "-i",
                file.toString(),
                "-frames:v",
                "1",
                "-vf",
                "extractplanes=y",
                "-f",
                "rawvideo",
                raw.toString());
        return Files.readAllBytes(raw);
    }

    private static double mean(byte[] luma, int x, int y, int width, int height) {
        long sum = 0;
        for (int i = 0; i < width * height; i++) {
            sum += luma[(y + i / width) * 640 + x + i % width] & 0xff;
        }
        return (double) sum / width / height;
    }

    private static int brightest(byte[] luma, int x, int y, int width, int height) {
        int most = 0;
        for (int i = 0; i < width * height; i++) {
            most = Math.max(most, luma[(y + i / width) * 640 + x + i % width] & 0xff);
        }
        return most;
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
        return said;
    }
}
