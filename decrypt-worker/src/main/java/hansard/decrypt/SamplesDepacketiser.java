package hansard.decrypt;

import java.util.List;

/** RFC 3551 section 4.5: the payload of G.711 (4.5.14) and G.722 (4.5.2) is samples, one or two to an octet, and nothing else. */
record SamplesDepacketiser() implements Depacketiser {
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
