package hansard.decrypt;

import static hansard.decrypt.SyntheticStream.START;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.rtp.Pcap;
import hansard.rtp.RtpHeader;
import hansard.testkit.Captures;
import hansard.testkit.Ffmpeg;
import hansard.testkit.SrtpSender;
import hansard.wire.Frame;
import hansard.wire.MediaContent;
import hansard.wire.MediaKind;
import hansard.wire.Observation;
import hansard.wire.Octets;
import hansard.wire.RejectReason;
import hansard.wire.Simulcast;
import hansard.wire.SrtpRecord;
import hansard.wire.StreamAccount;
import hansard.wire.StreamDescription;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One picture in three sizes, of which one is kept, through the whole worker. Frames come every 40 ms, each in one packet. */
class SimulcastTest extends ThroughTheWorker {
    private static final int VP8 = 96;
    private static final int RID_ID = 10;
    private static final byte[] KEY = SyntheticStream.keyAndSalt(SrtpSuite.AES_CM_128_HMAC_SHA1_80, 7);

    /** The layers, from the highest to the lowest; with SSRCs as an SFU gives them. */
    private enum Layer {
        H,
        M,
        L;

        final long ssrc = 100 + ordinal();

        String rid() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Map<Layer, SrtpSender> senders = new EnumMap<>(Layer.class);
    private final Map<Layer, Long> sent = new EnumMap<>(Layer.class);

    @BeforeEach
    void makeSenders() {
        for (Layer layer : Layer.values()) {
            senders.put(layer, new SrtpSender(KEY, 10, layer.ssrc, VP8));
            sent.put(layer, 0L);
        }
    }

    private StreamDescription stream(String keep) {
        return stream(keep, Map.of());
    }

    /** @param extensions where they name the rid, nobody knows the layers' SSRCs */
    private StreamDescription stream(String keep, Map<Integer, String> extensions) {
        List<Simulcast.Layer> layers = new ArrayList<>();
        for (Layer layer : Layer.values()) {
            layers.add(new Simulcast.Layer(layer.rid(), extensions.isEmpty() ? layer.ssrc : null));
        }
        return new StreamDescription(
                        id,
                        "call-" + id,
                        "default",
                        "alice",
                        MediaKind.VIDEO,
                        "vp8",
                        90_000,
                        0,
                        Map.of(VP8, "vp8"),
                        extensions,
                        StreamDescription.Srtp.fresh("AES_CM_128_HMAC_SHA1_80"),
                        null,
                        20_000,
                        false,
                        "",
                        "")
                .of(MediaContent.CAMERA, new Simulcast(layers, keep));
    }

    /** A frame of a layer, number n of the picture: RFC 7741's descriptor, the frame tag, and who it is. */
    private void frame(Layer layer, long n, boolean key) {
        byte[] words = (layer + " " + n).getBytes(StandardCharsets.US_ASCII);
        byte[] payload = new byte[2 + words.length];
        payload[0] = 0x10;
        payload[1] = (byte) (key ? 0 : 1);
        System.arraycopy(words, 0, payload, 2, words.length);
        long index = sent.merge(layer, 1L, Long::sum) - 1;
        arrives(layer, n, senders.get(layer).datagram(index, n * 3_600 + layer.ordinal() * 7L, true, payload));
    }

    /** Its first packets say their rid, in an element of one byte (RFC 8285 section 4.2). */
    private void namedFrame(Layer layer, long n, boolean key) {
        SrtpSender sender = senders.get(layer);
        byte[] words = (layer + " " + n).getBytes(StandardCharsets.US_ASCII);
        long index = sent.merge(layer, 1L, Long::sum) - 1;
        ByteBuffer packet = ByteBuffer.allocate(12 + 8 + 2 + words.length);
        packet.put(sender.plainRtp(index, n * 3_600, true, new byte[0]));
        packet.put(0, (byte) 0x90).putShort((short) 0xbede).putShort((short) 1);
        packet.put((byte) (RID_ID << 4)).put((byte) layer.rid().charAt(0)).putShort((short) 0);
        packet.put((byte) 0x10).put((byte) (key ? 0 : 1)).put(words);
        arrives(layer, n, sender.sealed(index, packet.array(), 20));
    }

    private void arrives(Layer layer, long n, byte[] datagram) {
        wire.add(new SrtpRecord.Datagram(START + n * 40_000 + layer.ordinal() * 1_000L, Octets.of(datagram)));
    }

    private StreamAccount ended(StreamDescription stream) {
        return ended(stream, KEY);
    }

    private StreamAccount ended(StreamDescription stream, byte[] key) {
        worker = worker.played(stream, key, wire);
        StreamAccount account = worker.account(stream);
        assertEquals(0, account.lost());
        return account;
    }

    private List<String> kept(StreamDescription stream) {
        List<Frame> frames = worker.opened(stream);
        for (int i = 1; i < frames.size(); i++) {
            assertTrue(
                    frames.get(i).mediaMicros() > frames.get(i - 1).mediaMicros(), "frame " + i + " is out of order");
        }
        return frames.stream()
                .map(f -> new String(f.payload().array(), 1, f.payload().length() - 1, StandardCharsets.US_ASCII))
                .toList();
    }

