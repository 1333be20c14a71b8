package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.wire.Frame;
import hansard.wire.SpeechRecord;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpeechCutterTest {
    private static final long START = TestMedia.EPOCH_MICROS;

    private static List<SpeechPieces.Piece> cut(List<Frame> frames) {
        SpeechPieces heard = new SpeechPieces();
        try (SpeechCutter cutter = new SpeechCutter(heard, new OpusDecoder(), new LostPackets())) {
            frames.forEach(f -> cutter.add(f.mediaMicros(), f.payload().array()));
            cutter.finish();
        }
        return heard.pieces;
    }

    private static short[] join(List<SpeechPieces.Piece> pieces) {
        short[] all =
                new short[pieces.stream().mapToInt(SpeechPieces.Piece::samples).sum()];
        int at = 0;
        for (SpeechPieces.Piece piece : pieces) {
            ByteBuffer.wrap(piece.pcm())
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .asShortBuffer()
                    .get(all, at, piece.samples());
            at += piece.samples();
        }
        return all;
    }

    @Test
    void piecesFollowOnWithoutAHoleAndLastAsLongAsTheTrack() {
        List<SpeechPieces.Piece> pieces = cut(TestMedia.opus(START, 250, TestMedia.tone(440)));
        assertEquals(START, pieces.getFirst().startMicros());
        for (int i = 1; i < pieces.size(); i++) {
            assertEquals(pieces.get(i - 1).endMicros(), pieces.get(i).startMicros());
        }
        assertEquals(START + 250 * 20_000, pieces.getLast().endMicros(), 2_000);
    }

    /** Within 8 ms: the encoder's look-ahead of 6.5 ms is in it, and nothing of the decoder's or the resampler's. */
    @Test
    void aSoundIsWhereItWasSpoken() {
        short[] pcm = join(cut(TestMedia.opus(START, 200, TestMedia.burst(1_000, 1_500, 3_000))));
        assertEquals(1_500, Sound.onsetMs(pcm, 1_000, SpeechRecord.SAMPLE_RATE, 0), 8);
    }

    @Test
    void whatWasNotSentIsSilenceOfTheSameLength() {
        List<Frame> all = TestMedia.opus(START, 200, TestMedia.tone(1_000));
        List<Frame> sent = new ArrayList<>(all.subList(0, 50));
        sent.addAll(all.subList(90, 200)); // 800 ms are missing
        List<SpeechPieces.Piece> pieces = cut(sent);
        short[] pcm = join(pieces);
        assertEquals(4_000, pcm.length / 16, 2);
        assertTrue(Sound.level(pcm, 1_100 * 16, 600 * 16) < 0.001);
        assertEquals(1_800, Sound.onsetMs(pcm, 1_000, SpeechRecord.SAMPLE_RATE, 1_100), 8);
    }

    @Test
    void aLongHoleBeginsANewStretchAtItsTime() {
        List<Frame> all = TestMedia.opus(START, 300, TestMedia.tone(1_000));
        List<Frame> sent = new ArrayList<>(all.subList(0, 50));
        sent.addAll(all.subList(150, 300));
        List<SpeechPieces.Piece> pieces = cut(sent);
        assertTrue(pieces.stream().anyMatch(p -> p.startMicros() == START + 3_000_000));
        assertTrue(pieces.stream()
                .noneMatch(p -> p.startMicros() > START + 1_000_000 && p.startMicros() < START + 3_000_000));
        assertEquals(4_000, join(pieces).length / 16, 2);
    }

    @Test
    void aPacketThatCannotBeDecodedBecomesSilence() {
        List<Frame> frames = new ArrayList<>(TestMedia.opus(START, 100, TestMedia.tone(1_000)));
        frames.set(40, TestMedia.frame(frames.get(40).mediaMicros(), 0, true, new byte[] {(byte) 0xff, 0, 1}));
        assertEquals(2_000, join(cut(frames)).length / 16, 2);
    }

    @Test
    void theSamePacketsGiveTheSamePieces() {
        List<Frame> frames = TestMedia.opus(START, 100, TestMedia.tone(300));
        List<SpeechPieces.Piece> once = cut(frames);
        List<SpeechPieces.Piece> again = cut(frames);
        assertEquals(once.size(), again.size());
        for (int i = 0; i < once.size(); i++) {
            assertEquals(once.get(i).startMicros(), again.get(i).startMicros());
            assertArrayEquals(once.get(i).pcm(), again.get(i).pcm());
        }
    }
}
