package hansard.decrypt;

import java.util.List;

/** Where in time a stream's packets belong, by the clock of their source. */
final class Placing {
    private final Track track;
    private final Encodings encodings;
    private final boolean layered;

    /** @param layered whether its sources are simulcast layers, of which one goes on where another ends */
    Placing(Track track, Encodings encodings, boolean layered) {
        this.layered = layered;
        this.track = track;
        this.encodings = encodings;
    }

    /**
     * Whether a packet whose turn has come can be placed. It cannot while nobody can tell whether its sender's clock was set.
     *
     * @param mayWait whether more packets may be waited for
     */
    boolean isSettled(SealedPacket head, boolean mayWait) {
        Encodings.Encoding encoding = encoding(head);
        if (!encoding.isTimely()) {
            return true;
        }
        MediaClock clock = source(head).mediaClock(encoding.clockRate());
        if (layered) {
            clock.notBefore(track.lastPlacedMicros());
        }
        return !clock.isDoubtful(stamp(head))
                || clock.settle(following(head, encoding), track.newestArrivalMicros(), mayWait);
    }

    /** It, and what waits behind it of the same source and on the same clock. */
    private List<MediaClock.Stamp> following(SealedPacket head, Encodings.Encoding encoding) {
        return track.reorder.waiting().stream()
                .filter(packet -> packet.source() == head.source()
                        && encoding(packet).isTimely()
                        && encoding(packet).clockRate() == encoding.clockRate())
                .map(Placing::stamp)
                .toList();
    }

    /** The place of a packet in its turn. */
    MediaClock.Placement place(SealedPacket packet) {
        Encodings.Encoding encoding = encoding(packet);
        return encoding.isTimely()
                ? source(packet).mediaClock(encoding.clockRate()).place(stamp(packet))
                : placeBeside(packet, packet.timestamp());
    }

    /** The place of a packet that comes after its turn: of a clock that its source no longer goes by, too. */
    MediaClock.Placement placeLate(SealedPacket packet) {
        Encodings.Encoding encoding = encoding(packet);
        return encoding.isTimely() && source(packet).clock().clockRate() == encoding.clockRate()
                ? source(packet).clock().place(stamp(packet))
                : placeBeside(packet, packet.timestamp());
    }

    /** The place of a timestamp that a packet tells of, which says nothing of when the packet was sent. */
    MediaClock.Placement placeBeside(SealedPacket packet, long timestamp) {
        return source(packet)
                .clockBeside(encoding(packet).clockRate())
                .placeUntimely(new MediaClock.Stamp(timestamp, packet.arrivalMicros()));
    }

    private Source source(SealedPacket packet) {
        return track.sources.get(packet.source());
    }

    private Encodings.Encoding encoding(SealedPacket packet) {
        return encodings.of(packet.header().payloadType());
    }

    private static MediaClock.Stamp stamp(SealedPacket packet) {
        return new MediaClock.Stamp(packet.timestamp(), packet.arrivalMicros());
    }
}
