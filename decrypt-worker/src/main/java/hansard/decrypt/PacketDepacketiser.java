package hansard.decrypt;

import java.util.List;

/**
 * Audio of which each packet is a frame. RFC 7587 section 4.2: the payload is one Opus packet, be it the single byte of a DTX pause. RFC
 * 3551 section 4.5: that of G.711 (4.5.14) and G.722 (4.5.2) is samples, one or two to an octet, and nothing else.
 */
record PacketDepacketiser() implements Depacketiser {
    @Override
    public boolean isOnePacketPerFrame() {
        return true;
    }

    @Override
    public boolean beginsKeyframe(byte[] payload) {
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
