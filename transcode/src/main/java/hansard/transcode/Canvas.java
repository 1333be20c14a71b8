package hansard.transcode;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.avutil.av_image_copy_plane;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BILINEAR;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCachedContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;

import java.util.Arrays;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.jspecify.annotations.Nullable;

/** A picture in planes (YUV 4:2:0), painted part by part: what does not change is not touched. Not thread-safe. */
final class Canvas implements AutoCloseable {
    private static final int PLANES = 3;
    private static final int WHITE = 235;
    private static final byte NEUTRAL = (byte) 128;

    private final AVFrame frame;

    /** A part of the canvas; all of it even. */
    record Area(int x, int y, int width, int height) {}

    /** Scales one source, and keeps what it needs for the next picture of that source. */
    final class Scaler implements AutoCloseable {
        private final AVFrame scaled = Native.present(av_frame_alloc(), "a picture");
        private @Nullable SwsContext context;

        /** Paints a picture into an area, as large as fits, in its own proportions. */
        Area paint(AVFrame picture, Area area) {
            Area fitted = fit(picture.width(), picture.height(), area);
            context = Native.present(
                    sws_getCachedContext(
                            context,
                            picture.width(),
                            picture.height(),
                            picture.format(),
                            fitted.width,
                            fitted.height,
                            AV_PIX_FMT_YUV420P,
                            SWS_BILINEAR,
                            null,
                            null,
                            (DoublePointer) null),
                    "a scaler");
            if (scaled.width() != fitted.width || scaled.height() != fitted.height) {
                av_frame_unref(scaled);
                scaled.format(AV_PIX_FMT_YUV420P).width(fitted.width).height(fitted.height);
                Native.check(av_frame_get_buffer(scaled, 0), "a picture's buffer");
            }
            // not at once into the canvas: it writes whole vectors, over what is to the right
            Native.check(
                    sws_scale(
                            context,
                            picture.data(),
                            picture.linesize(),
                            0,
                            picture.height(),
                            scaled.data(),
                            scaled.linesize()),
                    "scaling a picture");
            writable();
            for (int plane = 0; plane < PLANES; plane++) {
                int half = plane == 0 ? 1 : 2;
                av_image_copy_plane(
                        at(plane, fitted.x, fitted.y),
                        frame.linesize(plane),
                        scaled.data(plane),
                        scaled.linesize(plane),
                        fitted.width / half,
                        fitted.height / half);
            }
            return fitted;
        }

        @Override
        public void close() {
            sws_freeContext(context);
            context = null;
            av_frame_free(scaled);
        }
    }

    Canvas(int width, int height) {
        Native.load();
        frame = Native.present(av_frame_alloc(), "a picture");
        frame.format(AV_PIX_FMT_YUV420P).width(width).height(height);
        Native.check(av_frame_get_buffer(frame, 0), "a picture's buffer");
        fill(new Area(0, 0, width, height), 16);
    }

    AVFrame frame() {
        return frame;
    }

    Scaler scaler() {
        return new Scaler();
    }

    /** @param luma 16 (black) to 235 */
    void fill(Area area, int luma) {
        writable();
        for (int plane = 0; plane < PLANES; plane++) {
            int half = plane == 0 ? 1 : 2;
            byte[] row = new byte[area.width / half];
            Arrays.fill(row, plane == 0 ? (byte) luma : NEUTRAL);
            for (int y = 0; y < area.height / half; y++) {
                at(plane, area.x, area.y + y * half).put(row, 0, row.length);
            }
        }
    }

    /** White text on a box that darkens what is below it. */
    void write(TextPainter.Text text, int x, int y) {
        writable();
        int width = Math.min(text.width() & ~1, frame.width() - x);
        int height = Math.min(text.height() & ~1, frame.height() - y);
        byte[] row = new byte[width];
        for (int dy = 0; dy < height; dy++) {
            BytePointer to = at(0, x, y + dy);
            to.get(row, 0, width);
            for (int dx = 0; dx < width; dx++) {
                int below = (row[dx] & 0xff) / 3;
                int cover = text.cover()[dy * text.width() + dx] & 0xff;
                row[dx] = (byte) (below + (WHITE - below) * cover / 255);
            }
            to.put(row, 0, width);
        }
        byte[] grey = new byte[width / 2];
        Arrays.fill(grey, NEUTRAL);
        for (int plane = 1; plane < PLANES; plane++) {
            for (int dy = 0; dy < height; dy += 2) {
                at(plane, x, y + dy).put(grey, 0, grey.length);
            }
        }
    }

    static Area fit(int width, int height, Area area) {
        double scale = Math.min((double) area.width / width, (double) area.height / height);
        int w = Math.max(2, (int) Math.round(width * scale) & ~1);
        int h = Math.max(2, (int) Math.round(height * scale) & ~1);
        return new Area(area.x + ((area.width - w) / 2 & ~1), area.y + ((area.height - h) / 2 & ~1), w, h);
    }

    private BytePointer at(int plane, int x, int y) {
        int half = plane == 0 ? 1 : 2;
        BytePointer start = new BytePointer(frame.data(plane));
        return start.position((long) (y / half) * frame.linesize(plane) + x / half);
    }

    /** The encoder may still hold the picture that it was given last. */
    private void writable() {
        Native.check(av_frame_make_writable(frame), "a picture's buffer");
    }

    @Override
    public void close() {
        av_frame_free(frame);
    }
}
