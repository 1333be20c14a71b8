package hansard.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import hansard.runtime.HansardException;
import hansard.runtime.Settings;
import hansard.wire.Codec;
import hansard.wire.MediaContent;
import hansard.wire.Simulcast;
import hansard.wire.StreamDescription;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Streams as they are announced: several codecs, several sizes, and what is to be seen. */
class AnnouncementTest {
    private static final IngestConfig CONFIG = IngestConfig.from(Settings.of(Map.of()));
    private static final String RID = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";

    private static Announcement announced(Map<String, Object> body) {
        return Announcement.from(new Fields(new ObjectMapper().valueToTree(body)), CONFIG);
    }

    private static StreamDescription described(Map<String, Object> body) {
        return announced(body).describe("s", "c", "default", 1);
    }

    private static void refused(Map<String, Object> body, String... words) {
        HansardException refusal = assertThrows(HansardException.class, () -> announced(body));
        Arrays.stream(words)
                .forEach(word -> assertTrue(String.valueOf(refusal.getMessage()).contains(word), refusal::getMessage));
    }

    private static Map<String, Object> listed(String kind, List<Map<String, Object>> codecs) {
        Map<String, Object> body = new LinkedHashMap<>(IngestRig.opus("s"));
        List.of("codec", "clockRate", "channels", "payloadTypes").forEach(body::remove);
        body.put("kind", kind);
        body.put("codecs", codecs);
        return body;
    }

    private static Map<String, Object> video() {
        return listed("video", List.of(Map.of("payloadType", 96, "name", "VP8")));
    }

    @Test
    void severalCodecsAreOneStreamThatBeginsWithTheFirst() {
        StreamDescription stream = described(listed(
                "audio",
                List.of(
                        Map.of("payloadType", 63, "name", "red", "clockRate", 48_000, "parameters", "111/111"),
                        Map.of("payloadType", 111, "name", "opus", "channels", 2),
                        Map.of("payloadType", 0, "name", "PCMU"),
                        Map.of("payloadType", 98, "name", "lyra", "clockRate", 16_000),
                        Map.of("payloadType", 126, "name", "telephone-event", "clockRate", 8_000))));
        assertEquals("opus", stream.codec());
        assertEquals(48_000, stream.clockRate());
        assertEquals(2, stream.channels());
        assertEquals(new Codec("opus", 48_000, 2), stream.codec(111));
        assertEquals(new Codec("pcmu", 8_000, 1), stream.codec(0));
        assertEquals(new Codec("lyra", 16_000, 1), stream.codec(98));
        assertEquals(8_000, stream.codec(126).clockRate());
        assertEquals("red", stream.encoding(63));
        assertEquals(Codec.NONE, stream.codec(5));
    }

    @Test
    void theSingleFormMeansWhatItAlwaysMeant() {
        StreamDescription stream = described(new LinkedHashMap<>(IngestRig.opus("s")));
        assertEquals(new Codec("opus", 48_000, 2), stream.codec(111));
        assertEquals(Map.of(111, "opus"), stream.payloadTypes());
        assertEquals(MediaContent.MICROPHONE, stream.content());
        assertEquals(null, stream.simulcast());
    }

    @Test
    void whatOfTheListCannotBeIsNamedWithItsPlace() {
        Map<String, Object> both = listed("audio", List.of(Map.of("payloadType", 111, "name", "opus")));
        both.put("codec", "opus");
        refused(both, "codec is given beside codecs");
        refused(
                listed(
                        "audio",
                        List.of(
                                Map.of("payloadType", 128, "name", "opus"),
                                Map.of("payloadType", 9, "name", "vp8", "colour", "red"),
                                Map.of("payloadType", 9, "name", "lyra"))),
                "codecs[0].payloadType is 128",
                "codecs[1].name is vp8",
                "codecs[1].colour is not a field",
                "codecs[2].clockRate is missing",
                "codecs[2].payloadType is 9");
        refused(listed("audio", List.of(Map.of("payloadType", 97, "name", "rtx"))), "no media");
        refused(listed("audio", List.of()), "codecs must be a list");
    }

    @Test
    void aScreenIsAnnouncedInTheWordsOfMediaServersAndOfTheRfc() {
        for (String word : List.of("screen", "slides", "Screen")) {
            Map<String, Object> body = video();
            body.put("content", word);
            assertEquals(MediaContent.SCREEN, described(body).content());
        }
        for (String word : List.of("camera", "main", "speaker")) {
            Map<String, Object> body = video();
            body.put("content", word);
            assertEquals(MediaContent.CAMERA, described(body).content());
        }
        Map<String, Object> wrong = video();
        wrong.put("content", "microphone");
        refused(wrong, "content is 'microphone'", "camera");
    }

    @Test
    void simulcastIsOneStreamWithItsLayers() {
        Map<String, Object> body = video();
        body.put("layers", List.of(Map.of("rid", "h", "ssrc", 1), Map.of("rid", "l", "ssrc", 2)));
        body.put("keepLayer", "l");
        assertEquals(
                new Simulcast(List.of(new Simulcast.Layer("h", 1L), new Simulcast.Layer("l", 2L)), "l"),
                described(body).simulcast());
        body.put("layers", List.of(Map.of("rid", "h"), Map.of("rid", "l")));
        refused(body, "layers[0].ssrc is missing", RID);
        body.put("headerExtensions", Map.of("4", RID));
        described(body);
        body.put("keepLayer", "middle");
        refused(body, "keepLayer must be highest, lowest");
        body.remove("keepLayer");
        body.put("ssrc", 7);
        refused(body, "layers", "leave ssrc out");
        body.remove("ssrc");
        body.put("layers", List.of(Map.of("rid", "h", "ssrc", 1), Map.of("rid", "l", "ssrc", 1)));
        refused(body, "layers[1].rid or ssrc is another layer's");
        Map<String, Object> audio = new LinkedHashMap<>(IngestRig.opus("s"));
        audio.put("layers", List.of(Map.of("rid", "h", "ssrc", 1)));
        refused(audio, "of video");
    }
}
