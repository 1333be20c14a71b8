package hansard.transcode;

import hansard.transcode.Canvas.Area;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/**
 * Paints all participants in a grid, each with their name, and the call's time and date below, and encodes it where it changes. One
 * picture of each participant is in memory.
 */
final class CompositeWork implements AutoCloseable {
    private static final int SECOND_MICROS = 1_000_000;
    private static final int BACKGROUND = 16;
    private static final int EMPTY_TILE = 40;
    private static final int GAP = 4;
    private static final int PICTURE = 0;
    private static final int SOUND = 1;

    private final Job.Composite job;
    private final JobWork.Inputs inputs;
    private final Canvas canvas;
    /** A picture is shown with the step that it is nearest to. */
    private final long nearest;

    private final TextPainter painter = new TextPainter();
    private final List<TilePlace> places = new ArrayList<>();

    CompositeWork(Job.Composite job, JobWork.Inputs inputs) {
        this.job = job;
        this.inputs = inputs;
        this.canvas = new Canvas(job.width(), job.height());
        this.nearest = SECOND_MICROS / job.framesASecond() / 2;
        int strip = strip();
        Grid grid = Grid.of(job.tiles().size(), job.width(), job.height() - strip, GAP);
        for (int i = 0; i < job.tiles().size(); i++) {
            places.add(new TilePlace(job.tiles().get(i), grid.area(i)));
        }
    }

    private int strip() {
        return Math.max(20, job.height() / 24) & ~1;
    }

    void make(SeekableByteChannel to, IntConsumer progress) throws IOException {
        List<TrackFormat> formats = new ArrayList<>();
        formats.add(new TrackFormat.Vp8(job.width(), job.height()));
        Job.Voice voice = job.sound();
        try (Sound sound = voice == null ? null : new Sound(inputs.open(voice.input()), voice.offsetMicros())) {
            if (sound != null) {
                formats.add(new TrackFormat.Opus(1, sound.preskip()));
            }
            try (Muxer muxer = new Muxer(formats, to);
                    Vp8Encoder encoder = new Vp8Encoder(job.width(), job.height(), job.framesASecond(), job.bitrate());
                    TextPainter.Line clock = painter.clock(
                            "%{pts:gmtime:0:%H\\:%M\\:%S}     %{pts:gmtime:" + job.startMicros() / SECOND_MICROS
                                    + ":%Y-%m-%d %H\\:%M\\:%S} UTC",
                            strip(),
                            job.width())) {
                paint(muxer, encoder, clock, sound, progress);
                muxer.finish();
            }
        }
    }

    private void paint(
            Muxer muxer, Vp8Encoder encoder, TextPainter.Line clock, @Nullable Sound sound, IntConsumer progress)
            throws IOException {
        long step = SECOND_MICROS / job.framesASecond();
        long second = -1;
        for (long i = 0, now = 0; now < job.durationMicros(); i++, now = i * SECOND_MICROS / job.framesASecond()) {
            boolean changed = false;
            for (TilePlace place : places) {
                changed |= place.paint(now);
            }
            if (now / SECOND_MICROS != second) {
                second = now / SECOND_MICROS;
                canvas.fill(new Area(0, job.height() - strip(), job.width(), strip()), BACKGROUND);
                canvas.write(clock.at(second), 0, job.height() - strip());
                changed = true;
                progress.accept((int) (1_000 * now / job.durationMicros()));
            }
            if (sound != null) {
                sound.writeUntil(now, muxer);
            }
            if (changed) {
                encoder.encode(canvas.frame(), now, (payload, at, key) -> muxer.write(PICTURE, payload, at, step, key));
            }
        }
        if (sound != null) {
            sound.writeUntil(job.durationMicros(), muxer);
        }
    }

    /** One participant's tile: what is in it now. */
    private final class TilePlace implements AutoCloseable {
        private final Job.Tile tile;
        private final Area area;
        private final TextPainter.Text name;
        private final Canvas.Scaler scaler = canvas.scaler();
        private @Nullable VideoReader reader;
        private int part = -1;
        private boolean empty;
        private Area painted;

        TilePlace(Job.Tile tile, Area area) {
            this.tile = tile;
            this.area = area;
            this.painted = area;
            this.name = painter.line(tile.name(), Math.max(16, area.height() / 12 & ~1), area.width());
        }

        /** @return true when it looks different from before */
        boolean paint(long now) throws IOException {
            int due = partAt(now);
            if (due != part) {
                part = due;
                closeReader();
                if (due >= 0) {
                    reader = new VideoReader(inputs.open(tile.parts().get(due).input()));
                }
            }
            VideoReader from = reader;
            boolean changed = from != null
                    && from.advance(now + nearest - tile.parts().get(part).offsetMicros());
            AVFrame picture = from == null ? null : from.picture();
            if (picture == null) {
                return blank();
            }
            if (!changed) {
                return false;
            }
            Area fitted = Canvas.fit(picture.width(), picture.height(), area);
            if (empty || !fitted.equals(painted)) {
                canvas.fill(area, BACKGROUND);
            }
            painted = scaler.paint(picture, area);
            empty = false;
            canvas.write(name, area.x(), area.y() + area.height() - (name.height() & ~1));
            return true;
        }

        private boolean blank() {
            if (empty) {
                return false;
            }
            empty = true;
            canvas.fill(area, EMPTY_TILE);
            canvas.write(name, area.x(), area.y() + area.height() - (name.height() & ~1));
            return true;
        }

        private int partAt(long now) {
            for (int i = tile.parts().size() - 1; i >= 0; i--) {
                Job.Part candidate = tile.parts().get(i);
                if (now >= candidate.offsetMicros() && now < candidate.offsetMicros() + candidate.durationMicros()) {
                    return i;
                }
            }
            return -1;
        }

        private void closeReader() {
            if (reader != null) {
                reader.close();
                reader = null;
            }
        }

        @Override
        public void close() {
            closeReader();
            scaler.close();
        }
    }

    /** The mix, packet by packet as it is. */
    private static final class Sound implements AutoCloseable {
        private final SeekableByteChannel channel;
        private final Demuxer demuxer;
        private final long offsetMicros;
        private Optional<Demuxer.Packet> next;

        Sound(SeekableByteChannel channel, long offsetMicros) {
            this.channel = channel;
            this.demuxer = new Demuxer(channel);
            this.offsetMicros = offsetMicros;
            this.next = demuxer.next();
        }

        int preskip() {
            return demuxer.context().streams(0).codecpar().initial_padding();
        }

        void writeUntil(long micros, Muxer muxer) {
            while (next.isPresent() && offsetMicros + next.get().atMicros() <= micros) {
                Demuxer.Packet packet = next.get();
                muxer.write(
                        SOUND,
                        packet.payload(),
                        Math.max(0, offsetMicros + packet.atMicros()),
                        packet.durationMicros(),
                        true);
                next = demuxer.next();
            }
        }

        @Override
        public void close() throws IOException {
            demuxer.close();
            channel.close();
        }
    }

    @Override
    public void close() {
        places.forEach(TilePlace::close);
        canvas.close();
        painter.close();
    }
}
