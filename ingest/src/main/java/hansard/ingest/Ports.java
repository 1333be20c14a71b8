package hansard.ingest;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.DatagramChannel;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which UDP port belongs to which stream. Free ports are given out in turn, so that a late sender rarely meets a new stream. */
final class Ports {
    private static final Logger log = LoggerFactory.getLogger(Ports.class);

    private final IngestConfig config;
    private final Map<Integer, String> streamByPort = new HashMap<>();
    private final AtomicBoolean smallBufferSaid = new AtomicBoolean();
    private int next;

    Ports(IngestConfig config) {
        this.config = config;
        this.next = config.udpFirstPort();
    }

    /**
     * Opens the port for a stream, or any free one of the range. The kernel keeps from now on what arrives there.
     *
     * @throws HansardException CONFLICT when a stream of ours has the port, PORT_IN_USE when another process has, or when the
     *     whole range is taken
     */
    synchronized DatagramChannel open(String streamId, @Nullable Integer port) {
        if (port != null) {
            String owner = streamByPort.get(port);
            if (owner != null) {
                throw new HansardException(
                        ErrorCode.CONFLICT, "port " + port + " belongs to stream " + owner + ", which has not ended");
            }
            DatagramChannel channel = bind(port);
            if (channel == null) {
                throw new HansardException(
                        ErrorCode.PORT_IN_USE,
                        "UDP port " + port + " on " + config.udpHost() + " for stream " + streamId
                                + " is taken by another process: stop it, or announce the stream with another port");
            }
            streamByPort.put(port, streamId);
            return channel;
        }
        int size = config.udpLastPort() - config.udpFirstPort() + 1;
        for (int tried = 0; tried < size; tried++) {
            int candidate = next;
            next = candidate == config.udpLastPort() ? config.udpFirstPort() : candidate + 1;
            if (!streamByPort.containsKey(candidate) && candidate != config.sharedPort()) {
                DatagramChannel channel = bind(candidate);
                if (channel != null) {
                    streamByPort.put(candidate, streamId);
                    return channel;
                }
            }
        }
        throw new HansardException(
                ErrorCode.PORT_IN_USE,
                "no UDP port from " + config.udpFirstPort() + " to " + config.udpLastPort() + " is free for stream "
                        + streamId + ": " + streamByPort.size()
                        + " belong to streams that have not ended, the others to other processes; end calls or widen"
                        + " ingest.udp.ports");
    }

    /** Opens the port that streams share. */
    DatagramChannel openShared() {
        DatagramChannel channel = bind(config.sharedPort());
        if (channel == null) {
            throw new HansardException(
                    ErrorCode.PORT_IN_USE,
                    "UDP port " + config.sharedPort() + " on " + config.udpHost()
                            + " is taken by another process: stop it, or set ingest.udp.shared-port to another");
        }
        return channel;
    }

    /** To be called when the channel is closed. */
    synchronized void release(int port, String streamId) {
        streamByPort.remove(port, streamId);
    }

    private @Nullable DatagramChannel bind(int port) {
        DatagramChannel channel = null;
        try {
            channel = DatagramChannel.open();
            channel.configureBlocking(false);
            channel.setOption(StandardSocketOptions.SO_RCVBUF, config.receiveBufferBytes());
            warnOfSmallBuffer(channel.getOption(StandardSocketOptions.SO_RCVBUF));
            channel.bind(new InetSocketAddress(config.udpHost(), port));
            return channel;
        } catch (BindException e) {
            closeQuietly(channel);
            if (String.valueOf(e.getMessage()).contains("in use")) {
                return null;
            }
            throw cannotOpen(port, e);
        } catch (IOException e) {
            closeQuietly(channel);
            throw cannotOpen(port, e);
        }
    }

    private HansardException cannotOpen(int port, IOException e) {
        return new HansardException(
                ErrorCode.BAD_CONFIGURATION,
                "UDP port " + port + " on ingest.udp.host " + config.udpHost() + " cannot be opened: " + e.getMessage(),
                e);
    }

    private void warnOfSmallBuffer(int granted) {
        if (granted < config.receiveBufferBytes() && smallBufferSaid.compareAndSet(false, true)) {
            log.warn(
                    "the kernel gives media sockets {} bytes of the {} that ingest.udp.receive-buffer asks for: bursts may be"
                            + " lost before they are received; raise net.core.rmem_max",
                    granted,
                    config.receiveBufferBytes());
        }
    }

    static void closeQuietly(@Nullable DatagramChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                log.warn("a UDP socket did not close: {}", e.getMessage());
            }
        }
    }
}
