package hansard.ingest;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.StageContext;
import hansard.wire.StreamDescription;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Receiving streams: from an open port to the last mark on {@code media.srtp}. Every method returns when it is durable. */
final class Streams {
    private static final Logger log = LoggerFactory.getLogger(Streams.class);
    private static final long WAIT_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final IngestConfig config;
    private final StageContext context;
    private final Ports ports;
    private final Receiver receiver;
    private final MediaSink sink;
    private final Map<Long, String> sharedSsrcs = new HashMap<>();

    Streams(IngestConfig config, StageContext context, Ports ports, Receiver receiver, MediaSink sink) {
        this.config = config;
        this.context = context;
        this.ports = ports;
        this.receiver = receiver;
        this.sink = sink;
    }

    /** A place to receive a stream, which holds what arrives there until the stream is started or the place given back. */
    record Place(
            int port,
            @Nullable DatagramChannel channel,
            @Nullable Long sharedSsrc) {}

    Place place(String streamId, Announcement announcement) {
        Long ssrc = announcement.ssrc();
        if (ssrc != null && announcement.wantsSharedPort(config)) {
            claimShared(streamId, ssrc);
            return new Place(config.sharedPort(), null, ssrc);
        }
        return own(streamId, announcement.port());
    }

    /**
     * Receives a stream again that was open when an earlier life of the process ended, on the port it had.
     *
     * @throws HansardException PORT_IN_USE when another process has that port now
     */
    void takeUp(Call call, CallStream stream, StreamMemory memory) {
        try {
            boolean paused = call.pausedFor(stream.description().participantId());
            start(stream, placeAgain(stream.description()), memory, paused);
        } catch (HansardException e) {
            if (e.code() == ErrorCode.CONFLICT) {
                // announced while Kafka was slow, so never answered, and its port given to a later stream: nobody sends
                // to it
                log.warn("stream {} of call {} is not received: {}", stream.streamId(), call.callId(), e.getMessage());
                stream.receiving(intake(stream, memory));
                return;
            }
            throw new HansardException(
                    e.code(),
                    "stream " + stream.streamId() + " of call " + call.callId()
                            + ", which is open, cannot be taken up again: " + e.getMessage(),
                    e);
        }
    }

    private StreamIntake intake(CallStream stream, StreamMemory memory) {
        return new StreamIntake(stream.description(), StreamCounters.from(memory), sink, config, memory);
    }

    private Place placeAgain(StreamDescription stream) {
        Long ssrc = stream.ssrc();
        if (ssrc != null && stream.port() == config.sharedPort()) {
            claimShared(stream.streamId(), ssrc);
            return new Place(stream.port(), null, ssrc);
        }
        return own(stream.streamId(), stream.port());
    }

    private Place own(String streamId, @Nullable Integer wanted) {
        DatagramChannel channel = ports.open(streamId, wanted);
        return new Place(channel.socket().getLocalPort(), channel, null);
    }

    private synchronized void claimShared(String streamId, long ssrc) {
        String owner = sharedSsrcs.putIfAbsent(ssrc, streamId);
        if (owner != null) {
            throw new HansardException(
                    ErrorCode.CONFLICT,
                    "ssrc " + ssrc + " on the shared port " + config.sharedPort() + " belongs to stream " + owner
                            + ", which has not ended: announce the stream with a port of its own");
        }
    }

    void giveBack(Place place, String streamId) {
        Ports.closeQuietly(place.channel);
        release(place.port, place.sharedSsrc, streamId);
    }

    private void release(int port, @Nullable Long ssrc, String streamId) {
        ports.release(port, streamId);
        if (ssrc != null) {
            synchronized (this) {
                sharedSsrcs.remove(ssrc, streamId);
            }
        }
    }

    /** Begins to receive, paused or not as the call is. The marks that this needs are durable when it returns. */
    void start(CallStream stream, Place place, StreamMemory memory, boolean paused) {
        StreamIntake intake = intake(stream, memory);
        stream.receiving(intake);
        CompletableFuture<Void> mark = receiver.call(() -> {
            long now = context.nowMicros();
            CompletableFuture<Void> durable = paused ? intake.pause(now) : intake.resume(now);
            receiver.add(intake, place.channel);
            return durable;
        });
        await(List.of(mark));
    }

    void pause(List<StreamIntake> intakes) {
        await(receiver.call(() -> {
            long now = context.nowMicros();
            return intakes.stream().map(i -> i.pause(now)).toList();
        }));
    }

    void resume(List<StreamIntake> intakes) {
        await(receiver.call(() -> {
            receiver.drain(intakes); // what waits in the sockets arrived during the pause
            long now = context.nowMicros();
            return intakes.stream().map(i -> i.resume(now)).toList();
        }));
    }

    /**
     * Takes in what is still in the sockets and writes each stream's last mark. May be repeated when Kafka did not answer: a
     * stream whose mark is durable is passed over.
     */
    void close(List<CallStream> streams, String reason) {
        List<CallStream> open = streams.stream().filter(s -> !s.closedOnTopic()).toList();
        List<StreamIntake> intakes = new ArrayList<>();
        for (CallStream stream : open) {
            StreamIntake intake = stream.intake();
            if (intake != null) {
                intakes.add(intake);
            }
        }
        Void ignored = receiver.<@Nullable Void>call(() -> {
            intakes.forEach(receiver::remove);
            return null;
        });
        long deadline = System.nanoTime() + WAIT_NANOS;
        // only now is it known how many were not durable, which the last mark says
        for (StreamIntake intake : intakes) {
            awaitSettled(intake, deadline);
        }
        List<CompletableFuture<Void>> marks =
                intakes.stream().map(i -> i.close(context.nowMicros(), reason)).toList();
        await(marks);
        for (CallStream stream : open) {
            stream.closeOnTopic();
            StreamDescription d = stream.description();
            release(d.port(), d.ssrc(), d.streamId());
        }
    }

    private static void awaitSettled(StreamIntake intake, long deadline) {
        try {
            if (!intake.counters().awaitSettled(deadline)) {
                throw unavailable(null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(e);
        }
    }

    private static void await(List<CompletableFuture<Void>> marks) {
        try {
            CompletableFuture.allOf(marks.toArray(CompletableFuture[]::new)).get(WAIT_NANOS, TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw unavailable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(e);
        }
    }

    private static HansardException unavailable(@Nullable Exception cause) {
        return new HansardException(
                ErrorCode.KAFKA_UNAVAILABLE,
                "Kafka did not acknowledge what was written for the streams; the same request may be sent again",
                cause);
    }
}
