package hansard.transcode;

import hansard.wire.Redaction;
import hansard.wire.RejectReason;
import hansard.wire.StreamDescription;
import java.util.Locale;

/** How a completeness is put into words. */
final class Sentences {
    private Sentences() {}

    static String of(RejectReason reason) {
        return switch (reason) {
            case MALFORMED -> "not media packets";
            case NO_SESSION -> "no session key was given";
            case NO_KEY -> "the session key did not open";
            case AUTH_FAILED -> "forged, altered, or under another key";
            case UNKNOWN_MKI -> "under a master key that was not given";
            case PLAINTEXT -> "sent unencrypted";
            case REPLAYED -> "sent more than once";
            case REDUNDANT -> "sent again although they had come";
            case LAYER_LEFT_OUT -> "left out: another simulcast layer is kept";
            case LAYER_UNKEYED -> "of a simulcast layer before its first key frame";
            case UNSUPPORTED -> "of a codec that is not known to this version, kept sealed";
            case UNANNOUNCED -> "of a payload type that was not announced, kept sealed";
            case FOREIGN_SSRC -> "of another sender";
            case PAUSED -> "paused by policy";
            case NOT_DURABLE -> "Kafka was away longer than the buffer lasts";
            case FRAME_REFUSED -> "forged, altered or replayed inside the end-to-end encryption";
            case RTCP -> "control packets";
        };
    }

    static String of(Redaction.Kind kind) {
        return switch (kind) {
            case CARD_NUMBER -> "card number";
            case SECURITY_CODE -> "security code";
            case UNHEARD -> "not recognised";
        };
    }

    /** Of packets that are kept as they came because nobody here can read them. */
    static String kept(StreamDescription stream, int payloadType, long packets) {
        String codec = stream.encoding(payloadType);
        return (codec.isEmpty()
                        ? "payload type " + payloadType + " was not announced"
                        : "codec " + codec + (stream.isEndToEndEncrypted() ? " sealed end to end" : "")
                                + " is not known to this version")
                + "; "
                + counted(packets, "packet")
                + " kept sealed";
    }

    /** {@code 20 ms}, {@code 1.2 s}, {@code 3 min 5 s}. */
    static String duration(long micros) {
        long ms = Math.round(micros / 1_000.0);
        if (ms < 1_000) {
            return ms + " ms";
        }
        if (ms < 59_950) {
            return String.format(Locale.ROOT, "%.1f s", ms / 1_000.0);
        }
        long s = Math.round(ms / 1_000.0);
        return s / 60 + " min" + (s % 60 == 0 ? "" : " " + s % 60 + " s");
    }

    static String counted(long count, String one) {
        return count + " " + (count == 1 ? one : one + "s");
    }
}
