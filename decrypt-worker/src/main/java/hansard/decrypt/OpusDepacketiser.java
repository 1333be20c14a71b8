package hansard.decrypt;

import java.util.List;

/** RFC 7587 section 4.2: the payload is one Opus packet, be it the single byte of a DTX pause. */
record OpusDepacketiser() implements Depacketiser {
    @Override
    public boolean isOnePacketPerFrame() {
        return true;
    }

    @Override
    public boolean isKeyframe(byte[] frame) {
        return true;
    }

    @Override
    public EncodedFrame assemble(List<byte[]> payloads) {
        return new EncodedFrame(true, payloads.getFirst());
    }
}
