package hansard.transcode;

import hansard.keys.KeyRef;
import hansard.keys.Vault;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.Artifact;
import hansard.wire.TrackCoverage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SeekableByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one file of all speakers from a call's stored tracks, in a process of its own. Memory grows with speakers, not with time.
 */
final class Mixer {
    private static final Logger log = LoggerFactory.getLogger(Mixer.class);
    private static final String CONTENT_TYPE = "audio/webm";
    private static final int SAY_THOUSANDTHS = 250;

    /** A sender's timestamps decide how long a track says it is; silence beyond this would keep every other call's mix waiting. */
    private static final long LONGEST_MICROS = Duration.ofHours(48).toNanos() / 1_000;
    /** What trying again does not mend: the record or the objects it names are not what they should be. */
    private static final Set<ErrorCode> UNMIXABLE =
            EnumSet.of(ErrorCode.MEDIA_FAILED, ErrorCode.NOT_AUTHENTIC, ErrorCode.MALFORMED, ErrorCode.BAD_REQUEST);

    private final Vault vault;
    private final MediaObjects objects;
    private final int bitrate;
    private final int complexity;
    private final JobProcess process;
    private final LongSupplier nowMicros;

    Mixer(Vault vault, MediaObjects objects, int bitrate, int complexity, JobProcess process, LongSupplier nowMicros) {
        this.vault = vault;
        this.objects = objects;
        this.bitrate = bitrate;
        this.complexity = complexity;
        this.process = process;
        this.nowMicros = nowMicros;
    }

    /** The records of {@code recording.artifacts} that ask for a mix. */
    Optional<WorkReader.Work> work(byte[] record) {
        return Artifact.fromBytes(record) instanceof Artifact.TracksComplete call
                ? Optional.of(new WorkReader.Work(call.tenant(), stopped -> mix(call, stopped)))
                : Optional.empty();
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
                .filter(t -> SoundDecoder.hears(t.stream())
                        && !audible(call, t).files().isEmpty())
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
        List<SeekableByteChannel> inputs = new ArrayList<>();
        try {
            List<Job.Voice> voices = new ArrayList<>();
            List<List<Job.Quiet>> noise = new ArrayList<>();
            for (Artifact.TrackStored t : tracks) {
                KeyRef track = new KeyRef(t.tenant(), t.callId(), t.stream().streamId());
                Optional<TrackCoverage> coverage = objects.coverage(track, t.generation());
                Audible audible = audible(call, t);
                for (Artifact.Segment file : audible.files()) {
                    voices.add(voice(inputs.size(), file, coverage, start));
                    noise.add(coverage.map(known -> noise(known, start)).orElse(List.of()));
                    inputs.add(objects.sealed().open(file.object().objectKey(), audible.key()));
                }
            }
            List<Job.Voice> heard = RoomNoise.withoutOthers(voices, noise, end - start).stream()
                    .map(Mixer::withoutLosses)
                    .toList();
            Job.Mix job = new Job.Mix(heard, end - start, bitrate, complexity);
            Artifact.StoredObject object = stored(call, job, inputs, stopped);
            log.info("call {}: mixed {} voices, {} ms", call.callId(), voices.size(), (end - start) / 1_000);
            return new Artifact.MixStored(
                    call.tenant(), call.callId(), nowMicros.getAsLong(), call.round(), start, end - start, object);
        } finally {
            inputs.forEach(Mixer::close);
        }
    }

    /** What people may hear of a track; no file when that is nothing. */
    private record Audible(KeyRef key, List<Artifact.Segment> files) {}

    private static Audible audible(Artifact.TracksComplete call, Artifact.TrackStored t) {
        String streamId = t.stream().streamId();
        KeyRef track = new KeyRef(t.tenant(), t.callId(), streamId);
        if (!t.withheld()) {
            return new Audible(track, t.files());
        }
        return call.redactions().stream()
                .filter(r -> r.streamId().equals(streamId) && r.generation() == t.generation())
                .findFirst()
                .map(r -> r.nothingRemoved()
                        ? new Audible(track, t.files())
                        : new Audible(KeyRef.redacted(t.tenant(), t.callId(), streamId), r.files()))
                .orElse(new Audible(track, List.of()));
    }

    private static Job.Voice voice(int input, Artifact.Segment file, Optional<TrackCoverage> known, long start) {
        List<Job.Loss> losses = new ArrayList<>();
        List<Job.Pause> pauses = new ArrayList<>();
        List<Job.Quiet> quiet = new ArrayList<>();
        known.ifPresent(coverage -> {
            coverage.quiet().forEach(q -> quiet.add(new Job.Quiet(q.fromMicros() - start, q.toMicros() - start)));
            coverage.losses().forEach(l -> losses.add(new Job.Loss(l.atMicros() - start, l.packets())));
            coverage.pauses().forEach(p -> pauses.add(new Job.Pause(p.fromMicros() - start, p.toMicros() - start)));
        });
        return new Job.Voice(
                input,
                file.codec(),
                file.channels(),
                file.startMicros() - start,
                file.durationMicros(),
                losses,
                pauses,
                quiet);
    }

    private static List<Job.Quiet> noise(TrackCoverage coverage, long start) {
        return coverage.noise().stream()
                .map(n -> new Job.Quiet(n.fromMicros() - start, n.toMicros() - start))
                .toList();
    }

    /** What was lost may be heard from the packet after it, or be made up: there nothing is left out. */
    static Job.Voice withoutLosses(Job.Voice voice) {
        TreeMap<Long, Long> lost = new TreeMap<>();
        voice.losses()
                .forEach(loss ->
                        lost.merge(loss.atMicros(), loss.atMicros() + LoneSpeakers.missingMicros(loss), Math::max));
        List<Job.Quiet> parts = new ArrayList<>();
        for (Job.Quiet stretch : voice.quiet()) {
            long from = stretch.fromMicros();
            for (Map.Entry<Long, Long> loss : lost.subMap(from, true, Math.max(from, stretch.toMicros()), true)
                    .entrySet()) {
                parts.add(new Job.Quiet(from, Math.max(from, loss.getKey())));
                from = Math.max(from, loss.getValue());
            }
            parts.add(new Job.Quiet(from, Math.max(from, stretch.toMicros())));
        }
        parts.removeIf(part -> part.fromMicros() == part.toMicros());
        return voice.withQuiet(parts);
    }

    private Artifact.StoredObject stored(
            Artifact.TracksComplete call, Job.Mix job, List<SeekableByteChannel> inputs, BooleanSupplier stopped) {
        KeyRef ref = new KeyRef(call.tenant(), call.callId(), KeyRef.MIX);
        return JobProcess.twice(
                "the mix of call " + call.callId(),
                () -> objects.store(
                        vault.newDataKey(ref),
                        KeyRef.MIX + ".webm",
                        CONTENT_TYPE,
                        to -> process.run(job, inputs, to, progress(call.callId()), stopped)));
    }

    private static IntConsumer progress(String callId) {
        int[] said = {0};
        return thousandths -> {
            if (thousandths - said[0] >= SAY_THOUSANDTHS) {
                said[0] = thousandths;
                log.info("call {}: mixed {} %", callId, thousandths / 10);
            }
        };
    }

    private static void close(SeekableByteChannel input) {
        try {
            input.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
