package hansard.transcribe;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.Hearing;
import hansard.wire.MediaKind;
import hansard.wire.SpeechRecord;
import hansard.wire.StreamDescription;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knows the tracks and their stretches, gives both to workers, and how far each partition may be committed. One thread. */
final class TrackDesk {
    private static final Logger log = LoggerFactory.getLogger(TrackDesk.class);
    /** Names become object keys and file names. */
    private static final Pattern NAME = Pattern.compile("(?!\\.)[A-Za-z0-9._-]{1,200}");

    private final Map<String, Track> tracks;
    /** By stream, the hearing that its pieces are of: one is written after the other. */
    private final Map<String, Track> written = new HashMap<>();

    private final OffsetLedger ledger = new OffsetLedger();
    private final StretchQueue queue;
    private final Consumer<Track> completer;
    private final Predicate<String> redacts;
    private final MeterRegistry meters;

    /**
     * @param tracks by stream and hearing, empty: others may look at it
     * @param completer makes the transcript of a track that is over
     * @param redacts whether a tenant's card numbers are to go
     */
    TrackDesk(
            Map<String, Track> tracks,
            StretchQueue queue,
            Consumer<Track> completer,
            Predicate<String> redacts,
            MeterRegistry meters) {
        this.tracks = tracks;
        this.queue = queue;
        this.completer = completer;
        this.redacts = redacts;
        this.meters = meters;
    }

    /** Takes the next record of its partition. */
    void offer(ConsumerRecord<String, byte[]> record) {
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        SpeechRecord speech = parsed(record);
        if (speech != null && !passesOver(record.key(), speech, partition, record.offset())) {
            switch (speech) {
                case SpeechRecord.Opened opened -> open(opened, partition);
                case SpeechRecord.Began began -> begin(began, record, partition);
                case SpeechRecord.Speech piece -> add(record.key(), piece);
                case SpeechRecord.Paused ignored -> pause(record.key(), record.offset());
                case SpeechRecord.Ended ended -> end(ended, partition, record.offset());
            }
        }
        ledger.read(partition, record.offset());
    }

    /** Whether it is not for now: of a track that is durable and read again for another's sake, or of one that waits. */
    private boolean passesOver(String streamId, SpeechRecord speech, TopicPartition partition, long offset) {
        StreamDescription stream =
                switch (speech) {
                    case SpeechRecord.Opened opened -> opened.stream();
                    case SpeechRecord.Began began -> began.stream();
                    case SpeechRecord.Ended ended -> ended.stream();
                    case SpeechRecord.Speech ignored -> streamOf(streamId);
                    case SpeechRecord.Paused ignored -> streamOf(streamId);
                };
        return stream == null || ledger.leave(partition).passesOver(stream.tenant(), offset);
    }

    private @Nullable StreamDescription streamOf(String streamId) {
        Track track = written.get(streamId);
        return track == null ? null : track.stream();
    }

    private void open(SpeechRecord.Opened opened, TopicPartition partition) {
        Track earlier = tracks.get(name(opened.stream(), opened.hearing()));
        Track track;
        if (earlier != null && earlier.generation() == opened.generation()) {
            log.info("{}: transcode began the track anew", earlier);
            track = earlier.begunAnew(wordsOf(opened.stream()));
        } else {
            track = new Track(
                    opened.stream(), opened.generation(), opened.hearing(), partition, true, wordsOf(opened.stream()));
        }
        if (earlier != null) {
            giveUp(earlier);
        }
        put(track);
    }

    private void put(Track track) {
        tracks.put(name(track.stream(), track.hearing()), track);
        written.put(track.stream().streamId(), track);
    }

    private static String name(StreamDescription stream, Hearing hearing) {
        return stream.streamId() + hearing.suffix();
    }

    private void begin(SpeechRecord.Began began, ConsumerRecord<String, byte[]> record, TopicPartition partition) {
        Track track = trackOf(began.stream(), began.generation(), began.hearing(), partition);
        track.pause(record.offset()); // its end was lost with a failed decoder
        if (track.isHeard(began.startMicros())) {
            return;
        }
        boolean readAgain = ledger.leave(partition).isReadAgain(record.offset());
        Stretch stretch = new Stretch(track, began.startMicros(), record.offset(), record.timestamp(), readAgain);
        track.begin(stretch, began.trackMicros());
        if (!readAgain) {
            ledger.begun(partition, record.offset());
        }
        queue.add(stretch);
    }

    private Track trackOf(StreamDescription stream, long generation, Hearing hearing, TopicPartition partition) {
        Track there = tracks.get(name(stream, hearing));
        if (there == null || there.generation() != generation) {
            if (there != null) {
                giveUp(there);
            }
            there = new Track(stream, generation, hearing, partition, false, wordsOf(stream));
            put(there);
        }
        return there;
    }

    private SafeWords wordsOf(StreamDescription stream) {
        return new SafeWords(redacts.test(stream.tenant()));
    }

    private void add(String streamId, SpeechRecord.Speech piece) {
        Track track = written.get(streamId);
        if (track != null && track.open() != null) {
            queue.add(track.open(), piece);
        }
    }

    private void pause(String streamId, long offset) {
        Track track = written.get(streamId);
        if (track != null) {
            track.pause(offset);
        }
    }

    private void end(SpeechRecord.Ended ended, TopicPartition partition, long offset) {
        Track track = trackOf(ended.stream(), ended.generation(), ended.hearing(), partition);
        boolean readAgain = ledger.leave(partition).isReadAgain(offset);
        track.end(ended.trackMicros(), offset, readAgain);
        if (!readAgain) {
            ledger.begun(partition, offset);
        }
        completeIfOver(track);
    }

