package hansard.transcode;

import hansard.audit.AuditLog;
import hansard.keys.Envelopes;
import hansard.keys.LeaveNotice;
import hansard.keys.Vault;
import hansard.runtime.Health;
import hansard.runtime.HttpApi;
import hansard.runtime.StageContext;
import hansard.runtime.StageService;
import hansard.store.DirectoryStore;
import hansard.store.ObjectStore;
import hansard.store.SealedObjects;
import hansard.wire.Role;
import hansard.wire.TopicAdmin;
import hansard.wire.Topics;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The transcode stage: tracks and speech from frames, the mix and composites from tracks, and word that a recording is whole. */
public final class TranscodeService implements StageService {
    private static final Logger log = LoggerFactory.getLogger(TranscodeService.class);
    private static final String NAME = "transcode";

    private final Health health = new Health();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    private TranscodeService() {}

    /** Starts it; returns when its threads run and its HTTP port listens. */
    public static TranscodeService start(TranscodeConfig config, StageContext context) {
        TranscodeService service = new TranscodeService();
        try {
            service.open(config, context);
        } catch (RuntimeException e) {
            service.close();
            throw e;
        }
        return service;
    }

    private void open(TranscodeConfig config, StageContext context) {
        Native.load();
        OpusDecoder.load();
        TopicAdmin.ensure(config.kafka(), Role.TRANSCODE);
        AuditLog audit = opened(new AuditLog(config.kafka(), context.clock()));
        Vault vault = opened(config.vault().open(NAME, context.clock(), audit::keyRefused));
        LeaveNotice waiting = new LeaveNotice();
        ObjectStore store = DirectoryStore.open(config.storeDirectory());
        SealedObjects sealed = new SealedObjects(store, vault);
        MediaObjects objects = new MediaObjects(sealed, audit, NAME + "/" + vault.identity());

        Output trackOutput = opened(new Output(config.kafka()));
        Track.Tools tools = new Track.Tools(
                new Envelopes(vault),
                objects,
                trackOutput,
                TrackCounters.in(context.meters()),
                config.speech(),
                config.redaction(),
                context::nowMicros);
        TrackReader tracks =
                opened(new TrackReader(config.kafka(), tools, vault::requireLeave, waiting, context.faults()));

        WorkReader.Leave leave = new WorkReader.Leave(vault::requireLeave, waiting);
        RedactedTracks redacted = new RedactedTracks(vault, objects, context::nowMicros);
        Output redactionOutput = opened(new Output(config.kafka()));
        WorkReader redactions = opened(new WorkReader(
                "transcode-redaction",
                config.kafka(),
                Topics.RECORDING_ARTIFACTS,
                redacted::work,
                redactionOutput,
                leave,
                context.faults()));
        WorkReader mixes = config.mix() ? mixes(config, context, vault, objects, leave) : null;

        Output compositeOutput = opened(new Output(config.kafka()));
        Composer composer = new Composer(vault, objects, config, new JobProcess(), compositeOutput, context::nowMicros);
        WorkReader composites = opened(new WorkReader(
                "transcode-composite",
                config.kafka(),
                Topics.RECORDING_ORDERS,
                composer::work,
                compositeOutput,
                leave,
                context.faults()));

        Output rehearingOutput = opened(new Output(config.kafka()));
        Rehearing rehearing = new Rehearing(
                vault,
                new Envelopes(vault),
                objects,
                audit,
                NAME + "/" + vault.identity(),
                rehearingOutput,
                context::nowMicros);
        WorkReader rehearings = opened(new WorkReader(
                "transcode-transcripts",
                config.kafka(),
                Topics.RECORDING_ORDERS,
                rehearing::work,
                rehearingOutput,
                leave,
                context.faults()));

        CompletenessWriter completeness =
                new CompletenessWriter(vault, objects, store, audit, NAME + "/" + vault.identity(), context::nowMicros);
        Output completenessOutput = opened(new Output(config.kafka()));
        WorkReader statements = opened(new WorkReader(
                "transcode-completeness",
                config.kafka(),
                Topics.RECORDING_ARTIFACTS,
                completeness::work,
                completenessOutput,
                leave,
                context.faults()));

        KafkaStreams assembly = assembly(config, context);
        health.check("vault.trust", vault::problem);
        health.check("vault.leave", waiting::problem);
        health.check("tracks", tracks::problem);
        health.check("redaction", redactions::problem);
        if (mixes != null) {
            health.check("mix", mixes::problem);
        }
        health.check("composite", composites::problem);
        health.check("transcripts", rehearings::problem);
        health.check("completeness", statements::problem);
        health.check("assembly", () -> assembly.state() == KafkaStreams.State.ERROR ? "Kafka Streams has failed" : "");
        opened(HttpApi.start(NAME, config.httpHost(), config.httpPort(), health, context.meters(), routes -> {}));
        assembly.start();
        tracks.start();
        redactions.start();
        if (mixes != null) {
            mixes.start();
        }
        composites.start();
        rehearings.start();
        statements.start();
        log.info("transcode started on {}", config.kafka().bootstrap());
    }

    private WorkReader mixes(
            TranscodeConfig config, StageContext context, Vault vault, MediaObjects objects, WorkReader.Leave leave) {
        Mixer mixer = new Mixer(
                vault, objects, config.mixBitrate(), config.mixComplexity(), new JobProcess(), context::nowMicros);
        Output mixOutput = opened(new Output(config.kafka()));
        return opened(new WorkReader(
                "transcode-mix",
                config.kafka(),
                Topics.RECORDING_ARTIFACTS,
                mixer::work,
                mixOutput,
                leave,
                context.faults()));
    }

    private KafkaStreams assembly(TranscodeConfig config, StageContext context) {
        KafkaStreams streams = new KafkaStreams(
                AssemblyTopology.of(
                        new Assembly.Awaited(config.mix(), config.speech(), config.redaction()), context::nowMicros),
                config.kafka()
                        .streams(
                                AssemblyTopology.APPLICATION,
                                config.dataDirectory().resolve("streams")));
        streams.setUncaughtExceptionHandler(e -> {
            context.faults().fatal("transcode-assembly", e);
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        });
        // leaving the group hands the partitions on at once instead of after the session timeout
        parts.push(() ->
                streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                        .withTimeout(Duration.ofSeconds(15))));
        return streams;
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.push(part);
        return part;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Health health() {
        return health;
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                log.warn("a part did not close cleanly", e);
            }
        }
        log.info("transcode stopped");
    }
}
