package hansard.transcode;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A job as bytes, from a stage to the process that does it, which are always of the same build. Field after field in the records' order,
 * numbers in network order, lists and texts (UTF-8) behind an i32 count. As JSON, reading it took the process 0.3 CPU seconds.
 */
final class JobForm {
    private static final byte MIX = 1;
    private static final byte COMPOSITE = 2;

    private JobForm() {}

    static byte[] bytes(Job job) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            switch (job) {
                case Job.Mix mix -> write(out, mix);
                case Job.Composite composite -> write(out, composite);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e); // it is in memory
        }
        return bytes.toByteArray();
    }

    /** @throws IllegalArgumentException when it is not what {@link #bytes} has made */
    static Job of(byte[] form) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(form))) {
            byte type = in.readByte();
            return switch (type) {
                case MIX -> new Job.Mix(list(in, JobForm::voice), in.readLong(), in.readInt(), in.readInt());
                case COMPOSITE -> composite(in);
                default -> throw new IllegalArgumentException("a job of type " + type);
            };
        } catch (IOException e) {
            throw new IllegalArgumentException("a job that is cut short", e);
        }
    }

    private static void write(DataOutputStream out, Job.Mix mix) throws IOException {
        out.writeByte(MIX);
        list(out, mix.voices(), JobForm::write);
        out.writeLong(mix.durationMicros());
        out.writeInt(mix.bitrate());
        out.writeInt(mix.complexity());
    }

    private static void write(DataOutputStream out, Job.Composite composite) throws IOException {
        out.writeByte(COMPOSITE);
        list(out, composite.tiles(), JobForm::write);
        Job.Voice sound = composite.sound();
        list(out, sound == null ? List.of() : List.of(sound), JobForm::write);
        out.writeLong(composite.startMicros());
        out.writeLong(composite.durationMicros());
        out.writeInt(composite.width());
        out.writeInt(composite.height());
        out.writeInt(composite.framesASecond());
        out.writeInt(composite.bitrate());
    }

    private static Job.Composite composite(DataInputStream in) throws IOException {
        List<Job.Tile> tiles = list(in, JobForm::tile);
        List<Job.Voice> sound = list(in, JobForm::voice);
        return new Job.Composite(
                tiles,
                sound.isEmpty() ? null : sound.getFirst(),
                in.readLong(),
                in.readLong(),
                in.readInt(),
                in.readInt(),
                in.readInt(),
                in.readInt());
    }

    private static void write(DataOutputStream out, Job.Voice voice) throws IOException {
        out.writeInt(voice.input());
        text(out, voice.codec());
        out.writeInt(voice.channels());
        out.writeLong(voice.offsetMicros());
        out.writeLong(voice.durationMicros());
        list(out, voice.losses(), (to, loss) -> two(to, loss.atMicros(), loss.packets()));
        list(out, voice.pauses(), (to, pause) -> two(to, pause.fromMicros(), pause.toMicros()));
        list(out, voice.quiet(), (to, quiet) -> two(to, quiet.fromMicros(), quiet.toMicros()));
    }

    private static Job.Voice voice(DataInputStream in) throws IOException {
        return new Job.Voice(
                in.readInt(),
                text(in),
                in.readInt(),
                in.readLong(),
                in.readLong(),
                list(in, from -> new Job.Loss(from.readLong(), from.readLong())),
                list(in, from -> new Job.Pause(from.readLong(), from.readLong())),
                list(in, from -> new Job.Quiet(from.readLong(), from.readLong())));
    }

    private static void write(DataOutputStream out, Job.Tile tile) throws IOException {
        text(out, tile.name());
        list(out, tile.parts(), (to, part) -> {
            to.writeInt(part.input());
            two(to, part.offsetMicros(), part.durationMicros());
        });
    }

    private static Job.Tile tile(DataInputStream in) throws IOException {
        return new Job.Tile(text(in), list(in, from -> new Job.Part(from.readInt(), from.readLong(), from.readLong())));
    }

    private static void two(DataOutputStream out, long first, long second) throws IOException {
        out.writeLong(first);
        out.writeLong(second);
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }

    private interface Writing<T> {
        void to(DataOutputStream out, T value) throws IOException;
    }

    private interface Reading<T> {
        T from(DataInputStream in) throws IOException;
    }

    private static <T> void list(DataOutputStream out, List<T> values, Writing<T> each) throws IOException {
        out.writeInt(values.size());
        for (T value : values) {
            each.to(out, value);
        }
    }

    private static <T> List<T> list(DataInputStream in, Reading<T> each) throws IOException {
        List<T> values = new ArrayList<>();
        for (int left = in.readInt(); left > 0; left--) {
            values.add(each.from(in));
        }
        return values;
    }
}
