package hansard.console;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A WAV file with a quiet tone: 8 kHz, 16 bit, mono. */
final class Tone {
    private static final int RATE = 8_000;
    private static final int HEADER_BYTES = 44;

    private Tone() {}

    static byte[] wav(int seconds) {
        int samples = RATE * seconds;
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + samples * 2).order(ByteOrder.LITTLE_ENDIAN);
        out.put(ascii("RIFF")).putInt(HEADER_BYTES - 8 + samples * 2).put(ascii("WAVEfmt "));
        out.putInt(16).putShort((short) 1).putShort((short) 1).putInt(RATE).putInt(RATE * 2);
        out.putShort((short) 2).putShort((short) 16).put(ascii("data")).putInt(samples * 2);
        for (int i = 0; i < samples; i++) {
            out.putShort((short) (1_500 * Math.sin(2 * Math.PI * 220 * i / RATE)));
        }
        return out.array();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
