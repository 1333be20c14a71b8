package hansard.transcribe;

import hansard.audit.AuditLog;
import hansard.keys.Envelopes;
import hansard.keys.LeaveNotice;
import hansard.keys.Vault;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Health;
import hansard.runtime.HttpApi;
import hansard.runtime.StageContext;
import hansard.runtime.StageService;
import hansard.store.DirectoryStore;
import hansard.store.SealedObjects;
import hansard.wire.Role;
import hansard.wire.TopicAdmin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The transcribe stage, running: {@code media.speech} to {@code transcripts}. */
public final class TranscribeService implements StageService {
    private static final Logger log = LoggerFactory.getLogger(TranscribeService.class);
    private static final String NAME = "transcribe";
    private static final String GROUP = "hansard-transcribe";

    private final Health health = new Health();
    /** What was opened, the newest first: closed in that order. */
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    private int port;

    private TranscribeService() {}

    /**
     * Starts the stage.
     *
     * @throws HansardException MODEL_MISSING, KAFKA_UNAVAILABLE, PORT_IN_USE, or what the vault and the store throw
     */
    public static TranscribeService start(TranscribeConfig config, StageContext context) {
        TranscribeService service = new TranscribeService();
        try {
            service.run(config, context);
            return service;
        } catch (RuntimeException | Error e) {
            try {
                service.close();
            } catch (HansardException unclean) {
                e.addSuppressed(unclean);
            }
            throw e;
        }
    }

    /**
     * A model that was prepared.
     *
     * @param sha256 of its directory, as {@code transcribe.model.sha256} wants it
     * @param unknown those of the words to be preferred that it has no pronunciation of, and so cannot hear
     */
    public record Prepared(String sha256, List<String> unknown) {
        public Prepared {
            unknown = List.copyOf(unknown);
        }
    }

    /**
     * Lays the graph of a Vosk model out, so that hearing with it costs about half; a minute or more and a gigabyte or more of memory, once. And
     * has it prefer words, if any are given; then the graph may be laid out already.
     *
     * @param from directory of the model as it was unpacked, or as it was prepared
     * @param to directory that is made: a model of its own. When it is there already, and made of the same, it is left
     * @param words a file with a word or several a line; nothing is preferred without
     * @param boost by how much, as the natural logarithm of how many times as likely; 0 to 10
     * @param waiting told twice a second how long it takes so far
     * @throws HansardException MODEL_MISSING, BAD_CONFIGURATION when this model cannot be prepared or {@code to} is something else, INTERNAL when
     *     the attempt failed, with what the native library said
     */
    public static Prepared prepareModel(
            Path from, Path to, Optional<Path> words, double boost, Consumer<Duration> waiting) {
        return PreparedModel.make(
                from, to, words.map(file -> PreferredWords.read(file, boost)).orElse(PreferredWords.NONE), waiting);
    }

    private void run(TranscribeConfig config, StageContext context) {
        SpeechModels models = opened(new SpeechModels(config.models(), config.threads()));
        models.check();
        TopicAdmin.ensure(config.kafka(), Role.TRANSCRIBE);
        AuditLog audit = opened(new AuditLog(config.kafka(), context.clock()));
        Vault vault = opened(config.vault().open(NAME, context.clock(), audit::keyRefused));
        LeaveNotice leave = new LeaveNotice();
        health.check("vault.trust", vault::problem);
        health.check("vault.leave", leave::problem);
        Envelopes envelopes = new Envelopes(vault);
        TranscriptPublisher publisher = new TranscriptPublisher(
                opened(new KafkaProducer<>(
                        config.kafka().producer(), new StringSerializer(), new ByteArraySerializer())),
                envelopes,
                new SealedObjects(DirectoryStore.open(config.storeDirectory()), vault),
                audit,
                NAME + "/" + vault.identity(),
                models::nameFor,
                context);
        Patience patience = new Patience();
        SpeechBacklog backlog = new SpeechBacklog();
        Workers workers = opened(new Workers(patience));
        SpeechJournal journal = opened(new SpeechJournal(config.kafka()));
        ConcurrentLinkedQueue<Outcome> done = new ConcurrentLinkedQueue<>();
        Map<String, Track> tracks = new ConcurrentHashMap<>();
        Workshop shop = new Workshop(
                models,
                vault,
                envelopes,
                publisher,
                journal,
                new EarlierWords(config.kafka(), tracks.values()),
                patience,
                new ReentrantLock(),
                context);
        StretchQueue queue = new StretchQueue(
                config.recognisers(),
                config.threads(),
                (stretch, live) -> workers.start(new StretchWork(stretch, shop, live, done::add)),
                backlog);
        TrackDesk desk = new TrackDesk(
                tracks,
                queue,
                track -> workers.start(new TrackWork(track, shop, done::add)),
                config.redaction()::redacts,
                context.meters());
        SpeechReader reader = opened(new SpeechReader(
                consumer(config), desk, done, context.clock(), vault::requireLeave, leave, context.faults()));
        health.check("reader", reader::problem);
        health.check("workers", patience::problem);
        backlog.observe(context.meters());
        reader.start();
        HttpApi http = opened(
                HttpApi.start(NAME, config.httpHost(), config.httpPort(), health, context.meters(), routes -> {}));
        port = http.port();
        log.info(
                "transcribe is ready on {}:{} with {}, {} cores and up to {} recognisers",
                config.httpHost(),
                port,
                String.join(
                        ", ",
                        config.models().models().stream().map(ModelConfig::name).toList()),
                config.threads(),
                config.recognisers());
    }

    private static KafkaConsumer<String, byte[]> consumer(TranscribeConfig config) {
        Map<String, Object> properties = config.kafka().consumer(GROUP);
        properties.put("max.poll.records", 64);
        properties.put("fetch.max.bytes", 8 * 1024 * 1024);
        // a replica that joins must not make the others start the tracks anew that they keep
        properties.put("partition.assignment.strategy", CooperativeStickyAssignor.class.getName());
        return new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer());
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.push(part);
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

    /** Where health and metrics are served. */
    public int port() {
        return port;
    }

    @Override
    public void close() {
        HansardException failure = null;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                if (failure == null) {
                    failure = new HansardException(ErrorCode.INTERNAL, "transcribe did not close cleanly", e);
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
