package hansard.retention;

import hansard.access.Access;
import hansard.audit.AuditLog;
import hansard.keys.Vault;
import hansard.runtime.Health;
import hansard.runtime.HttpApi;
import hansard.runtime.StageContext;
import hansard.runtime.StageService;
import hansard.store.DirectoryStore;
import hansard.wire.Role;
import hansard.wire.TopicAdmin;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The retention stage: policies, holds, purges with receipts, and the audit's ledger. */
public final class RetentionService implements StageService {
    private static final Logger log = LoggerFactory.getLogger(RetentionService.class);

    private final Health health = new Health();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private int port;

    private RetentionService() {}

    /** Starts everything; when some part does not start, stops what did and throws what that part threw. */
    public static RetentionService start(RetentionConfig config, StageContext context) {
        RetentionService service = new RetentionService();
        try {
            service.startParts(config, context);
            return service;
        } catch (RuntimeException e) {
            service.close();
            throw e;
        }
    }

    private void startParts(RetentionConfig config, StageContext context) {
        TopicAdmin.ensure(config.kafka(), Role.RETENTION);
        Disposition disposition =
                new Disposition(config.policies(), config.sealWait(), config.abandonedAfter(), config.discardAfter());
        UnreadableRecords unreadable = new UnreadableRecords(context.meters());
        Ledger ledger = opened(Ledger.open(config.ledgerFile()));
        AuditLog audit = opened(new AuditLog(config.kafka(), context.clock()));
        DurableWriter writer = opened(new DurableWriter(config.kafka()));
        Vault vault = opened(config.vault().open("retention", context.clock(), audit::keyRefused));

        opened(LedgerWorker.start(config.kafka(), ledger, context));
        RetentionStreams streams =
                opened(RetentionStreams.start(config, shared(config, disposition, unreadable, context), context));
        Erasing with = new Erasing(
                DirectoryStore.open(config.storeDirectory()), vault, context, audit::require, writer::receipt);
        PurgeWorker worker =
                opened(PurgeWorker.start(config.kafka(), new Purge(with), new Discard(with), unreadable, context));

        health.check("streams", streams::problem);
        health.check("purges", worker::problem);
        health.check("ledger", () -> ledger.standing().problem());
        health.check("records", unreadable::problem);

        HoldDesk holds = new HoldDesk(streams, writer::order, audit::require, context);
        RetentionApi api = new RetentionApi(
                Access.open(config.accessDirectory()), disposition, streams, holds, ledger, audit, context.clock());
        HttpApi http = opened(HttpApi.start(
                "retention", config.httpHost(), config.httpPort(), health, context.meters(), api::routes));
        port = http.port();
        log.info(
                "retention listens on {}:{}; ledger of {} events",
                config.httpHost(),
                port,
                ledger.standing().length());
    }

    private static RetentionTopology.Parts shared(
            RetentionConfig config, Disposition disposition, UnreadableRecords unreadable, StageContext context) {
        Map<Integer, Long> held = new ConcurrentHashMap<>();
        context.meters().gauge("hansard.retention.held", held, h -> h.values().stream()
                .mapToLong(Long::longValue)
                .sum());
        return new RetentionTopology.Parts(
                disposition,
                config.checkInterval(),
                config.expectedIndexReplicas(),
                context.clock(),
                new StateChanges(),
                unreadable,
                held,
                context.meters().counter("hansard.retention.purges.ordered"));
    }

    private <T extends AutoCloseable> T opened(T part) {
        parts.push(part);
        return part;
    }

    @Override
    public String name() {
        return "retention";
    }

    @Override
    public Health health() {
        return health;
    }

    /** The port the API listens on. */
    public int port() {
        return port;
    }

    /** Stops in the reverse order of the start. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Exception e) {
                log.warn("{} did not stop cleanly", part.getClass().getSimpleName(), e);
            }
        }
    }
}
