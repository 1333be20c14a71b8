package hansard.decrypt;

import hansard.audit.AuditLog;
import hansard.keys.Envelopes;
import hansard.keys.Vault;
import hansard.runtime.HansardException;
import hansard.runtime.Health;
import hansard.runtime.HttpApi;
import hansard.runtime.StageContext;
import hansard.runtime.StageService;
import hansard.store.DirectoryStore;
import hansard.store.SealedObjects;
import hansard.wire.Role;
import hansard.wire.TopicAdmin;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The running decrypt-worker: a Kafka Streams application with exactly-once processing. */
public final class DecryptService implements StageService {
    static final String NAME = "decrypt-worker";
    static final String APPLICATION_ID = "hansard-decrypt-worker";

    private static final Logger log = LoggerFactory.getLogger(DecryptService.class);
    private static final long VAULT_PATIENCE_MILLIS = 4_000;
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(15);

    private final Health health;
    private final Vault vault;
    private final AuditLog audit;
    private final VaultPatience patience;
    private final RecipientsWatch recipients;
    private final KafkaStreams streams;
    private final HttpApi http;

    private DecryptService(
            Health health,
            Vault vault,
            AuditLog audit,
            VaultPatience patience,
            RecipientsWatch recipients,
            KafkaStreams streams,
            HttpApi http) {
        this.health = health;
        this.vault = vault;
        this.audit = audit;
        this.patience = patience;
        this.recipients = recipients;
        this.streams = streams;
        this.http = http;
    }

    /** Starts the stage. Throws PORT_IN_USE, KAFKA_UNAVAILABLE or VAULT_UNAVAILABLE. */
    public static DecryptService start(DecryptConfig config, StageContext context) {
        TopicAdmin.ensure(config.kafka(), Role.DECRYPT_WORKER);
        AuditLog audit = new AuditLog(config.kafka(), context.clock());
        try {
            return start(config, context, config.vault().open(NAME, context.clock(), audit::keyRefused), audit);
        } catch (RuntimeException e) {
            audit.close();
            throw e;
        }
    }

    /** Takes the vault over: it is closed with the service. */
    static DecryptService start(DecryptConfig config, StageContext context, Vault vault) {
        return start(config, context, vault, new AuditLog(config.kafka(), context.clock()));
    }

    private static DecryptService start(DecryptConfig config, StageContext context, Vault vault, AuditLog audit) {
        RecipientsWatch recipients = RecipientsWatch.start(vault, config.recipients());
        Health health = new Health();
        VaultPatience patience = new VaultPatience(VAULT_PATIENCE_MILLIS);
        RefusedStreams.Notice refusals = new RefusedStreams.Notice();
        DecryptTools tools = new DecryptTools(
                vault,
                new Envelopes(vault),
                new SealedObjects(DirectoryStore.open(config.storeDirectory()), vault),
                patience,
                refusals,
                new Auditor(audit::note, context.clock(), vault.identity()),
                new DecryptMeters(context.meters()),
                config.reorderWindow().toNanos() / 1_000,
                config.parkedBytes(),
                config.simulcastLayer());
        KafkaStreams streams = new KafkaStreams(DecryptTopology.of(tools), properties(config));
        streams.setUncaughtExceptionHandler(failure -> onFailure(failure, context));
        health.check("vault", patience::problem);
        health.check("vault.leave", refusals::problem);
        health.check("vault.trust", vault::problem);
        health.check("recipients", recipients::problem);
        health.check(
                "streams",
                () -> streams.state().hasNotStarted() || streams.state().isRunningOrRebalancing()
                        ? ""
                        : "the stream threads are " + streams.state());
        HttpApi http =
                HttpApi.start(NAME, config.httpHost(), config.httpPort(), health, context.meters(), routes -> {});
        streams.start();
        log.info("decrypt-worker {} runs, health on port {}", vault.identity(), http.port());
        return new DecryptService(health, vault, audit, patience, recipients, streams, http);
    }

    private static Properties properties(DecryptConfig config) {
        Properties p =
                config.kafka().streams(APPLICATION_ID, config.dataDirectory().resolve(NAME));
        p.put("num.stream.threads", config.threads());
        p.put("commit.interval.ms", (int) config.commitInterval().toMillis());
        // room for the states of some thousand streams between two commits; one that is pushed out is written earlier,
        // no more
        p.put("statestore.cache.max.bytes", 64L << 20);
        // all that one commit brings goes in one request for each partition, not in pieces of 16 KiB
        p.put("producer.batch.size", 256 << 10);
        // a stream thread may wait for the vault within one record; heartbeats go on meanwhile
        p.put("consumer.max.poll.interval.ms", (int) Duration.ofMinutes(10).toMillis());
        return p;
    }

    private static StreamThreadExceptionResponse onFailure(Throwable failure, StageContext context) {
        if (isRetriable(failure)) {
            log.warn("a stream thread begins again from the last commit: {}", failure.getMessage());
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        }
        context.faults().fatal(NAME, failure);
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }

    private static boolean isRetriable(Throwable failure) {
        for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof HansardException e && e.code().isRetriable()) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Health health() {
        return health;
    }

    /** The port of health and metrics. */
    public int httpPort() {
        return http.port();
    }

    @Override
    public void close() {
        patience.close();
        // without leaving the group, the next process would wait for this one's session to time out
        boolean stopped =
                streams.close(CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                        .withTimeout(CLOSE_TIMEOUT));
        if (!stopped) {
            log.warn(
                    "the stream threads did not stop within {}; what they had in hand is processed again",
                    CLOSE_TIMEOUT);
        }
        recipients.close();
        http.close();
        audit.close();
        vault.close();
    }
}
