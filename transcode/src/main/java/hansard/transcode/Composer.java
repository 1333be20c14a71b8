package hansard.transcode;

import hansard.keys.KeyRef;
import hansard.keys.Vault;
import hansard.runtime.HansardException;
import hansard.wire.Artifact;
import hansard.wire.RecordingOrder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SeekableByteChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the composites that are ordered, each in a process of its own, and says how far they are. */
final class Composer {
    private static final Logger log = LoggerFactory.getLogger(Composer.class);
    private static final String CONTENT_TYPE = "video/webm";
    /** An order says itself how long it is; nobody's call is longer. */
    private static final long LONGEST_MICROS = Duration.ofHours(48).toNanos() / 1_000;

    private static final int MOST_TILES = 100;
    private static final int SAY_THOUSANDTHS = 10;
    private static final double PROPORTION = 16.0 / 9;

    private final Vault vault;
    private final MediaObjects objects;
    private final TranscodeConfig config;
    private final JobProcess process;
    private final Output output;
    private final LongSupplier nowMicros;

    Composer(
            Vault vault,
            MediaObjects objects,
            TranscodeConfig config,
            JobProcess process,
            Output output,
            LongSupplier nowMicros) {
        this.vault = vault;
        this.objects = objects;
        this.config = config;
        this.process = process;
        this.output = output;
        this.nowMicros = nowMicros;
    }

    /** The records of {@code recording.orders} that ask for a composite. */
    Optional<WorkReader.Work> work(byte[] record) {
        return RecordingOrder.fromBytes(record) instanceof RecordingOrder.CompositeOrdered order
                ? Optional.of(new WorkReader.Work(order.tenant(), stopped -> compose(order, stopped)))
                : Optional.empty();
    }

    /** @throws HansardException VAULT_UNAVAILABLE or STORE_UNAVAILABLE: try again later; INTERNAL when it was stopped */
    private Artifact compose(RecordingOrder.CompositeOrdered order, BooleanSupplier stopped) {
        if (order.durationMicros() <= 0
                || order.durationMicros() > LONGEST_MICROS
                || order.tiles().size() > MOST_TILES) {
            return made(
                    order,
                    null,
                    "an order for " + order.durationMicros() / 1_000_000 + " s and "
                            + order.tiles().size() + " participants cannot be right");
        }
        List<SeekableByteChannel> inputs = new ArrayList<>();
        try {
            Job.Composite job = job(order, inputs);
            KeyRef ref = new KeyRef(order.tenant(), order.callId(), KeyRef.COMPOSITE);
            Artifact.StoredObject object = JobProcess.twice(
                    "the composite of call " + order.callId(),
                    () -> objects.store(
                            vault.newDataKey(ref),
                            KeyRef.COMPOSITE + ".webm",
                            CONTENT_TYPE,
                            to -> process.run(job, inputs, to, progress(order), stopped)));
            log.info(
                    "call {}: made a composite of {} participants, {} s",
                    order.callId(),
                    job.tiles().size(),
                    order.durationMicros() / 1_000_000);
            return made(order, object, "");
        } catch (HansardException e) {
            if (e.code().isRetriable() || stopped.getAsBoolean()) {
                throw e;
            }
            log.warn("call {}: no composite: {}", order.callId(), e.getMessage());
            objects.alarm(order.tenant(), order.callId(), KeyRef.COMPOSITE, String.valueOf(e.getMessage()));
            return made(order, null, String.valueOf(e.getMessage()));
        } finally {
            inputs.forEach(Composer::close);
        }
    }

    private Job.Composite job(RecordingOrder.CompositeOrdered order, List<SeekableByteChannel> inputs) {
        List<Job.Tile> tiles = new ArrayList<>();
        for (RecordingOrder.Tile tile : order.tiles()) {
            List<Job.Part> parts = new ArrayList<>();
            for (RecordingOrder.Part part : tile.parts()) {
                parts.add(new Job.Part(
                        open(order, part, inputs), part.startMicros() - order.startMicros(), part.durationMicros()));
            }
            tiles.add(new Job.Tile(tile.name(), parts));
        }
        RecordingOrder.Part sound = order.sound();
        Job.Voice voice = sound == null
                ? null
                : Job.Voice.opus(open(order, sound, inputs), sound.startMicros() - order.startMicros());
        int height = config.compositeHeight() & ~1;
        return new Job.Composite(
                tiles,
                voice,
                order.startMicros(),
                order.durationMicros(),
                (int) (height * PROPORTION) & ~1,
                height,
                config.compositeFramesASecond(),
                config.compositeBitrate());
    }

    private int open(
            RecordingOrder.CompositeOrdered order, RecordingOrder.Part part, List<SeekableByteChannel> inputs) {
        KeyRef ref = new KeyRef(order.tenant(), order.callId(), part.track());
        inputs.add(objects.sealed().open(part.object().objectKey(), ref));
        return inputs.size() - 1;
    }

    private IntConsumer progress(RecordingOrder.CompositeOrdered order) {
        int[] said = {-SAY_THOUSANDTHS};
        return thousandths -> {
            if (thousandths - said[0] >= SAY_THOUSANDTHS) {
                said[0] = thousandths;
                output.early(new Artifact.CompositeProgress(
                        order.tenant(), order.callId(), nowMicros.getAsLong(), order.orderId(), thousandths));
            }
        };
    }

    private Artifact made(
            RecordingOrder.CompositeOrdered order, Artifact.@Nullable StoredObject object, String reason) {
        return new Artifact.CompositeStored(
                order.tenant(),
                order.callId(),
                nowMicros.getAsLong(),
                order.orderId(),
                order.startMicros(),
                order.durationMicros(),
                object,
                reason);
    }

    private static void close(SeekableByteChannel input) {
        try {
            input.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