    private static List<String> frames(Layer layer, long from, long to) {
        List<String> names = new ArrayList<>();
        for (long n = from; n < to; n++) {
            names.add(layer + " " + n);
        }
        return names;
    }

    @SafeVarargs
    private static List<String> joined(List<String>... parts) {
        List<String> all = new ArrayList<>();
        for (List<String> part : parts) {
            all.addAll(part);
        }
        return all;
    }

    @Test
    void theHighestLayerIsKeptAndTheOthersBecomeNothing() {
        for (long n = 0; n < 50; n++) {
            frame(Layer.H, n, n == 0);
            frame(Layer.M, n, n % 25 == 0);
            frame(Layer.L, n, n % 25 == 0);
        }
        StreamDescription stream = stream("");
        StreamAccount account = ended(stream);
        assertEquals(frames(Layer.H, 0, 50), kept(stream));
        assertEquals(50, account.framed());
        assertEquals(50, account.expected());
        assertEquals(Map.of(RejectReason.LAYER_LEFT_OUT, 100L), account.rejected());
    }

    @Test
    void theLowestLayerIsKeptWhereThatIsWanted() {
        for (long n = 0; n < 50; n++) {
            frame(Layer.L, n, n == 0);
            frame(Layer.M, n, n == 0);
            frame(Layer.H, n, n == 0);
        }
        StreamDescription stream = stream(Simulcast.LOWEST);
        ended(stream);
        assertEquals(frames(Layer.L, 0, 50), kept(stream));
    }

    @Test
    void aLayerIsKeptByItsName() {
        for (long n = 0; n < 50; n++) {
            frame(Layer.M, n, n == 0);
            frame(Layer.H, n, n == 0);
            frame(Layer.L, n, n == 0);
        }
        StreamDescription stream = stream("m");
        ended(stream);
        assertEquals(frames(Layer.M, 0, 50), kept(stream));
    }

    @Test
    void aBetterLayerThatComesLaterTakesOverWithItsKeyFrame() {
        for (long n = 0; n < 60; n++) {
            if (n >= 20) {
                frame(Layer.H, n, n == 30);
            }
            frame(Layer.L, n, n == 0);
        }
        StreamDescription stream = stream("");
        StreamAccount account = ended(stream);
        assertEquals(joined(frames(Layer.L, 0, 30), frames(Layer.H, 30, 60)), kept(stream));
        assertEquals(60, account.framed());
        assertEquals(60, account.expected());
        assertEquals(Map.of(RejectReason.LAYER_LEFT_OUT, 40L), account.rejected());
    }

    @Test
    void whenTheKeptLayerStopsTheNextOneGoesOnAtAKeyFrameAndBack() {
        for (long n = 0; n < 200; n++) {
            if (n < 50 || n >= 120) {
                frame(Layer.H, n, n == 0 || n == 130);
            }
            frame(Layer.M, n, n == 0 || n == 60 || n == 80);
        }
        StreamDescription stream = stream("");
        StreamAccount account = ended(stream);
        // the key frame at 60 comes while nobody can know yet that the layer above has stopped
        assertEquals(joined(frames(Layer.H, 0, 50), frames(Layer.M, 80, 130), frames(Layer.H, 130, 200)), kept(stream));
        // a second after frame 49, from 74 on, nothing is seen until frame 80
        assertEquals(6, account.rejected().get(RejectReason.LAYER_UNKEYED));
        assertEquals(170, account.framed());
        assertEquals(
                0,
                worker.observations(stream).stream()
                        .filter(Observation.Missing.class::isInstance)
                        .count(),
                "nothing is called missing of what was left out");
    }

    @Test
    void aLayerIsKnownByTheRidThatItsFirstPacketsSay() {
        for (long n = 0; n < 50; n++) {
            for (Layer layer : List.of(Layer.L, Layer.H)) {
                if (n < 3) {
                    namedFrame(layer, n, n == 0 || n == 2);
                } else {
                    frame(layer, n, false);
                }
            }
        }
        StreamDescription stream = stream("", Map.of(RID_ID, "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"));
        ended(stream);
        assertEquals(joined(List.of("L 0"), frames(Layer.H, 0, 50)), kept(stream));
    }

    @Test
    void forgedPacketsOfALayerNeitherCountAsItNorTakeOver() {
        for (long n = 0; n < 50; n++) {
            frame(Layer.H, n, n == 0);
            frame(Layer.L, n, n == 0);
        }
        for (int i = 60; i < 70; i++) { // of the lower layer, said to be a key frame of the higher
            byte[] forged = wire.get(i).bytes().array();
            forged[11] ^= 1;
            wire.add(i, new SrtpRecord.Datagram(wire.get(i).arrivalMicros(), Octets.of(forged)));
        }
        StreamDescription stream = stream("");
        StreamAccount account = ended(stream);
        assertEquals(frames(Layer.H, 0, 50), kept(stream));
        assertEquals(50, account.rejected().get(RejectReason.LAYER_LEFT_OUT));
        assertEquals(
                10, account.rejectedTotal() - account.rejected().get(RejectReason.LAYER_LEFT_OUT), account.toString());
    }

