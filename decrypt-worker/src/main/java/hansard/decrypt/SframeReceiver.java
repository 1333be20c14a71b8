package hansard.decrypt;

import hansard.wire.Frame;
import hansard.wire.Octets;
import hansard.wire.StreamDescription;
import org.jspecify.annotations.Nullable;

/**
 * The receiving end of SFrame (RFC 9605 section 4.4.4) for one stream: verifies first, remembers second.
 *
 * <p>A frame that does not verify is one of two things. Under an identifier whose key has opened another frame it is forged, altered or
 * replayed, and refused. Under one whose key has opened nothing, the key may be the wrong one: the frame is kept sealed, so that the
 * right key can open it later.
 */
final class SframeReceiver {
    private final @Nullable FrameKeyring ring;
    private final FrameLayer layer;
    private final @Nullable Depacketiser codec;

    /** @param ring null when no key can open the stream's suite */
    SframeReceiver(StreamDescription stream, @Nullable FrameKeyring ring, FrameLayer layer) {
        this.ring = ring;
        this.layer = layer;
        this.codec = Depacketiser.of(stream);
    }

    /** @param frame its payload is the SFrame ciphertext */
    FrameOpening open(Frame frame) {
        byte[] bytes = frame.payload().array();
        // section 4.3: a frame that ends within its header is no SFrame; only from a sender who is known to seal is
        // that an attack
        SframeHeader header = SframeHeader.parse(bytes);
        if (header == null) {
            return layer.hasProven() ? new FrameOpening.Refused() : leftSealed(frame, false);
        }
        if (ring == null || !ring.covers(header.kid())) {
            return leftSealed(frame, false);
        }
        FrameKeyring.Opened opened = ring.open(bytes, header);
        if (opened == null) {
            return layer.isProven(header.kid()) ? new FrameOpening.Refused() : leftSealed(frame, true);
        }
        // section 9.3 leaves replay to the application; a frame that is there twice would be words said twice
        if (!layer.remember(header.kid(), header.ctr())) {
            return new FrameOpening.Refused();
        }
        boolean keyframe = codec != null && codec.isKeyframe(opened.bytes());
        return new FrameOpening.Opened(frame.with(keyframe, false, Octets.of(opened.bytes())));
    }

    private FrameOpening leftSealed(Frame frame, boolean keyDoubted) {
        layer.leftSealed();
        return new FrameOpening.LeftSealed(
                frame.with(codec != null && codec.isOnePacketPerFrame(), true, frame.payload()), keyDoubted);
    }
}
