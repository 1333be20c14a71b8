package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.testkit.Require;
import hansard.wire.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The containers, measured: read back by FFmpeg's demuxers and, where it is installed, by the distribution's ffprobe. */
class TrackFileTest {
    private static final long START = TestMedia.EPOCH_MICROS;

    @TempDir
    Path directory;

    private record Made(byte[] bytes, long startMicros, long durationMicros, String contentType) {}

    private static Made make(String codec, List<Frame> frames) {
        FrameGate gate = TestMedia.gate(codec).orElseThrow();
        try (TrackFile file = new TrackFile()) {
            for (Frame frame : frames) {
                file.add(frame, (FrameGate.Usable) gate.look(frame.payload().array()));
            }
            file.finish();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            file.copyTo(Channels.newChannel(out));
            return new Made(
                    out.toByteArray(),
                    file.startMicros(),
                    file.durationMicros(),
                    file.format().contentType());
        }
    }

    private static List<Demuxer.Packet> read(byte[] bytes) throws IOException {
        try (Demuxer demuxer = new Demuxer(TestMedia.scratch(bytes))) {
            List<Demuxer.Packet> packets = new ArrayList<>();
            for (Optional<Demuxer.Packet> p = demuxer.next(); p.isPresent(); p = demuxer.next()) {
                packets.add(p.get());
            }
            return packets;
        }
    }

    private static void assertSamePackets(List<Frame> frames, List<Demuxer.Packet> packets, long toleranceMicros) {
        assertEquals(frames.size(), packets.size());
        for (int i = 0; i < frames.size(); i++) {
            assertArrayEquals(frames.get(i).payload().array(), packets.get(i).payload(), "packet " + i);
            long at = frames.get(i).mediaMicros() - frames.get(0).mediaMicros();
            assertEquals(at, packets.get(i).atMicros(), toleranceMicros, "time of packet " + i);
        }
    }

    @Test
    void opusIsMuxedAsItIs() throws Exception {
        List<Frame> frames = TestMedia.opus(START, 500, TestMedia.tone(440));
        Made made = make("opus", frames);
        assertEquals("audio/webm", made.contentType());
        assertEquals(START, made.startMicros());
        assertEquals(frames.size() * 20_000L, made.durationMicros());
        assertSamePackets(frames, read(made.bytes()), 1_000);
        assertDurationAndSeek(made, 7_000_000, 5_000_000); // an index entry every 5 s
        assertProbesClean(made, "webm", "opus");
    }

