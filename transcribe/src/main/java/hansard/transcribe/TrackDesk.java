package hansard.transcribe;

import hansard.keys.AwaitedLeave;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.MediaKind;
import hansard.wire.SpeechRecord;
import hansard.wire.StreamDescription;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knows the live tracks, gives their records to the workers, and how far each partition may be committed. One thread. */
final class TrackDesk {
    private static final Logger log = LoggerFactory.getLogger(TrackDesk.class);
    /** Names become object keys and file names. */
    private static final Pattern NAME = Pattern.compile("(?!\\.)[A-Za-z0-9._-]{1,200}");

    private final Map<String, LiveTrack> live = new HashMap<>();
    private final OffsetLedger ledger = new OffsetLedger();
    private final List<TranscribeWorker> workers;
    private final int[] tracksOfWorker;
    private final MeterRegistry meters;

    TrackDesk(List<TranscribeWorker> workers, MeterRegistry meters) {
        this.workers = List.copyOf(workers);
        this.tracksOfWorker = new int[workers.size()];
        this.meters = meters;
    }

    /** @return false when its worker has no room: offer the same record again later, and none of its partition before it */
    boolean offer(ConsumerRecord<String, byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        SpeechRecord speech = parsed(record);
        boolean taken = speech == null
                || passesOver(record.key(), speech, partition, record.offset())
                || switch (speech) {
                    case SpeechRecord.Opened opened -> open(opened, partition, record.offset());
                    case SpeechRecord.Speech heard -> hear(record, heard);
                    case SpeechRecord.Began ignored -> true;
                    case SpeechRecord.Paused ignored -> true;
                    case SpeechRecord.Ended ignored -> end(record.key());
                };
        if (taken) {
            ledger.read(partition, record.offset());
        }
        return taken;
    }

    /** Whether it is not for now: of a track that is durable and read again for another's sake, or of one that waits. */
    private boolean passesOver(String streamId, SpeechRecord speech, TopicPartition partition, long offset) {
        if (speech instanceof SpeechRecord.Opened opened) {
            return ledger.leave(partition).passesOver(opened.stream().tenant(), offset);
        }
        LiveTrack track = live.get(streamId);
        return track == null
                || ledger.leave(partition).passesOver(track.stream().tenant(), offset);
    }

    /** The worker is through with a track. */
    void settle(LiveTrack track) {
        if (track.refusal().isEmpty()) {
            done(track);
        } else if (live.get(track.stream().streamId()) == track) {
            setAside(track);
        }
    }

    /** Gives up what was begun of a refused track's tenant: it is made anew when there is leave. */
    private void setAside(LiveTrack refused) {
        String tenant = refused.stream().tenant();
        long first = refused.openedOffset();
        for (LiveTrack track : List.copyOf(live.values())) {
            if (track.partition().equals(refused.partition())
                    && track.stream().tenant().equals(tenant)) {
                first = Math.min(first, track.openedOffset());
                workers.get(track.worker()).drop(track);
                done(track);
            }
        }
        log.warn("{} of tenant {} waits from offset {} on: {}", refused.partition(), tenant, first, refused.refusal());
        ledger.leave(refused.partition()).refused(tenant, first, refused.refusal());
    }

    /** @return where to read on in the partition, when somebody who waited has leave again */
    OptionalLong askForLeave(Consumer<String> requireLeave, TopicPartition partition, long next) {
        OptionalLong from = ledger.leave(partition).ask(requireLeave, next);
        from.ifPresent(offset -> log.info("{} is read again from {} on: leave has come", partition, offset));
        return from;
    }

    /** Notes who has nothing left of what waited. @param next offset of the next record that is handed on */
    void settle(TopicPartition partition, LongSupplier next) {
        AwaitedLeave leave = ledger.leave(partition);
        if (leave.granted().isEmpty() || leave.isReadAgain(next.getAsLong())) {
            return;
        }
        for (String tenant : leave.granted()) {
            if (live.values().stream()
                    .noneMatch(track -> track.isReadAgain()
                            && track.partition().equals(partition)
                            && track.stream().tenant().equals(tenant))) {
                leave.settled(tenant);
            }
        }
    }

