package hansard.transcode;

import hansard.wire.SpeechRecord;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A track as transcode hears it. {@code words-vs-vosk} has sound coded here beforehand, uncounted; what it costs to decode it and to cut
 * it into stretches is counted.
 *
 * <p>{@code NAME.raw} is signed 16-bit little-endian PCM, 16 kHz, mono: what Vosk is given directly. {@code NAME.packets} are the
 * packets of 20 ms it was decoded from: the codec's name, then for each its length in 32 bits and its bytes. Without a codec there are none.
 */
public final class CodedSpeech {
    private static final String TELEPHONE = "pcmu";
    private static final int PACKET_SAMPLES = SpeechRecord.SAMPLE_RATE / 50;
    private static final long PACKET_MICROS = 20_000;

    private CodedSpeech() {}

    /** What is done with each stretch. */
    public interface Listener {
        /** @param pcm what follows on */
        void speech(byte[] pcm);

        void paused();
    }

    /**
     * @param arguments {@code clean}, {@code pcmu} or {@code opus} and a bitrate in kbit/s; the folder of PCM, a file {@code NAME} per track; the
     *     folder to write to
     */
    public static void main(String[] arguments) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(arguments[1]))) {
            for (Path file : files.toList()) {
                code(arguments[0], Files.readAllBytes(file), arguments[2] + "/" + file.getFileName());
            }
        }
    }

    private static void code(String coding, byte[] pcm, String to) throws IOException {
        if (coding.equals("clean")) {
            Files.write(Path.of(to + ".raw"), pcm);
            return;
        }
        short[] sound = samples(pcm);
        boolean opus = coding.startsWith("opus");
        List<byte[]> packets =
                opus ? opus(sound, 1_000 * Integer.parseInt(coding.substring("opus".length()))) : telephone(sound);
        try (DataOutputStream out =
                new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(Path.of(to + ".packets"))))) {
            out.writeUTF(opus ? "opus" : TELEPHONE);
            for (byte[] packet : packets) {
                out.writeInt(packet.length);
                out.write(packet);
            }
        }
        Files.write(Path.of(to + ".raw"), decoded(opus ? "opus" : TELEPHONE, packets));
    }

    /** Gives the stretches of a track to a listener, as they are on {@code media.speech}. @param track without the file's ending */
    public static void cut(String track, Listener listener) throws IOException {
        SpeechGate.Sink sink = new SpeechGate.Sink() {
            @Override
            public void began(long startMicros) {}

            @Override
            public void speech(long startMicros, int samples, byte[] pcm) {
                listener.speech(pcm);
            }

            @Override
            public void paused(long startMicros) {
                listener.paused();
            }
        };
        Path packets = Path.of(track + ".packets");
        if (!Files.exists(packets)) {
            short[] sound = samples(Files.readAllBytes(Path.of(track + ".raw")));
            SpeechGate gate = new SpeechGate(sink);
            gate.begin(0);
            for (int at = 0; at < sound.length; at += PACKET_SAMPLES) {
                gate.hear(Arrays.copyOfRange(sound, at, Math.min(sound.length, at + PACKET_SAMPLES)));
            }
            gate.end();
            return;
        }
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(packets)));
                SpeechCutter cutter = new SpeechCutter(
                        sink, SoundDecoder.of(in.readUTF(), 1, SoundDecoder.TO_RECOGNISE), new LostPackets())) {
            for (long micros = 0; in.available() > 0; micros += PACKET_MICROS) {
                cutter.add(micros, in.readNBytes(in.readInt()));
            }
            cutter.finish();
        }
    }

    /** On straight lines between the samples: what that adds above 8 kHz is not brought back to 16 kHz. */
    private static List<byte[]> opus(short[] sound, int bitrate) {
        List<byte[]> packets = new ArrayList<>();
        short[] block = new short[OpusEncoder.FRAME_SAMPLES];
        try (OpusEncoder encoder = new OpusEncoder(bitrate, 10)) {
            for (int from = 0; from < sound.length; from += PACKET_SAMPLES) {
                for (int i = 0; i < block.length; i++) {
                    int here = at(sound, from + i / 3);
                    block[i] = (short) (here + (at(sound, from + i / 3 + 1) - here) * (i % 3) / 3);
                }
                packets.add(encoder.encode(block));
            }
        }
        return packets;
    }

    /** G.711, µ-law. */
    private static List<byte[]> telephone(short[] sound) {
        List<byte[]> packets = new ArrayList<>();
        for (int from = 0; from < sound.length; from += PACKET_SAMPLES) {
            byte[] packet = new byte[PACKET_SAMPLES / 2];
            for (int i = 0; i < packet.length; i++) {
                packet[i] = mulaw((at(sound, from + 2 * i) + at(sound, from + 2 * i + 1)) / 2);
            }
            packets.add(packet);
        }
        return packets;
    }

    private static int at(short[] sound, int at) {
        return at < sound.length ? sound[at] : 0;
    }

    private static byte mulaw(int sample) {
        int sign = sample < 0 ? 0x80 : 0;
        int biased = Math.min(32_635, Math.abs(sample)) + 132;
        int exponent = 24 - Integer.numberOfLeadingZeros(biased);
        return (byte) ~(sign | exponent << 4 | biased >> exponent + 3 & 0x0f);
    }

    private static byte[] decoded(String codec, List<byte[]> packets) {
        ByteBuffer pcm = ByteBuffer.allocate((packets.size() + 1) * PACKET_SAMPLES * Short.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        try (SoundDecoder decoder = SoundDecoder.of(codec, 1, SoundDecoder.TO_PLAY);
                Resampler resampler = new Resampler()) {
            for (byte[] packet : packets) {
                short[] sound = decoder.decode(packet);
                put(pcm, resampler.convert(sound, 0, sound.length));
            }
            put(pcm, resampler.flush());
        }
        return Arrays.copyOf(pcm.array(), pcm.position());
    }

    private static void put(ByteBuffer pcm, short[] samples) {
        pcm.asShortBuffer().put(samples);
        pcm.position(pcm.position() + samples.length * Short.BYTES);
    }

    private static short[] samples(byte[] pcm) {
        short[] samples = new short[pcm.length / Short.BYTES];
        ByteBuffer.wrap(pcm).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
        return samples;
    }
}
