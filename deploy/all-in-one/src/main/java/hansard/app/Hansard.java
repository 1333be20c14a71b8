package hansard.app;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command. */
@Command(
        name = "hansard",
        mixinStandardHelpOptions = true,
        version = "Hansard 0.1.0",
        description = "Records and transcribes calls for organisations that must be able to prove what was said.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  hansard demo                                  watch a real call become a searchable record",
            "  hansard up --config hansard.yaml              run every stage in one process",
            "  hansard replay --capture c.pcap --sidecar c.json --speed max --report r.json",
            "  hansard search '\"northern energy\"' --json --data data/demo",
            "",
            "'hansard COMMAND --help' tells more."
        },
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            ReplayCommand.class,
            SearchCommand.class,
            TranscriptCommand.class,
            PauseCommand.Pause.class,
            PauseCommand.Resume.class,
            VerifyCommand.class,
            UsersCommand.class,
            SecureKafkaCommand.class,
            KeysCommand.class,
            WarmUpCommand.class,
            PrepareModelCommand.class,
            StageCommand.Ingest.class,
            StageCommand.DecryptWorker.class,
            StageCommand.Transcode.class,
            StageCommand.Transcribe.class,
            StageCommand.Index.class,
            StageCommand.Retention.class,
            StageCommand.Console.class,
            StageCommand.Broker.class
        })
public final class Hansard implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Hansard.class);

    @CommandLine.Spec
    CommandLine.Model.@org.jspecify.annotations.Nullable CommandSpec spec;

    private Hansard() {}

    public static void main(String[] args) {
        // Helidon logs through java.util.logging: one place decides what is said.
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        int status = commandLine().execute(args);
        // A shutdown hook may be stopping the stages already; exit waits for it.
        System.exit(status);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Hansard())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Hansard::failed);
    }

    @Override
    public void run() {
        if (spec != null) {
            spec.commandLine().usage(spec.commandLine().getOut());
        }
    }

    private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed) {
        if (Stopping.isUnderWay()) { // Ctrl-C in the middle of the work: what breaks off now was asked to
            return 130;
        }
        if (e instanceof HansardException fault) {
            log.debug("the command failed", e);
            command.getErr()
                    .println(command.getColorScheme().errorText("hansard: " + fault.getMessage()) + " ["
                            + fault.code().id() + "]");
            return fault.code() == ErrorCode.BAD_CONFIGURATION ? 2 : 1;
        }
        command.getErr().println(command.getColorScheme().errorText("hansard: " + e));
        log.error("a defect of ours", e);
        return 1;
    }
}
