package hansard.transcode;

import static hansard.fuzz.Promises.hold;

import hansard.fuzz.FuzzTarget;
import hansard.fuzz.Pieces;
import hansard.fuzz.Seeds;
import hansard.wire.MediaKind;
import hansard.wire.StreamDescription;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What FFmpeg is told of a stream is within what its containers hold, whatever the frames are. */
public final class FrameGateFuzz implements FuzzTarget {
    private static final List<String> CODECS = List.of("opus", "vp8", "h264", "vp9", "av1", "pcmu", "g722");
    private static final String SPS = "67 42 c0 1f da 02 80 f6 c0 44 00 00 03 00 04 00 00 03 00 f0 3c 60 ca 80";
    private static final String HIGH_SPS =
            "67 64 00 1f ac d9 40 50 05 bb 01 6a 02 02 02 80 00 00 03 00 80 00 00 1e 07 8c 18 cb";

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        seeds.add(Pieces.join(0, List.of(Seeds.hex("f8 ff fe"), Seeds.hex("fb 03 00 00"), Seeds.hex("78 01"))));
        seeds.add(Pieces.join(1, List.of(Seeds.hex("50 01 00 9d 01 2a 80 02 e0 01 00"), Seeds.hex("31 02 00 11"))));
        for (String sps : List.of(SPS, HIGH_SPS)) {
            seeds.add(Pieces.join(
                    2, List.of(Seeds.hex("00 00 00 01" + sps + "00 00 00 01 68 ce 3c 80 00 00 01 65 88 84 00 33"))));
        }
        seeds.add(Pieces.join(3, List.of(Seeds.hex("82 49 83 42 00 13 f0 0e f0 00"), Seeds.hex("86 00 40"))));
        seeds.add(Pieces.join(
                4, List.of(Seeds.hex("0a 0a 00 00 00 04 3c ff bc 01 a0 08 32 03 10 4d 00"), Seeds.hex("32 02 30 00"))));
        seeds.add(Pieces.join(5, List.of(Seeds.hex("ff 7f"))));
        seeds.add(Pieces.join(6, List.of(Seeds.hex("fa fa"))));
        return seeds;
    }

    @Override
    public void run(byte[] input) {
        String codec = CODECS.get(input.length == 0 ? 0 : (input[0] & 0xff) % CODECS.size());
        FrameGate gate = FrameGate.of(codec, codec.equals("g722") ? 1 : 2).orElseThrow();
        for (byte[] frame : Pieces.split(input, 1)) {
            if (gate.look(frame) instanceof FrameGate.Usable usable) {
                hold(frame.length > 0, "an empty frame is of use");
                usable.durationMicros()
                        .ifPresent(d ->
                                hold(d > 0 && (d <= 120_000 || !codec.equals("opus")), "a packet of " + d + " µs"));
                usable.start().ifPresent(format -> check(format, frame));
            }
        }
        Vp8Header.ofKeyframe(input).ifPresent(h -> checkSize(h.width(), h.height()));
        H264Sps.of(input).ifPresent(h -> checkSize(h.width(), h.height()));
        int nals = AnnexB.nals(input).stream().mapToInt(nal -> nal.length).sum();
        hold(nals <= input.length, "more NAL units than bytes");
    }

    private static void check(TrackFormat format, byte[] frame) {
        switch (format) {
            case TrackFormat.Vp9 vp9 -> checkSize(vp9.width(), vp9.height());
            case TrackFormat.Av1 av1 -> {
                checkSize(av1.width(), av1.height());
                hold(av1.codecPrivate().length > 0, "a track begins without a sequence header");
            }
            case TrackFormat.G711 g711 -> hold(g711.channels() > 0, "no channel");
            case TrackFormat.G722 ignored -> hold(frame.length > 0, "no samples");
            case TrackFormat.Vp8 vp8 -> checkSize(vp8.width(), vp8.height());
            case TrackFormat.H264 h264 -> {
                checkSize(h264.width(), h264.height());
                hold(h264.codecPrivate().length > 0, "a track begins without parameter sets");
            }
            case TrackFormat.Opus opus ->
                hold(opus.channels() <= 2 && frame.length > 0, "Opus has two channels at most");
        }
    }

    private static void checkSize(int width, int height) {
        hold(width > 0 && width <= 16_384 && height > 0 && height <= 16_384, "a picture of " + width + "x" + height);
    }

    private static boolean isAudio(String codec) {
        return List.of("opus", "pcmu", "g722").contains(codec);
    }

    private static StreamDescription stream(String codec) {
        return new StreamDescription(
                "s",
                "c",
                "default",
                "alice",
                isAudio(codec) ? MediaKind.AUDIO : MediaKind.VIDEO,
                codec,
                codec.equals("opus") ? 48_000 : 90_000,
                codec.equals("opus") ? 2 : isAudio(codec) ? 1 : 0,
                Map.of(),
                Map.of(),
                StreamDescription.Srtp.fresh("AES_CM_128_HMAC_SHA1_80"),
                null,
                20_000,
                false,
                "",
                "");
    }
}
