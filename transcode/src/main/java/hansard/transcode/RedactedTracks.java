package hansard.transcode;

import hansard.keys.DataKey;
import hansard.keys.KeyRef;
import hansard.keys.Vault;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.Artifact;
import hansard.wire.Codec;
import hansard.wire.Frame;
import hansard.wire.Octets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes stored tracks once more without what people may not hear, under keys of their own. Nothing is coded anew: packets are passed as they
 * are, or replaced.
 */
final class RedactedTracks {
    private static final Logger log = LoggerFactory.getLogger(RedactedTracks.class);

    /** FFmpeg hands telephony on in pieces of its own size; a packet on the wire has mostly as much as this. */
    private static final int TELEPHONE_PIECE_BYTES = TelephoneCodec.BYTES_A_SECOND / 50;

    private static final int NO_LEVEL = -1;

    /** What trying again does not mend. */
    private static final Set<ErrorCode> UNUSABLE =
            EnumSet.of(ErrorCode.MEDIA_FAILED, ErrorCode.NOT_AUTHENTIC, ErrorCode.MALFORMED, ErrorCode.BAD_REQUEST);

    private final Vault vault;
    private final MediaObjects objects;
    private final LongSupplier nowMicros;

    RedactedTracks(Vault vault, MediaObjects objects, LongSupplier nowMicros) {
        this.vault = vault;
        this.objects = objects;
        this.nowMicros = nowMicros;
    }

    /** The records of {@code recording.artifacts} that ask for such a track. */
    Optional<WorkReader.Work> work(byte[] record) {
        return Artifact.fromBytes(record) instanceof Artifact.RedactionDue due
                ? Optional.of(new WorkReader.Work(due.tenant(), stopped -> made(due, stopped)))
                : Optional.empty();
    }

    /**
     * Makes and stores it. When it cannot be made it says so, and people get nothing of the track.
     *
     * @param stopped true when the work is to be left; throws INTERNAL then
     * @throws HansardException VAULT_UNAVAILABLE or STORE_UNAVAILABLE: try again later
     */
    Artifact.RedactionStored made(Artifact.RedactionDue due, BooleanSupplier stopped) {
        String streamId = due.track().stream().streamId();
        try {
            DataKey under = vault.newDataKey(KeyRef.redacted(due.tenant(), due.callId(), streamId));
            List<Artifact.Segment> files = new ArrayList<>();
            for (Artifact.Segment file : due.track().files()) {
                files.add(made(due, file, streamId + ".redacted/" + files.size(), under, stopped));
            }
            log.info(
                    "call {} stream {}: stored without {} stretches",
                    due.callId(),
                    streamId,
                    due.silent().size());
            return stored(due, files, "");
        } catch (HansardException e) {
            if (UNUSABLE.contains(e.code())) {
                log.error("call {} stream {} stays withheld: {}", due.callId(), streamId, e.getMessage());
                objects.alarm(due.tenant(), due.callId(), streamId, String.valueOf(e.getMessage()));
                return stored(due, List.of(), "it could not be made without what was said: " + e.getMessage());
            }
            if (e.code() == ErrorCode.KEY_GONE || e.code() == ErrorCode.NOT_FOUND) {
                log.warn("call {} stream {} is being erased: {}", due.callId(), streamId, e.getMessage());
                return stored(due, List.of(), "it was being erased");
            }
            throw e;
        }
    }

    private Artifact.RedactionStored stored(Artifact.RedactionDue due, List<Artifact.Segment> files, String failure) {
        return new Artifact.RedactionStored(
                due.tenant(),
                due.callId(),
                nowMicros.getAsLong(),
                due.track().stream().streamId(),
                due.track().generation(),
                due.policy(),
                due.silent(),
                files,
                failure);
    }

    private Artifact.Segment made(
            Artifact.RedactionDue due, Artifact.Segment file, String name, DataKey under, BooleanSupplier stopped) {
        Codec codec = new Codec(file.codec(), Codec.fixedClockRate(file.codec()), file.channels());
        FrameGate gate = FrameGate.of(codec.name(), codec.channels())
                .orElseThrow(() -> Native.failure("a file of " + codec.name() + " cannot be written"));
        RedactedSound sound = new RedactedSound(codec.name(), codec.channels(), due.silent());
        KeyRef original =
                new KeyRef(due.tenant(), due.callId(), due.track().stream().streamId());
        try (SeekableByteChannel stored = objects.sealed().open(file.object().objectKey(), original);
                Demuxer from = new Demuxer(stored);
                TrackSegment to = new TrackSegment(codec, gate)) {
            for (Optional<Demuxer.Packet> packet = from.next(); packet.isPresent(); packet = from.next()) {
                if (stopped.getAsBoolean()) {
                    throw new HansardException(ErrorCode.INTERNAL, "stopped while a track was made once more");
                }
                pass(packet.get(), file, codec, sound, to);
            }
            to.finish();
            return segment(file, to, name, under);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void pass(
            Demuxer.Packet packet, Artifact.Segment file, Codec codec, RedactedSound sound, TrackSegment to) {
        byte[] payload = packet.payload();
        int size = codec.name().equals("opus") ? payload.length : TELEPHONE_PIECE_BYTES * codec.channels();
        for (int at = 0; at < payload.length; at += size) {
            byte[] piece = Arrays.copyOfRange(payload, at, Math.min(payload.length, at + size));
            long micros = file.startMicros()
                    + packet.atMicros()
                    + at * 1_000_000L / TelephoneCodec.BYTES_A_SECOND / Math.max(1, codec.channels());
            Frame frame =
                    new Frame(micros, 0, micros, 1, true, false, NO_LEVEL, Octets.of(sound.passed(micros, piece)));
            if (!(to.look(frame) instanceof FrameGate.Usable usable)
                    || to.add(frame, usable).isEmpty()) {
                throw Native.failure("a stored packet is none of " + codec.name());
            }
        }
    }

    private Artifact.Segment segment(Artifact.Segment file, TrackSegment made, String name, DataKey under) {
        if (made.file().isEmpty()) {
            throw Native.failure("a stored file of " + file.codec() + " has no packet");
        }
        TrackFormat format = made.file().format();
        Rendition rendition = made.rendition();
        return new Artifact.Segment(
                file.codec(),
                file.channels(),
                made.file().startMicros(),
                made.file().durationMicros(),
                objects.store(under, name + "." + format.extension(), format.contentType(), made.file()::copyTo),
                rendition == null
                        ? null
                        : objects.store(under, name + ".weba", rendition.contentType(), rendition::copyTo));
    }
}
