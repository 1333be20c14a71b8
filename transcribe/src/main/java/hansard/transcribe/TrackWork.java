package hansard.transcribe;

import hansard.keys.DataKey;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Json;
import hansard.wire.Topics;
import hansard.wire.Utterance;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the transcript of a track that is over, and all of whose stretches are durable. Runs once, in a thread of its own. */
final class TrackWork implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(TrackWork.class);

    private final Track track;
    private final Workshop shop;
    private final Consumer<Outcome> done;
    /** What was kept back to the end. */
    private final List<Spoken> rest = new ArrayList<>();

    private final List<Future<RecordMetadata>> sent = new ArrayList<>();
    private boolean finished;

    /** @param done told once, on this thread */
    TrackWork(Track track, Workshop shop, Consumer<Outcome> done) {
        this.track = track;
        this.shop = shop;
        this.done = done;
    }

    @Override
    public void run() {
        try {
            done.accept(outcome());
        } catch (Patience.Stopped e) {
            log.debug("{}: its transcript is left to whoever has it now", track);
        } catch (RuntimeException | Error e) {
            if (!shop.patience().isStopped()) { // else it was interrupted in the middle of something
                shop.context().faults().fatal("transcribe worker", e);
            }
        }
    }

    private Outcome outcome() {
        try {
            return shop.patience().with(track, track::isAbandoned, this::completed);
        } catch (HansardException e) {
            return switch (e.code()) {
                case KEY_REFUSED -> new Outcome.Refused(track, String.valueOf(e.getMessage()));
                case KEY_GONE -> {
                    log.warn("{}: no transcript, its key was destroyed", track);
                    yield new Outcome.KeyGone(track);
                }
                default -> throw e;
            };
        }
    }

    private Outcome completed() {
        NavigableMap<String, TrackTranscript.Line> lines = new TreeMap<>();
        if (!track.isWhole() && track.startMicros() > 0) {
            for (Utterance earlier : shop.earlier().of(track)) {
                if (track.key() == null) {
                    track.keyIs(shop.envelopes().keyOf(track.toldRef(), earlier.sealed()));
                }
                lines.put(earlier.utteranceId(), line(earlier));
            }
        }
        DataKey key = track.key();
        if (key == null) { // nobody spoke, or nothing of it could be opened
            key = shop.vault().newDataKey(track.toldRef());
            track.keyIs(key);
        }
        publishRest(key);
        for (List<Spoken> some : List.of(track.finals(), rest)) {
            some.forEach(spoken -> lines.put(spoken.utteranceId(), TrackTranscript.Line.of(spoken)));
        }
        List<TrackTranscript.Line> inOrder = lines.values().stream()
                .sorted(Comparator.comparingLong(TrackTranscript.Line::startMicros)
                        .thenComparing(TrackTranscript.Line::utteranceId))
                .toList();
        shop.publisher().complete(track, key, inOrder);
        return new Outcome.Completed(track);
    }

    private void publishRest(DataKey key) {
        if (!finished) {
            finished = true;
            rest.addAll(track.words().finish());
            rest.forEach(spoken -> sent.add(shop.publisher().publish(track, key, spoken)));
        }
        shop.publisher().settle(track, key, rest, sent);
    }

    private TrackTranscript.Line line(Utterance u) {
        byte[] json = shop.envelopes().open(track.toldRef(), Topics.TRANSCRIPTS, u.utteranceId(), u.sealed());
        try {
            Utterance.Text text = Json.read(json, Utterance.Text.class);
            return TrackTranscript.Line.of(new Spoken(u.utteranceId(), u.startMicros(), u.endMicros(), false, text));
        } catch (HansardException e) { // its message may quote what was said
            throw new HansardException(
                    ErrorCode.MALFORMED, "utterance " + u.utteranceId() + " opens, and is not JSON of a text");
        }
    }
}