    private void completeIfOver(Track track) {
        if (track.isEnded() && track.unfinished().isEmpty() && !track.isAbandoned()) {
            completer.accept(track);
        }
    }

    /** A worker is through with something. */
    void settle(Outcome outcome) {
        switch (outcome) {
            case Outcome.Heard heard -> {
                heard.stretch().track().heard(heard.stretch(), heard.finals());
                settled(heard.stretch());
            }
            case Outcome.GivenUp givenUp -> {
                Stretch stretch = givenUp.stretch();
                meters.counter("hansard.transcribe.unheard").increment();
                if (stretch.track().unheard().isEmpty()) { // of a whole track, once is enough
                    log.warn("{} has no words: {}", stretch, givenUp.reason());
                }
                List<Spoken> finals = givenUp.finals();
                long from = finals.isEmpty()
                        ? stretch.startMicros()
                        : finals.getLast().endMicros();
                stretch.track().givenUp(stretch, finals, from, givenUp.reason(), givenUp.always());
                settled(stretch);
            }
            case Outcome.Left left -> queue.remove(left.stretch());
            case Outcome.Completed completed -> done(completed.track());
            case Outcome.KeyGone gone -> {
                giveUp(gone.track());
                done(gone.track());
            }
            case Outcome.Refused refused -> {
                if (!refused.track().isAbandoned()) {
                    setAside(refused.track(), refused.reason());
                }
            }
        }
    }

    private void settled(Stretch stretch) {
        queue.remove(stretch);
        if (!stretch.isAbandoned()) {
            Track track = stretch.track();
            track.noLongerNeeded().forEach(done -> ledger.done(track.partition(), done.offset()));
            completeIfOver(track);
        }
    }

    /** Gives up what was begun of a refused track's tenant: it is read again when there is leave. */
    private void setAside(Track refused, String reason) {
        String tenant = refused.stream().tenant();
        TopicPartition partition = refused.partition();
        long first = Long.MAX_VALUE;
        for (Track track : List.copyOf(tracks.values())) {
            if (track.partition().equals(partition) && track.stream().tenant().equals(tenant)) {
                first = Math.min(first, track.firstUnfinishedOffset());
                giveUp(track);
            }
        }
        log.warn("{} of tenant {} waits from offset {} on: {}", partition, tenant, first, reason);
        ledger.leave(partition).refused(tenant, first, reason);
    }

    /** Nothing that was begun of it is finished. */
    private void giveUp(Track track) {
        track.abandon();
        track.unfinished().forEach(stretch -> {
            ledger.done(track.partition(), stretch.offset());
            queue.remove(stretch);
        });
        done(track);
    }

    private void done(Track track) {
        track.allNeeded().forEach(stretch -> ledger.done(track.partition(), stretch.offset()));
        if (track.isEnded()) {
            ledger.done(track.partition(), track.endedOffset());
        }
        tracks.remove(name(track.stream(), track.hearing()), track);
        written.remove(track.stream().streamId(), track);
    }

    /** @return where to read on in the partition, when somebody who waited has leave again */
    OptionalLong askForLeave(Consumer<String> requireLeave, TopicPartition partition, long next) {
        OptionalLong from = ledger.leave(partition).ask(requireLeave, next);
        from.ifPresent(offset -> log.info("{} is read again from {} on: leave has come", partition, offset));
        return from;
    }

    /**
     * Notes who has nothing left of what waited.
     *
     * @param next offset of the next record that is handed on
     * @return whether somebody was noted
     */
    boolean settle(TopicPartition partition, LongSupplier next) {
        var leave = ledger.leave(partition);
        if (leave.granted().isEmpty() || leave.isReadAgain(next.getAsLong())) {
            return false;
        }
        boolean noted = false;
        for (String tenant : leave.granted()) {
            if (tracks.values().stream()
                    .noneMatch(track -> track.partition().equals(partition)
                            && track.stream().tenant().equals(tenant)
                            && track.hasUnfinishedReadAgain())) {
                leave.settled(tenant);
                noted = true;
            }
        }
        return noted;
    }

    /** The partition is no longer ours: what was begun on it is begun anew elsewhere. */
    void forget(TopicPartition partition) {
        for (Track track : List.copyOf(tracks.values())) {
            if (track.partition().equals(partition)) {
                giveUp(track);
            }
        }
        ledger.forget(partition);
    }

    OffsetLedger ledger() {
        return ledger;
    }

    StretchQueue queue() {
        return queue;
    }

    private @Nullable SpeechRecord parsed(ConsumerRecord<String, byte[]> record) {
        try {
            if (record.key() == null || record.value() == null) {
                throw new HansardException(ErrorCode.MALFORMED, "a record without key or value");
            }
            SpeechRecord speech = SpeechRecord.fromBytes(record.value());
            switch (speech) {
                case SpeechRecord.Opened opened -> check(record.key(), opened.stream());
                case SpeechRecord.Began began -> {
                    check(record.key(), began.stream());
                    checkMicros(began.startMicros());
                    checkMicros(began.trackMicros());
                }
                case SpeechRecord.Speech ignored -> {}
                case SpeechRecord.Paused ignored -> {}
                case SpeechRecord.Ended ended -> {
                    check(record.key(), ended.stream());
                    checkMicros(ended.trackMicros());
                }
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

    private static void checkMicros(long micros) {
        if (micros < 0 || micros > Pcm.MAX_MICROS) {
            throw new HansardException(ErrorCode.MALFORMED, micros + " is no time in microseconds since 1970");
        }
    }

    private static boolean isName(@Nullable String text) {
        return text != null && NAME.matcher(text).matches();
    }
}