    /** The track's transcript is durable, or can never be. */
    private void done(LiveTrack track) {
        ledger.closed(track.partition(), track.openedOffset());
        if (live.remove(track.stream().streamId(), track)) {
            tracksOfWorker[track.worker()]--;
        }
    }

    /** The partition is no longer ours: what was begun on it is begun anew elsewhere. */
    void forget(TopicPartition partition) {
        for (LiveTrack track : List.copyOf(live.values())) {
            if (track.partition().equals(partition)) {
                workers.get(track.worker()).drop(track);
                done(track);
            }
        }
        ledger.forget(partition);
    }

    OffsetLedger ledger() {
        return ledger;
    }

    int liveTracks() {
        return live.size();
    }

    private @Nullable SpeechRecord parsed(ConsumerRecord<String, byte[]> record) {
        try {
            if (record.key() == null || record.value() == null) {
                throw new HansardException(ErrorCode.MALFORMED, "a record without key or value");
            }
            SpeechRecord speech = SpeechRecord.fromBytes(record.value());
            switch (speech) {
                case SpeechRecord.Opened opened -> check(record.key(), opened.stream());
                case SpeechRecord.Speech ignored -> {}
                case SpeechRecord.Paused ignored -> {}
                case SpeechRecord.Began began -> check(record.key(), began.stream());
                case SpeechRecord.Ended ended -> check(record.key(), ended.stream());
            }
            return speech;
        } catch (HansardException e) {
            meters.counter("hansard.transcribe.refused", "code", e.code().name())
                    .increment();
            log.warn(
                    "{}-{} at {} is left out: {}", record.topic(), record.partition(), record.offset(), e.getMessage());
            return null;
        }
    }

    private static void check(String key, @Nullable StreamDescription stream) {
        if (stream == null
                || !key.equals(stream.streamId())
                || !isName(stream.streamId())
                || !isName(stream.callId())
                || !isName(stream.tenant())
                || stream.kind() != MediaKind.AUDIO) {
            throw new HansardException(
                    ErrorCode.MALFORMED, "not the description of the audio stream it is filed under");
        }
    }

    private static boolean isName(@Nullable String text) {
        return text != null && NAME.matcher(text).matches();
    }

    private boolean open(SpeechRecord.Opened opened, TopicPartition partition, long offset) {
        StreamDescription stream = opened.stream();
        LiveTrack earlier = live.get(stream.streamId());
        if (earlier != null) {
            log.info("{}: transcode began the track anew", earlier);
            workers.get(earlier.worker()).drop(earlier);
            done(earlier);
        }
        boolean readAgain = ledger.leave(partition).isReadAgain(offset);
        LiveTrack track = new LiveTrack(stream, opened.generation(), partition, offset, readAgain, idlest());
        live.put(stream.streamId(), track);
        tracksOfWorker[track.worker()]++;
        if (!readAgain) {
            ledger.opened(partition, offset);
        }
        return true;
    }

    private int idlest() {
        int best = 0;
        for (int i = 1; i < tracksOfWorker.length; i++) {
            if (tracksOfWorker[i] < tracksOfWorker[best]) {
                best = i;
            }
        }
        return best;
    }

    private boolean hear(ConsumerRecord<String, byte[]> record, SpeechRecord.Speech speech) {
        LiveTrack track = Objects.requireNonNull(live.get(record.key()));
        TranscribeWorker worker = workers.get(track.worker());
        if (!worker.hasRoom()) {
            return false;
        }
        worker.hear(track, speech, record.timestamp());
        return true;
    }

    private boolean end(String streamId) {
        LiveTrack track = Objects.requireNonNull(live.get(streamId));
        workers.get(track.worker()).end(track);
        return true;
    }
}
