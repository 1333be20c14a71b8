package hansard.ingest;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.StageContext;
import io.micrometer.core.instrument.Counter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that reads all media sockets. It asks for ready ones every millisecond, because waking up for each datagram
 * costs twice as much; without a socket it sleeps. Others have it do things to streams with {@link #call}.
 */
final class Receiver implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Receiver.class);
    private static final int MAX_DATAGRAM = 65_536;
    private static final int FAIR_SHARE = 256; // datagrams from one socket before the next has its turn
    private static final int DRAIN_LIMIT = 65_536; // somebody who floods a socket must not keep its stream from ending
    private static final long IDLE_NANOS = 1_000_000;
    private static final long COMMAND_SECONDS = 30;

    private final StageContext context;
    private final SteadyClock clock;
    private final long sweepNanos;
    private final Selector selector;
    private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
    private final List<StreamIntake> streams = new ArrayList<>();
    private final SharedPort shared = new SharedPort();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_DATAGRAM);
    private final Thread thread;
    private final Counter datagrams;
    private final Counter bytes;
    private final Counter unknownSsrc;
    private final Counter malformed;
    private final Counter empty;
    private @Nullable SelectionKey sharedKey;
    private long nextSweepNanos;
    private boolean busy;
    private volatile boolean stopping;

    /** @param clock the context's, held while streams are open */
    Receiver(IngestConfig config, StageContext context, SteadyClock clock) {
        this.context = context;
        this.clock = clock;
        this.sweepNanos = Math.max(1_000_000, config.bundleMaxAge().toNanos() / 8);
        this.datagrams = context.meters().counter("hansard.ingest.datagrams");
        this.bytes = context.meters().counter("hansard.ingest.bytes");
        this.unknownSsrc = context.meters().counter("hansard.ingest.unknown.ssrc");
        this.malformed = context.meters().counter("hansard.ingest.malformed");
        this.empty = context.meters().counter("hansard.ingest.empty");
        try {
            this.selector = Selector.open();
        } catch (IOException e) {
            throw new HansardException(ErrorCode.INTERNAL, "no selector for the media sockets: " + e.getMessage(), e);
        }
        this.thread = Thread.ofPlatform().name("ingest-receiver").daemon().unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    boolean alive() {
        return thread.isAlive();
    }

    /** Runs something on the receiver's thread, between two passes, and gives its result. */
    <T> T call(Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        commands.add(() -> {
            try {
                result.complete(work.get());
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        selector.wakeup();
        try {
            return result.get(COMMAND_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof HansardException known
                    ? known
                    : new HansardException(ErrorCode.INTERNAL, "the receiver failed: " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new HansardException(ErrorCode.INTERNAL, "the receiver does not answer; restart the ingest", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HansardException(ErrorCode.INTERNAL, "interrupted while waiting for the receiver", e);
        }
    }

    /** Listens for streams without a port of their own. On the receiver's thread, or before it starts. */
    void listenShared(DatagramChannel channel) {
        sharedKey = register(channel, null);
    }

    /** Begins to receive a stream: on its own channel, or on the shared port. On the receiver's thread, or before it starts. */
    void add(StreamIntake stream, @Nullable DatagramChannel own) {
        if (own == null) {
            shared.add(stream);
        } else {
            SelectionKey ignored = register(own, stream);
        }
        clock.hold();
        streams.add(stream);
    }

    private SelectionKey register(DatagramChannel channel, @Nullable StreamIntake stream) {
        try {
            return channel.register(selector, SelectionKey.OP_READ, stream);
        } catch (IOException e) {
            throw new HansardException(ErrorCode.INTERNAL, "a media socket cannot be polled: " + e.getMessage(), e);
        }
    }

    /** Takes what is in the sockets of these streams now. On the receiver's thread. */
    void drain(List<StreamIntake> drained) {
        boolean onShared = false;
        for (StreamIntake stream : drained) {
            SelectionKey own = keyOf(stream);
            if (own != null) {
                receive(own, DRAIN_LIMIT);
            } else {
                onShared = true;
            }
        }
        if (onShared && sharedKey != null) {
            receive(sharedKey, DRAIN_LIMIT);
        }
    }

    private @Nullable SelectionKey keyOf(StreamIntake stream) {
        for (SelectionKey key : selector.keys()) {
            if (key.attachment() == stream) {
                return key;
            }
        }
        return null;
    }

    /** Takes what is still in the socket, writes what is still in the bundle, closes the socket. On the receiver's thread. */
    void remove(StreamIntake stream) {
        if (!streams.remove(stream)) {
            return;
        }
        SelectionKey own = keyOf(stream);
        SelectionKey last = own == null ? sharedKey : own;
        if (last != null) {
            receive(last, DRAIN_LIMIT);
        }
        stream.flush();
        if (streams.isEmpty()) {
            clock.release();
        }
        if (own == null) {
            shared.remove(stream);
        } else {
            own.cancel();
            Ports.closeQuietly((DatagramChannel) own.channel());
        }
    }

    private void run() {
        try {
            while (!stopping) {
                pass();
            }
            finish();
        } catch (IOException | RuntimeException | Error e) {
            context.faults().fatal("ingest-receiver", e);
        }
    }

    private void pass() throws IOException {
        busy = false;
        if (streams.isEmpty()) {
            selector.select(this::receiveFrom); // sleeps until a command, or a stray on the shared port
        } else {
            selector.selectNow(this::receiveFrom);
        }
        for (Runnable command = commands.poll(); command != null; command = commands.poll()) {
            command.run();
        }
        long now = System.nanoTime();
        if (now - nextSweepNanos >= 0) {
            nextSweepNanos = now + sweepNanos;
            clock.watch();
            for (int i = 0; i < streams.size(); i++) {
                streams.get(i).flushIfDue(now);
            }
        }
        if (!busy) {
            LockSupport.parkNanos(IDLE_NANOS);
        }
    }

    private void receiveFrom(SelectionKey key) {
        if (receive(key, FAIR_SHARE) == FAIR_SHARE) {
            busy = true;
        }
    }

    /** Reads one socket until it is empty or its share is used up; gives how many datagrams there were. */
    private int receive(SelectionKey key, int limit) {
        DatagramChannel channel = (DatagramChannel) key.channel();
        StreamIntake owner = (StreamIntake) key.attachment();
        long nowMicros = context.nowMicros();
        long nowNanos = System.nanoTime();
        int count = 0;
        long length = 0;
        try {
            while (count < limit) {
                buffer.clear();
                if (channel.receive(buffer) == null) {
                    break;
                }
                buffer.flip();
                count++;
                length += buffer.remaining();
                dispatch(owner, nowMicros, nowNanos);
            }
        } catch (IOException e) {
            // one socket's trouble is not the others'; what it holds is read in the next pass
            log.warn("a media socket failed: {}", e.getMessage());
        }
        if (count > 0) {
            datagrams.increment(count);
            bytes.increment(length);
        }
        return count;
    }

    private void dispatch(@Nullable StreamIntake owner, long nowMicros, long nowNanos) {
        if (!buffer.hasRemaining()) {
            empty.increment();
            return;
        }
        StreamIntake stream = owner == null ? shared.find(buffer) : owner;
        if (stream == null) {
            unknownSsrc.increment();
        } else if (stream.accept(buffer, nowMicros, nowNanos) == StreamIntake.Outcome.MALFORMED) {
            malformed.increment();
        }
    }

    private void finish() throws IOException {
        for (StreamIntake stream : List.copyOf(streams)) {
            remove(stream);
        }
        for (SelectionKey key : selector.keys()) {
            Ports.closeQuietly((DatagramChannel) key.channel());
        }
        selector.close();
    }

    /** Stops receiving: takes what is in the sockets, hands all bundles to the writer, closes the sockets. */
    @Override
    public void close() {
        stopping = true;
        selector.wakeup();
        if (thread.getState() == Thread.State.NEW) { // never started: the start failed
            selector.keys().forEach(key -> Ports.closeQuietly((DatagramChannel) key.channel()));
            return;
        }
        try {
            if (!thread.join(java.time.Duration.ofSeconds(10))) {
                log.warn("the receiver did not stop within 10 s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
