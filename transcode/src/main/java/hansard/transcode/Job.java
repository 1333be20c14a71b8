package hansard.transcode;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/**
 * Work for FFmpeg on whole tracks, done in a process of its own ({@link JobProcess}): media that makes native code crash costs that
 * process and nothing else. Inputs are numbers of the channels that the process may read.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME, property = "type")
@JsonSubTypes({@JsonSubTypes.Type(Job.Mix.class)})
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

    /** @param offsetMicros when the track begins, since the job's start */
    record Voice(int input, long offsetMicros) {}
}
