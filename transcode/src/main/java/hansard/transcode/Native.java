package hansard.transcode;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_QUIET;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_strerror;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Loads FFmpeg once, and turns its return codes into errors. */
final class Native {
    /** What {@code avcodec.h} asks for behind every buffer that a parser may read past. */
    static final int PADDING = 64;

    static {
        // JavaCPP's own limit counts the mapped files of the whole process, and everything here is freed by hand
        System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        // every error is in a return code; FFmpeg's own lines may quote what is in the media
        av_log_set_level(AV_LOG_QUIET);
    }

    private Native() {}

    /** Loads the libraries now rather than with the first frame. */
    static void load() {}

    /** @throws HansardException MEDIA_FAILED when the code is negative */
    static int check(int code, String what) {
        if (code < 0) {
            throw failure(what + ": " + text(code));
        }
        return code;
    }

    /** @throws HansardException MEDIA_FAILED when FFmpeg gave no object: it has no such part, or no memory */
    static <T> T present(@Nullable T pointer, String what) {
        if (pointer == null) {
            throw failure(what + " is not in this FFmpeg, or memory is out");
        }
        return pointer;
    }

    static HansardException failure(String what) {
        return new HansardException(ErrorCode.MEDIA_FAILED, "FFmpeg: " + what);
    }

    private static String text(int code) {
        byte[] buffer = new byte[128];
        av_strerror(code, buffer, buffer.length);
        int end = 0;
        while (end < buffer.length && buffer[end] != 0) {
            end++;
        }
        return new String(buffer, 0, end, StandardCharsets.UTF_8) + " (" + code + ")";
    }
}
