package hansard.decrypt;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An opened SRTP master key and salt: gives the session keys for an index, made when they are first asked for (RFC 3711 section 4.3).
 * Belongs to one thread; in memory only.
 */
final class MasterKey {
    /** A packet is of the present period or of the one before; a few more cost little. */
    private static final int MAX_PERIODS = 4;

    private final int ordinal;
    private final SrtpSuite suite;
    private final byte[] mki;
    private final long rate;
    private final byte[] key;
    private final byte[] salt;
    private final Map<Long, PacketCipher> rtp = new Periods();
    private final Map<Long, PacketCipher> rtcp = new Periods();

    /**
     * @param ordinal its place among the stream's master keys: the higher, the newer
     * @param mki empty for none
     * @param rate key derivation rate, 0 for never
     * @param keyAndSalt master key, then master salt, of the suite's lengths; the caller may erase it afterwards
     */
    MasterKey(int ordinal, SrtpSuite suite, byte[] mki, long rate, byte[] keyAndSalt) {
        if (keyAndSalt.length != suite.keyLength() + suite.saltLength()) {
            throw new IllegalArgumentException("a master key and salt of " + keyAndSalt.length + " bytes");
        }
        this.ordinal = ordinal;
        this.suite = suite;
        this.mki = mki;
        this.rate = rate;
        this.key = Arrays.copyOf(keyAndSalt, suite.keyLength());
        this.salt = Arrays.copyOfRange(keyAndSalt, suite.keyLength(), keyAndSalt.length);
    }

    private static final class Periods extends LinkedHashMap<Long, PacketCipher> {
        private static final long serialVersionUID = 1;

        Periods() {
            super(8, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, PacketCipher> eldest) {
            return size() > MAX_PERIODS;
        }
    }

    int ordinal() {
        return ordinal;
    }

    int mkiLength() {
        return mki.length;
    }

    /** RTP bytes beyond header and payload. */
    int overhead() {
        return suite.tagLength() + mki.length;
    }

    /** RTCP bytes beyond the packet. */
    int rtcpOverhead() {
        return suite.rtcpTagLength() + mki.length + PacketCipher.RTCP_INDEX_BYTES;
    }

    /** Whether an SRTP packet, at least as long as its overhead, bears this key's MKI. */
    boolean isNamedBy(byte[] packet) {
        return endsAt(packet, packet.length - suite.afterMki());
    }

    boolean isNamedByRtcp(byte[] packet) {
        return endsAt(packet, packet.length - suite.afterRtcpMki());
    }

    /** Section 3.4: the SRTCP index travels, before MKI and, in the suites with HMAC, tag. */
    long rtcpIndex(byte[] packet) {
        int at = packet.length - suite.afterRtcpMki() - mki.length - PacketCipher.RTCP_INDEX_BYTES;
        return PacketCipher.rtcpIndex(PacketCipher.u32(packet, at));
    }

    private boolean endsAt(byte[] packet, int end) {
        return Arrays.equals(packet, end - mki.length, end, mki, 0, mki.length);
    }

    PacketCipher rtp(long index) {
        return rtp.computeIfAbsent(
                period(index),
                r -> cipher(
                        KeyDerivation.RTP_ENCRYPTION,
                        KeyDerivation.RTP_SALT,
                        KeyDerivation.RTP_AUTHENTICATION,
                        r,
                        suite.tagLength()));
    }

    /** Section 4.3.2: the same with other labels, and the same rate over the SRTCP index. */
    PacketCipher rtcp(long index) {
        return rtcp.computeIfAbsent(
                period(index),
                r -> cipher(
                        KeyDerivation.RTCP_ENCRYPTION,
                        KeyDerivation.RTCP_SALT,
                        KeyDerivation.RTCP_AUTHENTICATION,
                        r,
                        suite.rtcpTagLength()));
    }

    private long period(long index) {
        return rate == 0 ? 0 : index / rate;
    }

    private PacketCipher cipher(int encryption, int salting, int authentication, long period, int tagLength) {
        byte[] sessionKey = KeyDerivation.derive(key, salt, encryption, period, suite.keyLength());
        byte[] sessionSalt = KeyDerivation.derive(key, salt, salting, period, suite.saltLength());
        if (suite.isAead()) {
            return new GcmCipher(sessionKey, sessionSalt);
        }
        // RFC 3711 section 5.2: the key of HMAC-SHA1 has 160 bits
        byte[] authenticationKey = KeyDerivation.derive(key, salt, authentication, period, 20);
        return new CounterModeCipher(sessionKey, sessionSalt, authenticationKey, tagLength);
    }

    @Override
    public String toString() {
        return "MasterKey[" + ordinal + ", " + suite + "]";
    }
}
