package hansard.rtp;

import static hansard.fuzz.Promises.hold;

import hansard.fuzz.FuzzTarget;
import hansard.fuzz.Seeds;
import java.io.ByteArrayInputStream;
import java.util.List;

/** A capture file ends, whatever it says of itself, and gives no more bytes than it has. */
public final class PcapFuzz implements FuzzTarget {
    @Override
    public List<byte[]> seeds() {
        return List.of(Seeds.pcapBeginning(3));
    }

    @Override
    public void run(byte[] input) {
        try {
            long total = 0;
            for (Pcap.Datagram d : Pcap.read(new ByteArrayInputStream(input))) {
                total += d.payload().length;
                hold(d.sourcePort() <= 0xffff && d.destinationPort() <= 0xffff, "ports of 16 bits");
            }
            hold(total <= input.length, "more payload than file");
        } catch (IllegalArgumentException notACapture) {
            hold(String.valueOf(notACapture.getMessage()).length() < 200, "the refusal is long");
        }
    }
}
