package hansard.index;

import hansard.access.Access;
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
import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The index: search, transcripts, playback. A replica is made by starting another with a directory of its own. */
public final class IndexService implements StageService {
    private static final Logger log = LoggerFactory.getLogger(IndexService.class);

    private final Health health = new Health();
    private final Deque<Runnable> closing = new ArrayDeque<>();
    private int port;

    private IndexService() {}

    /**
     * Opens the index where the last commit left it, reads on, and listens.
     *
     * @throws hansard.runtime.HansardException KAFKA_UNAVAILABLE, DATA_DIRECTORY, PORT_IN_USE, VAULT_UNAVAILABLE
     */
    public static IndexService start(IndexConfig config, StageContext context) {
        IndexService service = new IndexService();
        try {
            service.open(config, context);
            return service;
        } catch (RuntimeException e) {
            service.close();
            throw e;
        }
    }

    private void open(IndexConfig config, StageContext context) {
        TopicAdmin.ensure(config.kafka(), Role.INDEX);
        Access access = Access.open(config.accessDirectory());
        AuditLog audit = new AuditLog(config.kafka(), context.clock());
        closing.push(audit::close);
        Vault vault = config.vault().open("index", context.clock(), audit::keyRefused);
        closing.push(vault::close);
        LeaveNotice leave = new LeaveNotice();
        health.check("vault.trust", vault::problem);
        health.check("vault.leave", leave::problem);
        LuceneIndex index = LuceneIndex.open(config.directory());
        closing.push(index::close);
        LiveFeed live = new LiveFeed();
        Indexer indexer = new Indexer(
                index, new Envelopes(vault)::open, live, config.replica(), context::nowMicros, context.meters());
        OrdersAndReceipts written = new OrdersAndReceipts(config.kafka());
        closing.push(written::close);
        JournalReader journal = new JournalReader(
                config.kafka(),
                indexer,
                written,
                config.refresh(),
                vault::requireLeave,
                leave,
                context.meters(),
                context.faults());
        journal.start();
        closing.push(journal::close);
        health.check("journal", journal::problem);
        ReadingAudit readings = new ReadingAudit(audit, context::nowMicros);
        ObjectStore store = DirectoryStore.open(config.storeDirectory());
        SealedObjects sealed = new SealedObjects(store, vault);
        MediaApi media = new MediaApi(sealed, readings);
        RecordProof proof = new RecordProof(store, sealed, vault);
        CompositeOrders composites = new CompositeOrders(written, audit, context::nowMicros);
        IndexApi api = new IndexApi(
                access,
                audit,
                new Recordings(index),
                live,
                media,
                readings,
                composites,
                new TranscriptOrders(written, audit, context::nowMicros),
                proof,
                new PressedKeys(sealed),
                context::nowMicros);
        HttpApi http = HttpApi.start("index", config.host(), config.port(), health, context.meters(), api::routes);
        closing.push(http::close);
        closing.push(live::endAll);
        port = http.port();
        log.info("index answers on {}:{}", config.host(), port);
    }

    /** The port the API listens on. */
    public int port() {
        return port;
    }

    @Override
    public String name() {
        return "index";
    }

    @Override
    public Health health() {
        return health;
    }

    @Override
    public void close() {
        while (!closing.isEmpty()) {
            closing.pop().run();
        }
    }
}
