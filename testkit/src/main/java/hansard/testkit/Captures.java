package hansard.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import hansard.rtp.Pcap;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** The real calls in the resources: what was on the wire, and what is known about it. */
public final class Captures {
    /** One camera in three sizes at a time, and nothing else: no call to be transcribed. */
    public static final String SIMULCAST = "simulcast-vp8-80";

    /** A white picture and a tone of the same moments, each 1.1 s, and nothing said: what was done when is in the sidecar. */
    public static final String FLASH_AND_BEEP = "flash-and-beep";

    /** Every capture of a call, by name. */
    public static final List<String> ALL = List.of(
            "opus-only-32",
            "opus-vp8-80",
            "opus-vp8-80-impaired",
            "opus-h264-80",
            "opus-vp9-80",
            "opus-av1-80",
            "opus-dtx-silence-80",
            "behaviours-opus-vp8-80",
            "three-party-opus-vp8-80",
            "sframe-opus-vp8-80",
            "plaintext-misconfigured",
            "ffmpeg-a2-three-party",
            "ffmpeg-a3-card-number",
            "ffmpeg-telephone");

    private Captures() {}

    /**
     * @param sidecar keys, ports, codecs, participants, words, and {@code observed} counts per stream
     * @param datagrams in the order of capture
     */
    public record Capture(String name, JsonNode sidecar, List<Pcap.Datagram> datagrams) {
        public Capture {
            datagrams = List.copyOf(datagrams);
        }
    }

    public static Capture load(String name) {
        try (InputStream json = open(name + ".json");
                InputStream pcap = open(name + ".pcap")) {
            return new Capture(name, new ObjectMapper().readTree(json), Pcap.read(pcap));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The resource's bytes, for tests that hand files to a command. */
    public static InputStream open(String file) {
        InputStream in = Captures.class.getResourceAsStream("captures/" + file);
        if (in == null) {
            throw new IllegalArgumentException("no capture file " + file);
        }
        return in;
    }
}
