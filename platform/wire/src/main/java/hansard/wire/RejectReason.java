package hansard.wire;

/** Why a datagram of an announced stream did not become media. */
public enum RejectReason {
    /** Not a parseable RTP packet (RFC 3550), or too short for the suite. */
    MALFORMED,
    /** The stream was never given a session key. */
    NO_SESSION,
    /** No sealed session key of the stream opened for this worker. */
    NO_KEY,
    /** The authentication tag does not match: forged, altered or another key's. */
    AUTH_FAILED,
    /** Bears a master key identifier (RFC 3711 section 3.1) that no key of the stream was given for, or none although it should. */
    UNKNOWN_MKI,
    /** Plain RTP where SRTP was announced: the SFU is misconfigured. Always with an alarm. */
    PLAINTEXT,
    /** Seen before, or older than the replay window (RFC 3711 section 3.3.2). */
    REPLAYED,
    /** A retransmission (RFC 4588) of what had come already, or of nothing, as senders use them to measure the way. */
    REDUNDANT,
    /** Authentic, but of a codec that is not known here and cannot be made into frames. Its packets are kept, sealed. */
    UNSUPPORTED,
    /** Authentic, but of a payload type that was not announced. Kept likewise. */
    UNANNOUNCED,
    /** Authentic, and of a simulcast layer that is not the one that is kept. Made into nothing. */
    LAYER_LEFT_OUT,
    /** Authentic, and of a simulcast layer that would be kept, before a key frame of it: nothing could be seen. */
    LAYER_UNKEYED,
    /** Of another SSRC than the one announced; where none was, of another than the stream's and not authentic under its keys. */
    FOREIGN_SSRC,
    /** Arrived while the recording was paused by policy; not kept. Told on the topic, and in accounts a count of its own. */
    PAUSED,
    /** Reached the socket but could not be made durable: Kafka was away longer than the ingest's buffer lasts. */
    NOT_DURABLE,
    /**
     * Authentic SRTP of a frame that is refused end to end (RFC 9605): its tag does not verify under a released key that has opened
     * others, or its counter was seen before. Always with an alarm.
     */
    FRAME_REFUSED,
    /** RTCP on the media port (RFC 5761), which is not media. */
    RTCP
}
