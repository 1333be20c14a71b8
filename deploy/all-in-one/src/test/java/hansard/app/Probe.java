package hansard.app;

import hansard.testkit.Ffmpeg;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ShortBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bytedeco.javacv.FFmpegFrameGrabber;
import org.bytedeco.javacv.Frame;
import org.bytedeco.javacv.FrameGrabber;

/** An independent look at a media file: does it decode, and how long is it. */
final class Probe {
    /** @param lastFrameMs where the last frame begins */
    record Result(long durationMs, long lastFrameMs, int frames) {}

    private Probe() {}

    static Result file(byte[] media) {
        try (FFmpegFrameGrabber grabber = new FFmpegFrameGrabber(new ByteArrayInputStream(media))) {
            grabber.start();
            long containerMs = grabber.getLengthInTime() / 1000;
            int frames = 0;
            long lastMicros = 0;
            Frame frame;
            while ((frame = grabber.grabFrame(true, true, true, false)) != null) {
                frames++;
                lastMicros = Math.max(lastMicros, frame.timestamp);
            }
            return new Result(containerMs, lastMicros / 1000, frames);
        } catch (FrameGrabber.Exception e) {
            throw new AssertionError("the file does not decode", e);
        }
    }

    /** What the ffmpeg program complains of while it decodes all of a file; empty when it is clean. */
    static String complaints(byte[] media) throws IOException {
        Path file = Files.createTempFile("hansard-probe", ".media");
        try {
            return Ffmpeg.complaints(Files.write(file, media));
        } finally {
            Files.delete(file);
        }
    }

    /** The audio as 16 kHz mono signed 16-bit little-endian PCM. */
    static byte[] speech(byte[] media) {
        ByteArrayOutputStream pcm = new ByteArrayOutputStream();
        try (FFmpegFrameGrabber grabber = new FFmpegFrameGrabber(new ByteArrayInputStream(media))) {
            grabber.setSampleRate(16_000);
            grabber.setAudioChannels(1);
            grabber.start();
            Frame frame;
            while ((frame = grabber.grabSamples()) != null) {
                ShortBuffer samples = (ShortBuffer) frame.samples[0];
                while (samples.hasRemaining()) {
                    short s = samples.get();
                    pcm.write(s & 0xff);
                    pcm.write(s >> 8);
                }
            }
        } catch (FrameGrabber.Exception e) {
            throw new AssertionError("the file does not decode", e);
        }
        return pcm.toByteArray();
    }
}
