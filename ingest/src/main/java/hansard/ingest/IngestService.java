package hansard.ingest;

import hansard.access.Access;
import hansard.audit.AuditLog;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Health;
import hansard.runtime.HttpApi;
import hansard.runtime.StageContext;
import hansard.runtime.StageService;
import hansard.wire.Role;
import hansard.wire.TopicAdmin;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The ingest: takes media in from the network and writes it to Kafka, still sealed. */
public final class IngestService implements StageService {
    private static final Logger log = LoggerFactory.getLogger(IngestService.class);

    private final Health health = new Health();
    private final Deque<Runnable> toClose = new ArrayDeque<>();
    private int httpPort;

    private IngestService() {}

    /**
     * Takes up the calls that were open when an earlier life of the process ended, then serves the control API.
     *
     * @throws HansardException KAFKA_UNAVAILABLE; PORT_IN_USE when a port that an open stream has is taken; BAD_CONFIGURATION
     */
    public static IngestService start(IngestConfig config, StageContext context) {
        IngestService service = new IngestService();
        try {
            service.run(config, context);
            return service;
        } catch (KafkaException e) {
            service.close();
            throw new HansardException(
                    ErrorCode.KAFKA_UNAVAILABLE,
                    "Kafka at " + config.kafka().bootstrap() + " failed while the ingest started: " + e.getMessage(),
                    e);
        } catch (RuntimeException e) {
            service.close();
            throw e;
        }
    }

    private void run(IngestConfig config, StageContext process) {
        SteadyClock clock = new SteadyClock(process.clock(), System::nanoTime);
        StageContext context = new StageContext(clock, process.meters(), process.faults());
        TopicAdmin.ensure(config.kafka(), Role.INGEST);
        Access access = Access.open(config.accessDirectory());
        AuditLog audit = closing(new AuditLog(config.kafka(), context.clock()));
        Journal journal = closing(new Journal(config.kafka()));
        Recovery recovery = new Recovery(config.kafka());
        Calls calls = recovery.read();

        MediaWriter writer = closing(new MediaWriter(config.kafka(), config.bufferMaxBytes(), context.meters()));
        health.check("kafka", writer::problem);
        Receiver receiver = closing(new Receiver(config, context, clock));
        Ports ports = new Ports(config);
        if (config.sharedPort() != 0) {
            receiver.listenShared(ports.openShared());
        }
        receiver.start();
        health.check("receiver", () -> receiver.alive() ? "" : "the receiver has stopped: restart the ingest");

        health.check("clock", clock::problem);

        Streams streams = new Streams(config, context, ports, receiver, writer);
        takeUp(calls, recovery, streams);
        CallControl control = new CallControl(calls, journal, audit, streams, context);
        context.meters().gauge("hansard.ingest.calls.open", calls, c -> c.open().size());
        if (config.silentAfter().isPositive()) {
            SilentStreams ignored = closing(new SilentStreams(calls, audit, context, config.silentAfter()));
        }
        if (config.abandonedAfter().isPositive()) {
            AbandonedCalls ignored = closing(new AbandonedCalls(calls, control, context, config.abandonedAfter()));
        }
        ControlApi api = new ControlApi(config, access, calls, control, context::nowMicros);
        HttpApi http = closing(
                HttpApi.start("ingest", config.httpHost(), config.httpPort(), health, context.meters(), api::routes));
        httpPort = http.port();
        log.info(
                "ingest listens on {}:{}; media on UDP {} ports {} to {}",
                config.httpHost(),
                httpPort,
                config.udpHost(),
                config.udpFirstPort(),
                config.udpLastPort());
    }

    private static void takeUp(Calls calls, Recovery recovery, Streams streams) {
        List<CallStream> open = new ArrayList<>();
        for (Call call : calls.open()) {
            open.addAll(call.openStreams());
        }
        // the latest first: where two were announced with one port, it belongs to the later
        open.sort(Comparator.comparingLong(CallStream::announcedMicros).reversed());
        for (CallStream stream : open) {
            StreamMemory memory = recovery.memory(stream.streamId());
            if (memory.closed()) {
                stream.closeOnTopic(); // its end was begun and not finished; the next request to end it does that
            } else {
                Call call = calls.require(
                        stream.description().tenant(), stream.description().callId());
                streams.takeUp(call, stream, memory);
            }
        }
    }

    private <T extends AutoCloseable> T closing(T part) {
        toClose.push(() -> {
            try {
                part.close();
            } catch (Exception e) {
                log.warn("{} did not close: {}", part.getClass().getSimpleName(), e.toString());
            }
        });
        return part;
    }

    @Override
    public String name() {
        return "ingest";
    }

    /** The port of the control API. */
    public int httpPort() {
        return httpPort;
    }

    @Override
    public Health health() {
        return health;
    }

    /**
     * Stops receiving, hands what was received to Kafka, and lets go of the ports. Calls that are open stay open: the next
     * start takes them up again.
     */
    @Override
    public void close() {
        while (!toClose.isEmpty()) {
            toClose.pop().run(); // in the opposite order: first the API, then the sockets, then the writers
        }
    }
}
