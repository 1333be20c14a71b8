package hansard.app;

import hansard.runtime.Settings;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Everything in one process, until it is told to stop. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Runs every stage and a broker in this process.",
        footerHeading = "%nExample:%n",
        footer = "  hansard up --config hansard.yaml --data /var/lib/hansard")
final class UpCommand implements Callable<Integer> {
    @Option(names = "--config", paramLabel = "FILE", description = "Settings (YAML). Without it, the defaults.")
    @Nullable
    Path config;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where everything is kept. Default: data.directory of the configuration, else ./data")
    @Nullable
    Path data;

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = new Terminal(System.out);
        long started = System.nanoTime();
        Settings settings = Settings.load(config, Map.of(), System.getenv());
        Path directory = data != null ? data : settings.path("data.directory", Path.of("data"));
        AllInOne all = AllInOne.start(
                settings, directory, true, new Halt(), stage -> terminal.status("starting " + stage + " …"));
        CountDownLatch stopped = Stopping.onSignal(all, terminal);
        terminal.status("");
        terminal.line("ready in " + (System.nanoTime() - started) / 1_000_000 + " ms: "
                + all.instance().api() + "  (data in " + all.data().path() + ")");
        stopped.await();
        return 0;
    }
}
