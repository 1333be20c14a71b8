package hansard.transcode;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Work for FFmpeg on whole tracks, done in a process of its own ({@link JobProcess}): media that makes native code crash costs that
 * process and nothing else. Inputs are numbers of the channels that the process may read.
 */
sealed interface Job {
    /**
     * All speakers in one Opus track, as WebM.
     *
     * @param bitrate bits a second
     * @param complexity of the encoder, 0 (fast) to 10 (best)
     */
    record Mix(List<Voice> voices, long durationMicros, int bitrate, int complexity) implements Job {
        public Mix {
            voices = List.copyOf(voices);
        }
    }

    /**
     * One picture of all participants, with their names and the time, and the mix as its sound: VP8 and Opus, as WebM.
     *
     * @param sound of the mix, or null
     * @param startMicros when it begins, microseconds since 1970, for the clock in the picture
     * @param width even
     * @param height even
     * @param framesASecond at most; fewer where nothing moves
     */
    record Composite(
            List<Tile> tiles,
            @Nullable Voice sound,
            long startMicros,
            long durationMicros,
            int width,
            int height,
            int framesASecond,
            int bitrate)
            implements Job {
        public Composite {
            tiles = List.copyOf(tiles);
        }
    }

    /** @param parts one after the other; none for a participant without a camera */
    record Tile(String name, List<Part> parts) {
        public Tile {
            parts = List.copyOf(parts);
        }
    }

    /** @param offsetMicros when it begins, since the job's start */
    record Part(int input, long offsetMicros, long durationMicros) {}

    /**
     * @param codec of the file
     * @param offsetMicros when the track begins, since the job's start
     * @param durationMicros how long it is; 0 when that is not known
     * @param losses in it, in order of time
     * @param pauses by policy
     * @param quiet where hardly anything is heard, or nothing that is to be ({@link RoomNoise}), in order of time; nothing is missing there
     */
    record Voice(
            int input,
            String codec,
            int channels,
            long offsetMicros,
            long durationMicros,
            List<Loss> losses,
            List<Pause> pauses,
            List<Quiet> quiet) {
        public Voice {
            Objects.requireNonNull(codec, "codec");
            losses = List.copyOf(losses);
            pauses = List.copyOf(pauses);
            quiet = List.copyOf(quiet);
        }

        /** Of an Opus track of which nothing is known. */
        static Voice opus(int input, long offsetMicros) {
            return new Voice(input, "opus", 2, offsetMicros, 0, List.of(), List.of(), List.of());
        }

        Voice withQuiet(List<Quiet> stretches) {
            return new Voice(input, codec, channels, offsetMicros, durationMicros, losses, pauses, stretches);
        }

        LostPackets lost() {
            LostPackets lost = new LostPackets();
            losses.forEach(loss -> lost.add(loss.atMicros, loss.packets));
            pauses.forEach(pause -> lost.pause(pause.fromMicros, pause.toMicros));
            return lost;
        }
    }

    /** @param atMicros where packets are missing by their numbers, since the job's start */
    record Loss(long atMicros, long packets) {}

    /** Since the job's start. */
    record Pause(long fromMicros, long toMicros) {}

    /** Since the job's start; {@link hansard.wire.TrackCoverage.Quiet}. */
    record Quiet(long fromMicros, long toMicros) {}
}
