package hansard.transcode;

import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_frame;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersrc_add_frame;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_get_by_name;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_alloc;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_alloc_filter;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_config;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_free;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_init_str;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_link;
import static org.bytedeco.ffmpeg.global.avutil.AV_OPT_SEARCH_CHILDREN;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_GRAY8;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_opt_set;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avfilter.AVFilterGraph;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;

/** Text as a grey picture, by FFmpeg's drawtext and a font of our own: a container image has none. */
final class TextPainter implements AutoCloseable {
    private static final String FONT = "DejaVuSans.ttf";

    private final Path font;

    TextPainter() {
        Native.load();
        try (InputStream in = Objects.requireNonNull(TextPainter.class.getResourceAsStream(FONT), FONT)) {
            font = Files.createTempFile("hansard-", ".ttf");
            Files.copy(in, font, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How much of the text covers each pixel, 0 to 255, row by row. */
    record Text(int width, int height, byte[] cover) {
        /** Without what is empty at its right, but for as much as there is at its left. */
        Text trimmed() {
            int last = 0;
            for (int i = 0; i < cover.length; i++) {
                last = cover[i] != 0 ? Math.max(last, i % width) : last;
            }
            int kept = Math.min(width, last + 1 + height / 3);
            byte[] narrow = new byte[kept * height];
            for (int y = 0; y < height; y++) {
                System.arraycopy(cover, y * width, narrow, y * kept, kept);
            }
            return new Text(kept, height, narrow);
        }
    }

    /** A line that is always the same, no wider than that. */
    Text line(String text, int height, int maxWidth) {
        try (Line line = new Line(text, "none", height, maxWidth)) {
            return line.at(0).trimmed();
        }
    }

    /** A line that depends on the time: FFmpeg's text expansion, with the seconds as its presentation time. */
    Line clock(String expansion, int height, int width) {
        return new Line(expansion, "normal", height, width);
    }

    final class Line implements AutoCloseable {
        private final int width;
        private final int height;
        private final AVFilterGraph graph;
        private final AVFilterContext source;
        private final AVFilterContext sink;

        private Line(String text, String expansion, int height, int width) {
            this.width = width;
            this.height = height;
            this.graph = Native.present(avfilter_graph_alloc(), "a filter graph");
            try {
                source = filter("buffer");
                Native.check(
                        avfilter_init_str(
                                source,
                                "video_size=" + width + "x" + height + ":pix_fmt=" + AV_PIX_FMT_GRAY8
                                        + ":time_base=1/1:pixel_aspect=1/1"),
                        "a filter's source");
                AVFilterContext draw = filter("drawtext");
                // options are set one by one: a name may hold anything, and nothing of it is syntax then
                set(draw, "fontfile", font.toString());
                set(draw, "text", text);
                set(draw, "expansion", expansion);
                set(draw, "fontsize", Integer.toString(height * 3 / 5));
                set(draw, "fontcolor", "white");
                set(draw, "x", Integer.toString(height / 3));
                set(draw, "y_align", "baseline");
                set(draw, "y", Integer.toString(height * 7 / 10));
                Native.check(avfilter_init_str(draw, (String) null), "drawing text");
                sink = filter("buffersink");
                Native.check(avfilter_init_str(sink, (String) null), "a filter's sink");
                Native.check(avfilter_link(source, 0, draw, 0), "linking filters");
                Native.check(avfilter_link(draw, 0, sink, 0), "linking filters");
                Native.check(avfilter_graph_config(graph, null), "a filter graph");
            } catch (RuntimeException e) {
                close();
                throw e;
            }
        }

        private AVFilterContext filter(String name) {
            return Native.present(
                    avfilter_graph_alloc_filter(graph, Native.present(avfilter_get_by_name(name), name), name), name);
        }

        private static void set(AVFilterContext filter, String option, String value) {
            Native.check(av_opt_set(filter, option, value, AV_OPT_SEARCH_CHILDREN), "the option " + option);
        }

        /** The line as it is at that second. */
        Text at(long second) {
            AVFrame blank = Native.present(av_frame_alloc(), "a picture");
            AVFrame painted = Native.present(av_frame_alloc(), "a picture");
            try {
                blank.format(AV_PIX_FMT_GRAY8).width(width).height(height).pts(second);
                Native.check(av_frame_get_buffer(blank, 0), "a picture's buffer");
                byte[] black = new byte[blank.linesize(0) * height];
                blank.data(0).put(black, 0, black.length);
                Native.check(av_buffersrc_add_frame(source, blank), "drawing text");
                Native.check(av_buffersink_get_frame(sink, painted), "drawing text");
                byte[] cover = new byte[width * height];
                BytePointer from = painted.data(0);
                for (int y = 0; y < height; y++) {
                    from.position((long) y * painted.linesize(0)).get(cover, y * width, width);
                }
                return new Text(width, height, cover);
            } finally {
                av_frame_free(painted);
                av_frame_free(blank);
            }
        }

        @Override
        public void close() {
            avfilter_graph_free(graph);
        }
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(font);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
