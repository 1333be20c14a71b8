package hansard.wire;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What a stream carries. */
public enum MediaKind {
    @JsonProperty("audio")
    AUDIO,
    @JsonProperty("video")
    VIDEO;

    /** As in JSON: {@code audio}, {@code video}. */
    public String label() {
        return this == AUDIO ? "audio" : "video";
    }
}