    @Test
    void gapsOfDtxKeepTheirTime() throws Exception {
        List<Frame> all = TestMedia.opus(START, 400, TestMedia.tone(440));
        List<Frame> sent = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (i < 50 || i >= 300 || i % 20 == 0) {
                sent.add(all.get(i));
            }
        }
        Made made = make("opus", sent);
        assertEquals(8_000_000, made.durationMicros());
        assertSamePackets(sent, read(made.bytes()), 1_000);
        assertProbesClean(made, "webm", "opus");
    }

    @Test
    void vp8BeginsWithItsFirstKeyFrame() throws Exception {
        List<Frame> frames = TestMedia.video("libvpx", START, 150, 15, 45, 320, 240);
        Made made = make("vp8", frames.subList(5, frames.size()));
        assertEquals("video/webm", made.contentType());
        int first = 5;
        while (!frames.get(first).keyframe()) {
            first++;
        }
        assertEquals(frames.get(first).mediaMicros(), made.startMicros());
        assertSamePackets(frames.subList(first, frames.size()), read(made.bytes()), 1_000);
        assertDurationAndSeek(made, 4_000_000, 3_100_000);
        assertProbesClean(made, "webm", "vp8");
    }

    @Test
    void h264IsMuxedWithItsIndexFirst() throws Exception {
        List<Frame> frames = TestMedia.video("libopenh264", START, 150, 15, 30, 320, 240);
        Made made = make("h264", frames);
        assertEquals("video/mp4", made.contentType());
        List<Demuxer.Packet> packets = read(made.bytes());
        assertEquals(frames.size(), packets.size());
        for (int i = 0; i < frames.size(); i++) {
            assertArrayEquals(
                    lengthPrefixed(frames.get(i).payload().array()),
                    packets.get(i).payload(),
                    "unit " + i);
            assertEquals(frames.get(i).mediaMicros() - START, packets.get(i).atMicros(), 100, "time of unit " + i);
            assertEquals(frames.get(i).keyframe(), packets.get(i).keyframe());
        }
        String text = new String(made.bytes(), StandardCharsets.ISO_8859_1);
        assertTrue(text.indexOf("moov") < text.indexOf("mdat"));
        assertDurationAndSeek(made, 5_000_000, 2_100_000);
        assertProbesClean(made, "mp4", "h264");
    }

    /** NAL units as MP4 has them (ISO/IEC 14496-15): a four-byte length each. */
    private static byte[] lengthPrefixed(byte[] unit) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] nal : AnnexB.nals(unit)) {
            out.writeBytes(ByteBuffer.allocate(4).putInt(nal.length).array());
            out.writeBytes(nal);
        }
        return out.toByteArray();
    }

    @Test
    void theSizeIsReadFromTheParameterSet() {
        for (int[] size : new int[][] {{320, 240}, {640, 360}, {1280, 720}, {178, 102}}) {
            byte[] first = TestMedia.video("libopenh264", START, 1, 15, 30, size[0], size[1])
                    .getFirst()
                    .payload()
                    .array();
            byte[] sps = AnnexB.nals(first).stream()
                    .filter(n -> AnnexB.type(n) == AnnexB.SPS)
                    .findFirst()
                    .orElseThrow();
            assertEquals(Optional.of(new H264Sps(size[0], size[1])), H264Sps.of(sps));
        }
    }

    @Test
    void theSameFramesMakeTheSameBytes() {
        List<Frame> opus = TestMedia.opus(START, 100, TestMedia.tone(440));
        assertArrayEquals(make("opus", opus).bytes(), make("opus", opus).bytes());
        List<Frame> vp8 = TestMedia.video("libvpx", START, 30, 15, 10, 160, 120);
        assertArrayEquals(make("vp8", vp8).bytes(), make("vp8", vp8).bytes());
        List<Frame> h264 = TestMedia.video("libopenh264", START, 30, 15, 10, 160, 120);
        assertArrayEquals(make("h264", h264).bytes(), make("h264", h264).bytes());
    }

    @Test
    void videoWithoutAKeyFrameIsNoTrack() {
        List<Frame> frames = TestMedia.video("libvpx", START, 20, 15, 100, 160, 120);
        FrameGate gate = TestMedia.gate("vp8").orElseThrow();
        try (TrackFile file = new TrackFile()) {
            for (Frame frame : frames.subList(1, frames.size())) {
                FrameGate.Usable look =
                        (FrameGate.Usable) gate.look(frame.payload().array());
                assertTrue(file.add(frame, look).isEmpty());
            }
            file.finish();
            assertTrue(file.isEmpty());
        }
    }

    private static void assertDurationAndSeek(Made made, long seekMicros, long maxBefore) throws IOException {
        try (Demuxer demuxer = new Demuxer(TestMedia.scratch(made.bytes()))) {
            var stream = demuxer.context().streams(0); // MP4 says it per track, WebM for the whole
            long micros = demuxer.context().duration() > 0
                    ? demuxer.context().duration()
                    : stream.duration() * 1_000_000 / stream.time_base().den();
            assertEquals(made.durationMicros(), micros, 100_000, "duration in the header");
            demuxer.seek(seekMicros);
            Demuxer.Packet landed = demuxer.next().orElseThrow();
            assertTrue(landed.keyframe());
            assertTrue(
                    landed.atMicros() <= seekMicros + 1_000 && landed.atMicros() >= seekMicros - maxBefore,
                    "landed at " + landed.atMicros());
        }
    }

    /** Decodes all of it with the distribution's FFmpeg, which knows nothing of ours. */
    private void assertProbesClean(Made made, String extension, String codec) throws Exception {
        Path ffmpeg = Path.of("/usr/bin/ffmpeg");
        Require.present(Files.isExecutable(ffmpeg), "ffmpeg");
        Path file = directory.resolve("track." + extension);
        Files.write(file, made.bytes());
        String said = run(ffmpeg.toString(), "-v", "warning", "-i", file.toString(), "-f", "null", "-");
        assertEquals("", said);
        String probed = run(
                "/usr/bin/ffprobe",
                "-v",
                "error",
                "-show_entries",
                "format=duration:stream=codec_name",
                "-of",
                "csv=p=0",
                file.toString());
        String[] lines = probed.strip().split("\n");
        assertEquals(codec, lines[0].strip());
        assertEquals(made.durationMicros() / 1e6, Double.parseDouble(lines[1]), 0.1);
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        assertEquals(0, process.exitValue(), said);
        return said;
    }
}
