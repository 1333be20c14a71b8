package hansard.transcode;

import hansard.keys.KeyRef;
import hansard.keys.Vault;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.Artifact;
import hansard.wire.MediaKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes one file of all speakers from a call's stored tracks, block by block: memory grows with speakers, not with time. */
final class Mixer {
    private static final Logger log = LoggerFactory.getLogger(Mixer.class);
    private static final long BLOCK_MICROS = OpusEncoder.FRAME_SAMPLES * 1_000_000L / OpusPacket.SAMPLE_RATE;
    private static final long PROGRESS_BLOCKS = 600_000_000 / BLOCK_MICROS; // ten minutes of call

    /** A sender's timestamps decide how long a track says it is; silence beyond this would keep every other call's mix waiting. */
    private static final long LONGEST_MICROS = Duration.ofHours(48).toNanos() / 1_000;
    /** What trying again does not mend: the record or the objects it names are not what they should be. */
    private static final Set<ErrorCode> UNMIXABLE =
            EnumSet.of(ErrorCode.MEDIA_FAILED, ErrorCode.NOT_AUTHENTIC, ErrorCode.MALFORMED, ErrorCode.BAD_REQUEST);

    private final Vault vault;
    private final MediaObjects objects;
    private final int bitrate;
    private final int complexity;
    private final LongSupplier nowMicros;

    Mixer(Vault vault, MediaObjects objects, int bitrate, int complexity, LongSupplier nowMicros) {
        this.vault = vault;
        this.objects = objects;
        this.bitrate = bitrate;
        this.complexity = complexity;
        this.nowMicros = nowMicros;
    }

    /**
     * Mixes and stores. Says that there is none when nobody spoke, when a track's key was destroyed meanwhile, or, with an
     * alarm, when the media cannot be mixed: the tracks themselves are whole then.
     *
     * @param stopped true when the work is to be left; throws INTERNAL then
     * @throws HansardException VAULT_UNAVAILABLE or STORE_UNAVAILABLE: try again later
     */
    Artifact.MixStored mix(Artifact.TracksComplete call, BooleanSupplier stopped) {
        List<Artifact.TrackStored> voices = call.tracks().stream()
                .filter(t -> t.stream().kind() == MediaKind.AUDIO)
                .toList();
        if (voices.isEmpty()) {
            return none(call);
        }
        try {
            return mix(call, voices, stopped);
        } catch (HansardException e) {
            if (UNMIXABLE.contains(e.code())) {
                log.warn("call {}: no mix: {}", call.callId(), e.getMessage());
                objects.alarm(call.tenant(), call.callId(), KeyRef.MIX, String.valueOf(e.getMessage()));
                return none(call);
            }
            if (e.code() == ErrorCode.KEY_GONE || e.code() == ErrorCode.NOT_FOUND) {
                log.warn("call {}: no mix, it is being erased: {}", call.callId(), e.getMessage());
                return none(call);
            }
            throw e;
        }
    }

    private Artifact.MixStored none(Artifact.TracksComplete call) {
        return new Artifact.MixStored(call.tenant(), call.callId(), nowMicros.getAsLong(), call.round(), 0, 0, null);
    }

    private Artifact.MixStored mix(
            Artifact.TracksComplete call, List<Artifact.TrackStored> tracks, BooleanSupplier stopped) {
        long start = tracks.stream()
                .mapToLong(Artifact.TrackStored::startMicros)
                .min()
                .orElse(0);
        long end = tracks.stream()
                .mapToLong(t -> t.startMicros() + t.durationMicros())
                .max()
                .orElse(start);
        if (end < start || end - start < 0 || end - start > LONGEST_MICROS) {
            throw new HansardException(
                    ErrorCode.MALFORMED,
                    "its tracks say they span " + (end - start) / 1_000_000 + " s; more than "
                            + LONGEST_MICROS / 1_000_000 + " s are not mixed, the tracks can be played one by one");
        }
        KeyRef ref = new KeyRef(call.tenant(), call.callId(), KeyRef.MIX);
        List<MixVoice> voices = new ArrayList<>();
        try (SealedScratch scratch = SealedScratch.create();
                OpusEncoder encoder = new OpusEncoder(bitrate, complexity)) {
            TrackFormat format = new TrackFormat.Opus(1, encoder.preskip());
            try (Muxer muxer = new Muxer(format, scratch)) {
                for (Artifact.TrackStored t : tracks) {
                    KeyRef track = new KeyRef(t.tenant(), t.callId(), t.stream().streamId());
                    voices.add(new MixVoice(
                            objects.sealed().open(t.object().objectKey(), track), t.startMicros() - start));
                }
                write(call.callId(), voices, end - start, encoder, muxer, stopped);
            }
            Artifact.StoredObject object =
                    objects.store(vault.newDataKey(ref), KeyRef.MIX + ".webm", format.contentType(), to -> {
                        try {
                            FastStart.copyRange(scratch, 0, scratch.size(), to);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
            log.info("call {}: mixed {} voices, {} ms", call.callId(), voices.size(), (end - start) / 1_000);
            return new Artifact.MixStored(
                    call.tenant(), call.callId(), nowMicros.getAsLong(), call.round(), start, end - start, object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            voices.forEach(MixVoice::close);
        }
    }

    private static void write(
            String callId,
            List<MixVoice> voices,
            long durationMicros,
            OpusEncoder encoder,
            Muxer muxer,
            BooleanSupplier stopped) {
        SpeakerSum sum = new SpeakerSum(voices.size());
        long blocks = (durationMicros + BLOCK_MICROS - 1) / BLOCK_MICROS;
        long packets = 0;
        for (long i = 0; i <= blocks; i++) {
            if (stopped.getAsBoolean()) {
                throw new HansardException(ErrorCode.INTERNAL, "the mix of call " + callId + " was left unfinished");
            }
            List<byte[]> encoded = i == blocks ? encoder.finish() : encoder.encode(mixed(sum, voices));
            for (byte[] packet : encoded) {
                muxer.write(packet, packets * BLOCK_MICROS, BLOCK_MICROS, true);
                packets++;
            }
            if (i > 0 && i % PROGRESS_BLOCKS == 0) {
                log.info(
                        "call {}: mixed {} of {} min",
                        callId,
                        i * BLOCK_MICROS / 60_000_000,
                        durationMicros / 60_000_000);
            }
        }
        muxer.finish();
    }

    private static short[] mixed(SpeakerSum sum, List<MixVoice> voices) {
        List<short[]> blocks = new ArrayList<>(voices.size());
        for (MixVoice voice : voices) {
            blocks.add(voice.next(OpusEncoder.FRAME_SAMPLES));
        }
        return sum.add(blocks, OpusEncoder.FRAME_SAMPLES);
    }
}
