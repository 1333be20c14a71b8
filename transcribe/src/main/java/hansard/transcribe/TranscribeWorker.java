package hansard.transcribe;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.SpeechRecord;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One recognising thread. All native work on a track happens in the one worker it was given to. The queue is bounded by its only
 * producer, which asks {@link #hasRoom()} before it gives speech; words about a track's end always fit.
 */
final class TranscribeWorker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TranscribeWorker.class);
    private static final int ROOM = 32;
    private static final long RETRY_MILLIS = 1_000;

    private sealed interface Task {
        /** @param producedMillis when transcode wrote it, by the record's timestamp */
        record Hear(LiveTrack track, SpeechRecord.Speech speech, long producedMillis) implements Task {}

        record End(LiveTrack track) implements Task {}

        record Drop(LiveTrack track) implements Task {}

        record Stop() implements Task {}
    }

    private final LinkedBlockingQueue<Task> queue = new LinkedBlockingQueue<>();
    private final Map<LiveTrack, TrackSession> sessions = new IdentityHashMap<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final TrackSession.Shared shared;
    private final Consumer<LiveTrack> done;
    private final Thread thread;
    private volatile String problem = "";
    private volatile long workingOnMillis;

    /** @param done told, on the worker's thread, when a track is durable, can never be, or is refused */
    TranscribeWorker(int number, TrackSession.Shared shared, Consumer<LiveTrack> done) {
        this.shared = shared;
        this.done = done;
        this.thread = Thread.ofPlatform().name("transcribe-worker-" + number).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    boolean hasRoom() {
        return queue.size() < ROOM;
    }

    void hear(LiveTrack track, SpeechRecord.Speech speech, long producedMillis) {
        queue.add(new Task.Hear(track, speech, producedMillis));
    }

    void end(LiveTrack track) {
        queue.add(new Task.End(track));
    }

    /** Forgets a track without publishing anything more of it. */
    void drop(LiveTrack track) {
        track.abandon();
        queue.add(new Task.Drop(track));
    }

    /** What it waits for, in a sentence; empty when it does not. */
    String problem() {
        return problem;
    }

    /** How long ago the speech it is recognising now was produced; 0 when it has nothing to do. */
    double lagSeconds(long nowMillis) {
        long since = workingOnMillis;
        return since == 0 ? 0 : Math.max(0, nowMillis - since) / 1000.0;
    }

    private void run() {
        try {
            boolean running = true;
            while (running) {
                workingOnMillis = 0;
                running = carryOut(queue.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            shared.context().faults().fatal("transcribe worker", e);
        } catch (RuntimeException | Error e) {
            shared.context().faults().fatal("transcribe worker", e);
        } finally {
            sessions.values().forEach(TrackSession::close); // in the thread that made the recognisers
            sessions.clear();
        }
    }

    private boolean carryOut(Task task) throws InterruptedException {
        switch (task) {
            case Task.Hear hear -> {
                workingOnMillis = hear.producedMillis();
                with(hear.track(), session -> session.hear(hear.speech()));
            }
            case Task.End end -> finish(end.track());
            case Task.Drop drop -> release(drop.track());
            case Task.Stop ignored -> {
                return false;
            }
        }
        return true;
    }

    private void finish(LiveTrack track) throws InterruptedException {
        boolean ended = with(track, TrackSession::end);
        if (ended || (!track.isAbandoned() && closing.getCount() > 0)) { // durable, or refused for good
            release(track);
            done.accept(track);
        }
    }

    private void release(LiveTrack track) {
        TrackSession session = sessions.remove(track);
        if (session != null) {
            session.close();
        }
    }

    /** Does a step, again and again while what it needs is away. @return false when it was not done and is not to be */
    private boolean with(LiveTrack track, Consumer<TrackSession> step) throws InterruptedException {
        while (!track.isAbandoned() && closing.getCount() > 0) {
            try {
                step.accept(sessions.computeIfAbsent(track, t -> new TrackSession(t, shared)));
                problem = "";
                return true;
            } catch (HansardException e) {
                if (!e.code().isRetriable() || e.code() == ErrorCode.KEY_REFUSED) {
                    refused(track, e);
                    return false;
                }
                if (problem.isEmpty()) {
                    log.warn("{} waits, and tries again every second: {}", track, e.getMessage());
                }
                problem = e.getMessage() == null ? e.code().name() : e.getMessage();
                if (closing.await(RETRY_MILLIS, TimeUnit.MILLISECONDS)) {
                    return false;
                }
            }
        }
        return false;
    }

    private void refused(LiveTrack track, HansardException e) {
        problem = "";
        shared.context()
                .meters()
                .counter("hansard.transcribe.refused", "code", e.code().name())
                .increment();
        switch (e.code()) {
            case MALFORMED, NOT_AUTHENTIC ->
                log.warn("{}: a speech record is left out of the transcript: {}", track, e.getMessage());
            case KEY_REFUSED -> {
                track.refuse(String.valueOf(e.getMessage()));
                release(track);
                done.accept(track);
            }
            case KEY_GONE -> {
                log.warn("{}: no transcript, its key was destroyed", track);
                track.abandon();
                release(track);
                done.accept(track);
            }
            default -> throw e;
        }
    }

    /** Stops after the step in hand; what waits is left to the next process, which feeds it again. */
    @Override
    public void close() {
        closing.countDown();
        queue.add(new Task.Stop());
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
