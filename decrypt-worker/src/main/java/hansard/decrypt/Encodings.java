package hansard.decrypt;

import hansard.wire.Codec;
import hansard.wire.Frame;
import hansard.wire.MediaKind;
import hansard.wire.StreamDescription;
import org.jspecify.annotations.Nullable;

/** What a stream's payload types stand for, each looked up once. */
final class Encodings {
    private static final int TYPES = 128;

    private final StreamDescription stream;
    private final @Nullable Encoding[] known = new Encoding[TYPES];

    /**
     * The encoding of the media in a packet.
     *
     * @param codec as announced; {@link Codec#NONE} for a payload type that was not
     * @param clockRate of its timestamps
     * @param depacketiser null for what stays sealed
     * @param frameType what its frames say that they came as
     * @param sentAgain whether the packet is a retransmission (RFC 4588) of such media
     * @param redundant whether it is RED (RFC 2198) that is taken apart
     */
    record Encoding(
            Codec codec,
            int clockRate,
            @Nullable Depacketiser depacketiser,
            int frameType,
            boolean sentAgain,
            boolean redundant) {
        /** Whether a packet was sent when its timestamp says: not when it is sent again, tells of an event that goes on, or is unknown. */
        boolean isTimely() {
            return !sentAgain && (redundant || depacketiser != null && !(depacketiser instanceof EventDepacketiser));
        }
    }

    Encodings(StreamDescription stream) {
        this.stream = stream;
    }

    Encoding of(int payloadType) {
        int type = payloadType & TYPES - 1;
        Encoding there = known[type];
        if (there == null) {
            there = lookedUp(type);
            known[type] = there;
        }
        return there;
    }

    private Encoding lookedUp(int type) {
        int media = stream.mediaType(type);
        Codec codec = stream.codec(media);
        boolean isTheCodec = codec.name().equals(stream.codec());
        return new Encoding(
                codec,
                Math.max(1, codec.clockRate() > 0 ? codec.clockRate() : stream.clockRate()),
                isTheCodec ? Depacketiser.of(stream) : Depacketiser.beside(stream, codec.name()),
                isTheCodec ? Frame.OF_THE_CODEC : media,
                stream.isRetransmission(type),
                codec.name().equals("red") && stream.kind() == MediaKind.AUDIO && !stream.isEndToEndEncrypted());
    }
}
