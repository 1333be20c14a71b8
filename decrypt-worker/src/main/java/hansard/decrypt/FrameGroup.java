package hansard.decrypt;

import java.util.ArrayList;
import java.util.List;

/**
 * The packets of one video frame while it is unfinished: still encrypted, so that no plaintext waits in the state. A frame's
 * packets share a timestamp and the last of them has the marker; both are in clear.
 */
final class FrameGroup {
    private static final int MAX_PACKETS = 2_048;
    /** With what waits in the reorder buffer, well below what a changelog record may hold. */
    private static final int MAX_BYTES = 2 << 20;

    private final List<SealedPacket> packets;
    private boolean broken;
    private int bytes;

    FrameGroup() {
        this(new ArrayList<>(), false);
    }

    private FrameGroup(List<SealedPacket> packets, boolean broken) {
        this.packets = packets;
        this.broken = broken;
        packets.forEach(p -> bytes += p.datagram().length);
    }

    boolean isEmpty() {
        return packets.isEmpty();
    }

    /** True when the packet is of another frame than those here. */
    boolean isEndedBy(SealedPacket next) {
        return !packets.isEmpty()
                && (packets.getFirst().timestamp() != next.timestamp()
                        || packets.getFirst().source() != next.source());
    }

    /** Something between two of this frame's packets, or before its end, is missing. */
    void markBroken() {
        broken = true;
    }

    boolean isBroken() {
        return broken;
    }

    /** Returns true when the frame ends with this packet. */
    boolean add(SealedPacket packet) {
        packets.add(packet);
        bytes += packet.datagram().length;
        if (packets.size() >= MAX_PACKETS || bytes >= MAX_BYTES) {
            broken = true;
            return true;
        }
        return packet.header().marker();
    }

    /** The packets, in order; the group is empty and whole afterwards. */
    List<SealedPacket> takeAll() {
        List<SealedPacket> taken = List.copyOf(packets);
        packets.clear();
        bytes = 0;
        broken = false;
        return taken;
    }

    void write(StateWriter out) {
        out.flag(broken);
        SealedPacket.writeAll(packets, out);
    }

    static FrameGroup read(StateReader in) {
        boolean broken = in.flag();
        return new FrameGroup(SealedPacket.readAll(in), broken);
    }
}
