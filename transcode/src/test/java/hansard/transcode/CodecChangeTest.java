package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import hansard.testkit.Ffmpeg;
import hansard.wire.Codec;
import hansard.wire.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A sender that changes its codec, or the size of its picture: what is kept is decoded by the distribution's ffmpeg. */
class CodecChangeTest {
    private static final long START = TestMedia.EPOCH_MICROS;
    private static final Codec VP8 = Codec.of("vp8");
    private static final Codec H264 = Codec.of("h264");

    @TempDir
    Path directory;

    private static List<Frame> video(String encoder, int second, int width, int height) {
        return TestMedia.video(encoder, START + second * 1_000_000L, 15, 15, 100, width, height);
    }

    private static void addAll(TrackSegments segments, List<Frame> frames, Codec codec) {
        for (Frame frame : frames) {
            assertInstanceOf(TrackSegments.Muxed.class, segments.add(frame, codec));
        }
    }

    private static byte[] bytes(TrackFile file) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        file.copyTo(Channels.newChannel(out));
        return out.toByteArray();
    }

    private List<String> decoded(byte[] track, String extension) throws IOException {
        return Ffmpeg.pictureSizes(Files.write(directory.resolve("track." + extension), track));
    }

    private static List<String> times(int count, String size) {
        return Collections.nCopies(count, size);
    }

    @Test
    void eachCodecIsAFileOfItsOwnAndNoFrameIsLost() throws Exception {
        try (TrackSegments segments = new TrackSegments()) {
            addAll(segments, video("libvpx", 0, 320, 240), VP8);
            addAll(segments, video("libopenh264", 1, 320, 240), H264);
            addAll(segments, video("libvpx", 2, 160, 120), VP8);
            segments.finish();
            assertEquals(3, segments.all().size());
            assertEquals(45, segments.written());
            assertEquals(START, segments.startMicros());
            assertEquals(3_000_000, segments.durationMicros(), 70_000);
            assertEquals(
                    times(15, "320x240"), decoded(bytes(segments.all().get(0).file()), "webm"));
            assertEquals(
                    times(15, "320x240"), decoded(bytes(segments.all().get(1).file()), "mp4"));
            assertEquals(
                    times(15, "160x120"), decoded(bytes(segments.all().get(2).file()), "webm"));
            assertEquals(START + 1_000_000, segments.all().get(1).file().startMicros());
        }
    }

    @Test
    void aCodecThatBeginsWithoutAKeyFrameDoesNotEndTheOneBefore() {
        try (TrackSegments segments = new TrackSegments()) {
            List<Frame> before = video("libvpx", 0, 320, 240);
            addAll(segments, before.subList(0, 10), VP8);
            for (Frame frame : video("libopenh264", 0, 320, 240).subList(1, 5)) {
                assertInstanceOf(TrackSegments.Unkeyed.class, segments.add(frame, H264));
            }
            addAll(segments, before.subList(10, 15), VP8);
            segments.finish();
            assertEquals(1, segments.all().size());
            assertEquals(15, segments.written());
        }
    }

    @Test
    void aSenderThatNeverStopsChangingFillsNoDisk() {
        List<Frame> vp8 = video("libvpx", 0, 160, 120);
        List<Frame> h264 = video("libopenh264", 0, 160, 120);
        List<TrackSegments.Taken> taken = new ArrayList<>();
        try (TrackSegments segments = new TrackSegments()) {
            for (int i = 0; i < TrackSegments.MOST + 10; i++) {
                boolean even = i % 2 == 0;
                taken.add(segments.add((even ? vp8 : h264).getFirst(), even ? VP8 : H264));
            }
            segments.finish();
            assertEquals(TrackSegments.MOST, segments.all().size());
        }
        assertEquals(
                5,
                taken.stream().filter(TrackSegments.Elsewhere.class::isInstance).count());
    }

    @ParameterizedTest
    @CsvSource({"vp8, libvpx, webm", "vp9, libvpx-vp9, webm", "h264, libopenh264, mp4", "av1, libaom-av1, webm"})
    void aSizeThatChangesPlaysOn(String codec, String encoder, String extension) throws Exception {
        try (TrackSegments segments = new TrackSegments()) {
            addAll(segments, video(encoder, 0, 320, 240), Codec.of(codec));
            addAll(segments, video(encoder, 1, 640, 480), Codec.of(codec));
            addAll(segments, video(encoder, 2, 160, 120), Codec.of(codec));
            segments.finish();
            assertEquals(1, segments.all().size());
            List<String> sizes = new ArrayList<>(times(15, "320x240"));
            sizes.addAll(times(15, "640x480"));
            sizes.addAll(times(15, "160x120"));
            assertEquals(sizes, decoded(bytes(segments.all().getFirst().file()), extension));
        }
    }
}
