package hansard.transcribe;

import hansard.keys.DataKey;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.SpeechRecord;
import hansard.wire.Topics;
import io.micrometer.core.instrument.Counter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One stretch in the hands of its worker: opens it, has it recognised, publishes what was said. Runs once, in a thread of its own. */
final class StretchWork implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(StretchWork.class);
    /** The first crash may be another stretch's fault, the second one's too that was begun meanwhile. */
    private static final int ATTEMPTS = 3;

    private final Stretch stretch;
    private final Track track;
    private final Workshop shop;
    private final boolean live;
    private final Consumer<Outcome> done;
    private final Counter audioSeconds;
    /** What was published for good: a second hearing adds to it what the first did not come to. */
    private final List<Spoken> finals = new ArrayList<>();

    private final List<Future<RecordMetadata>> sent = new ArrayList<>();
    private int heard;

    /**
     * @param live whether it is being spoken now, and somebody may be watching
     * @param done told once, on this thread
     */
    StretchWork(Stretch stretch, Workshop shop, boolean live, Consumer<Outcome> done) {
        this.stretch = stretch;
        this.track = stretch.track();
        this.shop = shop;
        this.live = live;
        this.done = done;
        this.audioSeconds = shop.context().meters().counter("hansard.transcribe.audio.seconds");
    }

    @Override
    public void run() {
        try {
            done.accept(outcome());
        } catch (RuntimeException | Error e) {
            if (!shop.patience().isStopped()) { // else it was interrupted in the middle of something
                shop.context().faults().fatal("transcribe worker", e);
            }
        }
    }

    private Outcome outcome() {
        try {
            return heardOrNot();
        } catch (Patience.Stopped e) {
            return new Outcome.Left(stretch);
        }
    }

    private Outcome heardOrNot() {
        try {
            if (stretch.isDropped()) {
                stretch.restore(shop.patience().with(stretch, stretch::isAbandoned, () -> shop.journal()
                        .pieces(stretch)));
            }
            return recognised();
        } catch (HansardException e) {
            return switch (e.code()) {
                case KEY_REFUSED -> new Outcome.Refused(track, String.valueOf(e.getMessage()));
                case KEY_GONE -> {
                    log.warn("{}: no transcript, its key was destroyed", track);
                    yield new Outcome.KeyGone(track);
                }
                case MODEL_MISSING, BAD_CONFIGURATION ->
                    givenUp(
                            String.valueOf(e.getMessage()),
                            shop.models()
                                    .nameFor(track.stream(), track.hearing())
                                    .isEmpty());
                default -> throw e;
            };
        }
    }

    private Outcome recognised() {
        for (int attempt = 1; ; attempt++) {
            // those who were at work in a crash try again one by one, so that only one can be blamed for the next
            @Nullable Lock alone = attempt == 1 ? null : shop.suspects();
            if (alone != null) {
                alone.lock();
            }
            try (Listening listening =
                    shop.models().of(track.stream(), track.hearing()).listen()) {
                return recognised(listening);
            } catch (RecogniserProcess.Crashed e) {
                shop.context().meters().counter("hansard.transcribe.crashes").increment();
                if (attempt == ATTEMPTS) {
                    log.warn("{} is left without words: the recogniser {}", stretch, e.getMessage());
                    return givenUp("the recogniser " + e.getMessage() + ", " + ATTEMPTS + " times", false);
                }
                log.warn("the recogniser of {} {}; it is heard again", stretch, e.getMessage());
                stretch.heard(0);
            } finally {
                if (alone != null) {
                    alone.unlock();
                }
            }
        }
    }

    private Outcome recognised(Listening listening) {
        StretchTranscriber transcriber = new StretchTranscriber(track.name(), stretch.startMicros(), listening, live);
        heard = 0;
        long samples = 0;
        int number = 0;
        for (SpeechRecord.Speech piece = next(number); piece != null; piece = next(++number)) {
            Pcm pcm = opened(piece);
            if (pcm != null) {
                hear(transcriber, pcm);
                audioSeconds.increment((double) pcm.samples() / SpeechRecord.SAMPLE_RATE);
            }
            samples += Math.clamp(piece.samples(), 0, Pcm.MAX_SAMPLES);
            stretch.heard(samples);
        }
        if (stretch.isAbandoned()) {
            throw new Patience.Stopped();
        }
        if (track.key() != null) { // else nothing of it could be opened
            publish(transcriber.finish(isUrgent()));
            // what comes is later than all that was heard
            send(track.words().reach(stretch.startMicros() + samples * 1_000_000L / SpeechRecord.SAMPLE_RATE));
            settle();
        }
        return new Outcome.Heard(stretch, finals);
    }

    private Outcome givenUp(String reason, boolean always) {
        if (!finals.isEmpty()) {
            settle();
        }
        return new Outcome.GivenUp(stretch, finals, reason, always);
    }

    /** Waits until what was published is durable. */
    private void settle() {
        DataKey key = Objects.requireNonNull(track.key());
        shop.patience().with(stretch, stretch::isAbandoned, () -> {
            shop.publisher().settle(track, key, finals, sent);
            return true;
        });
    }

    private SpeechRecord.@Nullable Speech next(int number) {
        try {
            return stretch.piece(number);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Patience.Stopped();
        }
    }

    /** @return null when it is not what it should be, and is left out */
    private @Nullable Pcm opened(SpeechRecord.Speech piece) {
        String subject = track.stream().streamId() + "/" + piece.startMicros();
        try {
            return shop.patience().with(stretch, stretch::isAbandoned, () -> {
                Pcm pcm = Pcm.of(
                        piece, shop.envelopes().open(track.keyRef(), Topics.MEDIA_SPEECH, subject, piece.sealed()));
                if (track.key() == null) {
                    track.keyIs(shop.envelopes().newKey(track.toldRef()));
                }
                return pcm;
            });
        } catch (HansardException e) {
            refused(e);
            return null;
        }
    }

    private void hear(StretchTranscriber transcriber, Pcm pcm) {
        try {
            publish(transcriber.hear(pcm, isUrgent()));
        } catch (HansardException e) {
            refused(e);
        }
    }

    private void refused(HansardException e) {
        if (e.code() != ErrorCode.MALFORMED && e.code() != ErrorCode.NOT_AUTHENTIC) {
            throw e;
        }
        shop.context()
                .meters()
                .counter("hansard.transcribe.refused", "code", e.code().name())
                .increment();
        log.warn("{}: a speech record is left out of the transcript: {}", stretch, e.getMessage());
    }

    private boolean isUrgent() {
        return track.isLive();
    }

    private void publish(List<Spoken> known) {
        for (Spoken spoken : known) {
            if (spoken.partial()) {
                send(List.of(track.words().partial(spoken)));
            } else {
                send(track.words().hear(stretch.startMicros(), heard++, spoken));
            }
        }
    }

    private void send(List<Spoken> safe) {
        DataKey key = Objects.requireNonNull(track.key());
        for (Spoken spoken : safe) {
            if (stretch.isAbandoned()) {
                throw new Patience.Stopped();
            }
            Future<RecordMetadata> sending = shop.publisher().publish(track, key, spoken);
            if (!spoken.partial()) {
                finals.add(spoken);
                sent.add(sending);
            }
        }
    }
}
