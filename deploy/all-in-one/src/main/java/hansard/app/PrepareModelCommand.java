package hansard.app;

import hansard.transcribe.TranscribeService;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Makes of a speech model one that costs half as much to hear with. */
@Command(
        name = "prepare-model",
        mixinStandardHelpOptions = true,
        description = {
            "Makes of a Vosk model one that hears the same words for about half the CPU: its graph of what can be said is put together once,"
                    + " instead of by everybody who is heard. The model that comes with Hansard is prepared already.",
            "Takes a minute or more, and a gigabyte or more of memory, once; larger models take more of both. Then name the new directory in the"
                    + " settings, with the SHA-256 that is printed."
        },
        footerHeading = "%nExample:%n",
        footer = "  hansard prepare-model downloads/vosk-model-small-de-0.15 /opt/hansard/models/vosk-de-0.15")
final class PrepareModelCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "FROM",
            description = "The directory of the model as it was unpacked; it is not changed.")
    @Nullable
    Path from;

    @Parameters(
            index = "1",
            paramLabel = "TO",
            description =
                    "The directory that is made. When it is there already, and made of the same model, it is left as it is.")
    @Nullable
    Path to;

    @Override
    public Integer call() {
        Path model = from;
        if (model == null || to == null) {
            throw new IllegalStateException("picocli gives both");
        }
        Terminal terminal = new Terminal(System.out);
        String sha256 = TranscribeService.prepareModel(
                model,
                to,
                taken -> terminal.status(
                        "laying out the graph of " + model.getFileName() + " " + Terminal.clock(taken.toMillis())));
        terminal.status("");
        terminal.line(to + " is prepared. In the settings:");
        terminal.line("  path: " + to.toAbsolutePath());
        terminal.line("  sha256: " + sha256);
        return 0;
    }
}
