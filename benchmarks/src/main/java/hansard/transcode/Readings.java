package hansard.transcode;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.decrypt.CapturedPackets;
import hansard.testkit.Captures;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the participants of a capture read aloud, sentence by sentence, as it was decoded. */
record Readings(List<List<Reading>> bySpeaker) {
    /** LibriSpeech's readers, CC BY 4.0 (testkit/NOTICE.md): levelled to -24 dBFS, with noise of -66 dBFS, Opus at 24 kbit/s. */
    private static final String CAPTURE = "ffmpeg-a2-three-party";

    /** What a sentence may begin before and end after its time in the sidecar. */
    private static final double EDGE_SECONDS = 0.08;

    private static final int FADE_SAMPLES = 480;

    /** @param sound 48 kHz mono */
    record Reading(String words, short[] sound) {}

    static Readings ofTheCapture() {
        Captures.Capture capture = Captures.load(CAPTURE);
        List<List<Reading>> speakers = new ArrayList<>();
        for (JsonNode participant : capture.sidecar().get("participants")) {
            short[] sound =
                    decoded(CapturedPackets.of(capture, participant.get("index").asInt()));
            List<Reading> readings = new ArrayList<>();
            for (JsonNode utterance : participant.get("utterances")) {
                readings.add(new Reading(
                        utterance.get("text").asText(),
                        cut(
                                sound,
                                utterance.get("start").asDouble(),
                                utterance.get("end").asDouble())));
            }
            speakers.add(readings);
        }
        return new Readings(speakers);
    }

    private static short[] decoded(List<CapturedPackets.Packet> packets) {
        short[] sound = new short[(int) packets.getLast().samples() + OpusPacket.MAX_SAMPLES];
        try (OpusDecoder decoder = new OpusDecoder(SoundDecoder.TO_PLAY)) {
            for (CapturedPackets.Packet packet : packets) {
                short[] samples = decoder.decode(packet.payload());
                System.arraycopy(samples, 0, sound, (int) packet.samples(), samples.length);
            }
        }
        return sound;
    }

    private static short[] cut(short[] sound, double start, double end) {
        int from = (int) (OpusPacket.SAMPLE_RATE * Math.max(0, start - EDGE_SECONDS));
        int to = Math.min(sound.length, (int) (OpusPacket.SAMPLE_RATE * (end + EDGE_SECONDS)));
        short[] cut = Arrays.copyOfRange(sound, from, to);
        for (int i = 0; i < FADE_SAMPLES; i++) {
            cut[i] = (short) (cut[i] * i / FADE_SAMPLES);
            cut[cut.length - 1 - i] = (short) (cut[cut.length - 1 - i] * i / FADE_SAMPLES);
        }
        return cut;
    }
}
