package hansard.decrypt;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The master keys of one stream that opened for this worker.
 *
 * @param keys the newest first
 * @param denied why a key did not open, of the newest such; empty when all did. Says for whom it was sealed, never what is in it
 */
record KeyRing(List<MasterKey> keys, String denied) {
    /** Keys without an MKI that one packet is tried with: its price under attack. */
    private static final int MAX_TRIED = 8;

    KeyRing {
        keys = List.copyOf(keys);
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }

    /** The fewest bytes that an SRTP packet has beyond header and payload. */
    int overhead() {
        return keys.stream().mapToInt(MasterKey::overhead).min().orElse(0);
    }

    /** The same of an SRTCP packet. */
    int rtcpOverhead() {
        return keys.stream().mapToInt(MasterKey::rtcpOverhead).min().orElse(0);
    }

    @Nullable
    MasterKey byOrdinal(int ordinal) {
        for (MasterKey key : keys) {
            if (key.ordinal() == ordinal) {
                return key;
            }
        }
        return null;
    }

    /** RFC 3711 section 3.1: the MKI names the key; without one, every key may be the one. The newest first. */
    List<MasterKey> forRtp(byte[] packet, int headerLength) {
        if (keys.size() == 1) {
            MasterKey only = keys.getFirst();
            return packet.length >= headerLength + only.overhead() && only.isNamedBy(packet) ? keys : List.of();
        }
        List<MasterKey> candidates = new ArrayList<>(2);
        for (MasterKey key : keys) {
            if (packet.length >= headerLength + key.overhead() && key.isNamedBy(packet)) {
                candidates.add(key);
            }
        }
        return atMost(candidates);
    }

    List<MasterKey> forRtcp(byte[] packet) {
        List<MasterKey> candidates = new ArrayList<>(2);
        for (MasterKey key : keys) {
            if (packet.length >= PacketCipher.RTCP_CLEAR_BYTES + key.rtcpOverhead() && key.isNamedByRtcp(packet)) {
                candidates.add(key);
            }
        }
        return atMost(candidates);
    }

    private static List<MasterKey> atMost(List<MasterKey> candidates) {
        return candidates.size() > MAX_TRIED ? candidates.subList(0, MAX_TRIED) : candidates;
    }
}
