package hansard.transcode;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Looks at each frame before FFmpeg sees it: is it whole enough to be muxed, and is it one that a track can begin with? */
sealed interface FrameGate {
    Verdict look(byte[] frame);

    sealed interface Verdict {}

    /** @param start what the container is told, in a frame that a track may begin with */
    record Usable(Optional<TrackFormat> start, Optional<Long> durationMicros) implements Verdict {}

    record Bad(String why) implements Verdict {}

    /** Empty for a codec that is recorded sealed and never made into a track. */
    static Optional<FrameGate> of(String codec, int channels) {
        return switch (codec) {
            case "opus" -> Optional.of(new OfOpus(channels == 1 ? 1 : 2));
            case "pcmu", "pcma", "g722" ->
                TelephoneCodec.of(codec, channels).map(known -> new OfSamples(known, channels == 2 ? 2 : 1));
            case "vp8" -> Optional.of(new OfVp8());
            case "vp9" -> Optional.of(new OfVp9());
            case "h264" -> Optional.of(new OfH264());
            case "av1" -> Optional.of(new OfAv1());
            default -> Optional.empty();
        };
    }

    /** Preskip is 0: the fork begins in the middle of a call, and the timeline is that of the packets. */
    record OfOpus(int channels) implements FrameGate {
        @Override
        public Verdict look(byte[] frame) {
            OptionalInt samples = OpusPacket.samples(frame);
            if (samples.isEmpty()) {
                return new Bad("not an Opus packet (RFC 6716 section 3.4)");
            }
            long micros = samples.getAsInt() * 1_000_000L / OpusPacket.SAMPLE_RATE;
            return new Usable(Optional.of(new TrackFormat.Opus(channels, 0)), Optional.of(micros));
        }
    }

    /** Samples have no form that could be wrong but their number. */
    record OfSamples(TelephoneCodec codec, int channels) implements FrameGate {
        @Override
        public Verdict look(byte[] frame) {
            if (frame.length == 0 || frame.length % channels != 0) {
                return new Bad(frame.length + " bytes are not samples of " + channels + " channels");
            }
            long micros = frame.length * 1_000_000L / (TelephoneCodec.BYTES_A_SECOND * channels);
            return new Usable(Optional.of(codec.format(channels)), Optional.of(micros));
        }
    }

    /** A frame is the 3-byte tag at least; a key frame carries its size. */
    record OfVp8() implements FrameGate {
        @Override
        public Verdict look(byte[] frame) {
            if (frame.length < 3) {
                return new Bad("shorter than a VP8 frame tag");
            }
            if (!Vp8Header.claimsKeyframe(frame)) {
                return new Usable(Optional.empty(), Optional.empty());
            }
            return Vp8Header.ofKeyframe(frame)
                    .<Verdict>map(
                            h -> new Usable(Optional.of(new TrackFormat.Vp8(h.width(), h.height())), Optional.empty()))
                    .orElseGet(() -> new Bad("a VP8 key frame without its start code or size"));
        }
    }

    /** A key frame carries its size; what is shown of an earlier frame carries nothing. */
    record OfVp9() implements FrameGate {
        @Override
        public Verdict look(byte[] frame) {
            if (frame.length == 0 || (frame[0] & 0xc0) != 0x80) {
                return new Bad("not a VP9 frame: no frame marker");
            }
            if (!Vp9Header.claimsKeyframe(frame)) {
                return new Usable(Optional.empty(), Optional.empty());
            }
            return Vp9Header.ofKeyframe(frame)
                    .<Verdict>map(
                            h -> new Usable(Optional.of(new TrackFormat.Vp9(h.width(), h.height())), Optional.empty()))
                    .orElseGet(() -> new Bad("a VP9 key frame without its sync code or size"));
        }
    }

    /** A track begins with a key frame and its sequence header; every OBU must say its size, and within bounds. */
    record OfAv1() implements FrameGate {
        @Override
        public Verdict look(byte[] frame) {
            return Av1Unit.of(frame)
                    .<Verdict>map(unit -> new Usable(
                            unit.isKeyframe()
                                    ? unit.sequence()
                                            .map(s -> new TrackFormat.Av1(s.width(), s.height(), unit.sequenceObu()))
                                    : Optional.empty(),
                            Optional.empty()))
                    .orElseGet(() -> new Bad("OBUs that end where no OBU ends"));
        }
    }

    /** Parameter sets may come in a unit before the key frame they belong to, so the last ones are remembered. */
    final class OfH264 implements FrameGate {
        private byte[] parameterSets = new byte[0];
        private Optional<H264Sps> size = Optional.empty();

        @Override
        public Verdict look(byte[] frame) {
            List<byte[]> nals = AnnexB.nals(frame);
            if (nals.isEmpty()) {
                return new Bad("no NAL unit behind a start code");
            }
            if (AnnexB.has(nals, AnnexB.SPS) && AnnexB.has(nals, AnnexB.PPS)) {
                remember(nals);
            }
            boolean starts = AnnexB.has(nals, AnnexB.IDR_SLICE);
            return new Usable(
                    starts
                            ? size.map(s -> new TrackFormat.H264(s.width(), s.height(), parameterSets))
                            : Optional.empty(),
                    Optional.empty());
        }

        private void remember(List<byte[]> nals) {
            Optional<H264Sps> found = nals.stream()
                    .filter(nal -> AnnexB.type(nal) == AnnexB.SPS)
                    .findFirst()
                    .flatMap(H264Sps::of);
            if (found.isPresent()) {
                size = found;
                parameterSets = AnnexB.parameterSets(nals);
            }
        }
    }
}
