package hansard.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Sends a packet of every stream each 20 ms, the streams spread over the milliseconds between, from one loopback socket. */
final class PacedSender implements AutoCloseable {
    private static final int SLOTS = 20;
    private static final long SLOT_NANOS = 1_000_000;

    /** A stream and where it goes. */
    record Target(SendingStream stream, InetSocketAddress address) {}

    private final DatagramChannel socket;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(2_048);
    private long worstLateNanos;

    PacedSender() throws IOException {
        socket = DatagramChannel.open()
                .setOption(StandardSocketOptions.SO_SNDBUF, 4 << 20)
                .bind(new InetSocketAddress("127.0.0.1", 0));
    }

    DatagramChannel socket() {
        return socket;
    }

    /** Sends in real time for as long, on the calling thread. */
    void send(List<Target> targets, int seconds) {
        for (Target target : targets) {
            if (!target.address.getAddress().isLoopbackAddress()) {
                throw new IllegalArgumentException("load is sent to this machine only, not to " + target.address);
            }
        }
        long start = System.nanoTime();
        long slots = seconds * 1_000L;
        for (long slot = 0; slot < slots; slot++) {
            long due = start + slot * SLOT_NANOS;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            worstLateNanos = Math.max(worstLateNanos, System.nanoTime() - due);
            for (int i = (int) (slot % SLOTS); i < targets.size(); i += SLOTS) {
                send(targets.get(i));
            }
        }
    }

    private void send(Target target) {
        try {
            target.stream.next(buffer);
            while (buffer.hasRemaining()) {
                socket.send(buffer, target.address);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By how much the latest packet was behind its time: a machine that is busy otherwise shows here. */
    double worstLateMillis() {
        return worstLateNanos / 1e6;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