    @Test
    void noKeyFrameOfAnyLayerIsSaidToBeThat() {
        for (long n = 0; n < 50; n++) {
            frame(Layer.H, n, false);
            frame(Layer.L, n, false);
        }
        StreamDescription stream = stream("");
        StreamAccount account = ended(stream);
        assertEquals(List.of(), kept(stream));
        assertEquals(Map.of(RejectReason.LAYER_UNKEYED, 100L), account.rejected());
        assertEquals(
                "left: no key frame of any simulcast layer came",
                worker.ended(stream).reason());
    }

    /** Chromium's layers as Janus forked them, to one port instead of three. */
    private StreamDescription captured(Captures.Capture capture, LongPredicate highestArrives) {
        List<Simulcast.Layer> layers = new ArrayList<>();
        long highest = 0;
        for (JsonNode s : capture.sidecar().path("streams")) { // Janus counts them from the lowest
            highest = s.path("ssrc").asLong();
            layers.addFirst(
                    new Simulcast.Layer("layer-" + s.path("simulcast_layer").asInt(), highest));
        }
        long began = capture.datagrams().getFirst().timeMicros();
        for (Pcap.Datagram d : capture.datagrams()) {
            RtpHeader header = RtpHeader.parse(d.payload(), d.payload().length);
            boolean isHighest = header != null && header.ssrc() == highest;
            if (!isHighest || highestArrives.test(d.timeMicros() - began)) {
                wire.add(new SrtpRecord.Datagram(d.timeMicros(), Octets.of(d.payload())));
            }
        }
        return stream("").of(MediaContent.CAMERA, new Simulcast(layers, Simulcast.HIGHEST));
    }

    /** The sizes of the pictures, run by run, as the distribution's ffmpeg decodes them; it must have nothing to complain of. */
    private List<String> decodedSizes(List<Frame> frames) throws Exception {
        ByteBuffer ivf = ByteBuffer.allocate(32
                        + frames.stream()
                                .mapToInt(f -> 12 + f.payload().length())
                                .sum())
                .order(ByteOrder.LITTLE_ENDIAN);
        ivf.put("DKIF".getBytes(StandardCharsets.US_ASCII)).putShort((short) 0).putShort((short) 32);
        ivf.put("VP80".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 1280)
                .putShort((short) 720);
        ivf.putInt(1_000_000).putInt(1).putInt(frames.size()).putInt(0);
        for (Frame frame : frames) {
            ivf.putInt(frame.payload().length())
                    .putLong(frame.mediaMicros() - frames.getFirst().mediaMicros())
                    .put(frame.payload().array());
        }
        List<String> sizes = Ffmpeg.pictureSizes(Files.write(directory.resolve(id + ".ivf"), ivf.array()));
        assertEquals(frames.size(), sizes.size());
        List<String> runs = new ArrayList<>();
        for (String size : sizes) {
            if (runs.isEmpty() || !runs.getLast().equals(size)) {
                runs.add(size);
            }
        }
        return runs;
    }

    private StreamAccount recorded(Captures.Capture capture, StreamDescription stream) {
        JsonNode first = capture.sidecar().path("streams").path(0);
        return ended(
                stream,
                Base64.getDecoder().decode(first.path("srtp_key_salt_base64").asText()));
    }

    @Test
    void aBrowsersSimulcastThroughAnSfuIsOnePictureInItsHighestSize() throws Exception {
        Captures.Capture capture = Captures.load(Captures.SIMULCAST);
        StreamDescription stream = captured(capture, micros -> true);
        StreamAccount account = recorded(capture, stream);
        List<Frame> frames = worker.opened(stream);
        List<String> sizes = decodedSizes(frames);
        assertEquals("1280x720", sizes.getLast());
        assertTrue(account.rejected().getOrDefault(RejectReason.LAYER_LEFT_OUT, 0L) > 100, account.toString());
        assertEquals(787, account.received());
    }

    @Test
    void aBrowsersHighestLayerThatTheSfuPausesIsFollowedByTheNext() throws Exception {
        Captures.Capture capture = Captures.load(Captures.SIMULCAST);
        StreamDescription stream = captured(capture, micros -> micros < 6_000_000);
        recorded(capture, stream);
        List<Frame> frames = worker.opened(stream);
        List<String> sizes = decodedSizes(frames);
        assertEquals(List.of("1280x720", "640x360"), sizes.subList(sizes.size() - 2, sizes.size()));
        long longest = 0;
        for (int i = 1; i < frames.size(); i++) {
            longest = Math.max(
                    longest, frames.get(i).mediaMicros() - frames.get(i - 1).mediaMicros());
        }
        assertTrue(longest < 6_000_000, "nothing was seen for " + longest / 1_000 + " ms");
    }
}
