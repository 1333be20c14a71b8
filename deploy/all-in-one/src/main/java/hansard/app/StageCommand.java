package hansard.app;

import hansard.broker.EmbeddedBroker;
import hansard.broker.Listener;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Settings;
import hansard.runtime.StageContext;
import hansard.runtime.StageService;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** One stage in a process of its own, as a cluster runs it. */
abstract class StageCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            paramLabel = "FILE",
            required = true,
            description = "Settings (YAML), with at least kafka.bootstrap and the directories this stage uses.")
    @Nullable
    Path config;

    private final Stage stage;

    StageCommand(Stage stage) {
        this.stage = stage;
    }

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = new Terminal(System.out);
        Stage.Ready ready = ready(stage, Settings.load(config, Map.of(), System.getenv()));
        StageService service = ready.start(
                new StageContext(Clock.systemUTC(), new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), new Halt()));
        var stopped = Stopping.onSignal(service, terminal);
        terminal.line(stage.label() + " is ready");
        stopped.await();
        return 0;
    }

    /** Reads what the stage needs. One file may serve several stages: what the others know is not a mistake here. */
    static Stage.Ready ready(Stage stage, Settings settings) {
        settings.putDefault(stage.portKey(), Integer.toString(stage.usualPort()));
        settings.putDefault("kafka.instance", stage.label());
        settings.putDefault("transcribe.model.path", ModelPath.bundled().toString());
        Stage.Ready ready = stage.read(settings);
        knowsEveryStage(settings);
        settings.check();
        return ready;
    }

    /** What any stage may be told is not a mistake in a file that serves several. */
    static void knowsEveryStage(Settings settings) {
        settings.knows(() -> {
            for (Stage stage : Stage.values()) {
                Stage.Ready ignored = stage.read(settings);
            }
            settings.integer("broker.port", 9092, 0, 65_535);
            settings.flag(AllInOne.BROKER_TLS, true);
        });
    }

    @Command(
            name = "ingest",
            mixinStandardHelpOptions = true,
            description = "Takes forked SRTP streams onto Kafka. Holds no key.")
    static final class Ingest extends StageCommand {
        Ingest() {
            super(Stage.INGEST);
        }
    }

    @Command(
            name = "decrypt-worker",
            mixinStandardHelpOptions = true,
            description = "Opens, authenticates and depacketises streams, by leave of the vault.")
    static final class DecryptWorker extends StageCommand {
        DecryptWorker() {
            super(Stage.DECRYPT_WORKER);
        }
    }

    @Command(
            name = "transcode",
            mixinStandardHelpOptions = true,
            description = "Makes playable, sealed tracks and the mix.")
    static final class Transcode extends StageCommand {
        Transcode() {
            super(Stage.TRANSCODE);
        }
    }

    @Command(name = "transcribe", mixinStandardHelpOptions = true, description = "Turns speech into utterances.")
    static final class Transcribe extends StageCommand {
        Transcribe() {
            super(Stage.TRANSCRIBE);
        }
    }

    @Command(
            name = "index",
            mixinStandardHelpOptions = true,
            description = "Makes calls searchable and playable for those who may see them.")
    static final class Index extends StageCommand {
        Index() {
            super(Stage.INDEX);
        }
    }

    @Command(
            name = "retention",
            mixinStandardHelpOptions = true,
            description = "Keeps what must be kept, erases what must go, and keeps the audit.")
    static final class Retention extends StageCommand {
        Retention() {
            super(Stage.RETENTION);
        }
    }

    @Command(name = "console", mixinStandardHelpOptions = true, description = "The web page and front door.")
    static final class Console extends StageCommand {
        Console() {
            super(Stage.CONSOLE);
        }
    }

    /** A broker in a process of its own, for a single machine without one and for trying out. */
    @Command(
            name = "broker",
            mixinStandardHelpOptions = true,
            description = "Runs a single Kafka broker in this process, for trials on one machine.")
    static final class Broker implements Callable<Integer> {
        @Option(names = "--data", paramLabel = "DIR", required = true, description = "Where it keeps its log.")
        @Nullable
        Path data;

        @Option(names = "--port", defaultValue = "9092", description = "Default: ${DEFAULT-VALUE}")
        int port;

        @Option(
                names = "--tls",
                paramLabel = "DIR",
                description =
                        "Lets in the bearers of these certificates only, each with the rights of its role; makes those"
                                + " that are missing. Without it, everybody on this machine is let in.")
        @Nullable
        Path tls;

        @Option(
                names = "--host",
                paramLabel = "NAME",
                description = "With --tls: listens on every address of this machine, which clients know by this name.")
        @Nullable
        String host;

        @Option(
                names = "--partitions",
                defaultValue = "4",
                description = "Of topics made now. Default: ${DEFAULT-VALUE}")
        int partitions;

        @Override
        public Integer call() throws InterruptedException {
            Terminal terminal = new Terminal(System.out);
            EmbeddedBroker broker = start(data == null ? Path.of("data/kafka") : data);
            var stopped = Stopping.onSignal(broker, terminal);
            terminal.line("broker is ready at " + broker.bootstrap());
            stopped.await();
            return 0;
        }

        private EmbeddedBroker start(Path directory) {
            Path certificates = tls;
            String name = host;
            if (certificates == null) {
                if (name != null) {
                    throw new HansardException(
                            ErrorCode.BAD_CONFIGURATION,
                            "--host needs --tls: a broker without it is for this machine only");
                }
                return EmbeddedBroker.start(directory, port, new Halt());
            }
            SecuredKafka.identities(certificates, name == null ? List.of() : List.of(name));
            Listener listener =
                    name == null ? Listener.secured(certificates) : new Listener("0.0.0.0", name, certificates);
            EmbeddedBroker broker = EmbeddedBroker.start(directory, listener, port, new Halt());
            try {
                SecuredKafka.setUp(broker.bootstrap(), certificates, partitions, 1);
                return broker;
            } catch (RuntimeException e) {
                broker.close();
                throw e;
            }
        }
    }
}
