package hansard.rtp;

import static hansard.fuzz.Promises.hold;

import hansard.fuzz.FuzzTarget;
import hansard.fuzz.Seeds;
import java.util.List;

/** A header lies within its packet, and an extension's element within the header. */
public final class RtpHeaderFuzz implements FuzzTarget {
    @Override
    public List<byte[]> seeds() {
        return Seeds.datagrams(12);
    }

    @Override
    public void run(byte[] input) {
        RtpHeader header = RtpHeader.parse(input, input.length);
        RtpHeader.isRtcp(input, input.length);
        if (header == null) {
            return;
        }
        hold(
                header.length() >= RtpHeader.MIN_LENGTH && header.length() <= input.length,
                "the header leaves the packet");
        hold(header.sequenceNumber() >= 0 && header.sequenceNumber() <= 0xffff, "sequence number of 16 bits");
        hold(header.ssrc() >= 0 && header.ssrc() <= 0xffff_ffffL, "SSRC of 32 bits");
        hold(header.timestamp() >= 0 && header.timestamp() <= 0xffff_ffffL, "timestamp of 32 bits");
        hold(header.payloadType() <= 127, "payload type of 7 bits");
        hold(header.extensionOffset() + header.extensionLength() <= header.length(), "the extension leaves the header");
        for (int id = 0; id < 256; id++) {
            int element = header.extensionByte(input, id);
            hold(element >= -1 && element <= 0xff, "an element's byte is a byte");
        }
        // a packet cut inside its header is no packet, and nothing beyond the length given is looked at
        hold(RtpHeader.parse(input, header.length() - 1) == null, "a cut header was read");
        hold(header.equals(RtpHeader.parse(input, header.length())), "the payload changed the header");
    }
}
