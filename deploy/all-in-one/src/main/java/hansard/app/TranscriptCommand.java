package hansard.app;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a call's transcript to a file or the terminal. */
@Command(
        name = "transcript",
        mixinStandardHelpOptions = true,
        description = "Writes a call's transcript: who said what, when. The audit names the export.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  hansard transcript CALL --data data/demo",
            "  hansard transcript CALL --format vtt --output call.vtt",
            "  hansard transcript CALL --format json --as alice --api http://127.0.0.1:7080"
        })
final class TranscriptCommand implements Callable<Integer> {
    /** What the API calls them in lower case. */
    enum Format {
        VTT,
        TXT,
        JSON
    }

    @Parameters(paramLabel = "CALL", description = "The call's id.")
    String callId = "";

    @Option(
            names = "--format",
            defaultValue = "txt",
            description =
                    "vtt (WebVTT subtitles), txt (for people) or json (every word with its time). Default: ${DEFAULT-VALUE}")
    Format format = Format.TXT;

    @Option(names = "--output", paramLabel = "FILE", description = "Write to this file. Default: the terminal.")
    @Nullable
    Path output;

    @Option(
            names = "--as",
            paramLabel = "USER",
            defaultValue = "",
            description =
                    "Read as this user may. Default: the owner of the service, who sees every call. The audit names both.")
    String as = "";

    @Option(names = "--data", paramLabel = "DIR", description = "Where the recordings are kept. Default: ./data")
    Path data = Path.of("data");

    @Option(names = "--api", paramLabel = "URL", description = "A running instance.")
    @Nullable
    String api;

    @Override
    public Integer call() {
        Terminal progress = new Terminal(System.err);
        if (api == null) {
            Connection.mustExist(data);
        }
        try (Connection connection = api != null
                ? Connection.to(api, as)
                : Connection.on(data, as, Map.of(), new Halt(), stage -> progress.status("starting " + stage + " …"))) {
            progress.status("");
            byte[] transcript = connection
                    .api()
                    .bytes("/v1/recordings/" + callId + "/transcript?format="
                            + format.name().toLowerCase(Locale.ROOT));
            if (output == null) {
                System.out.println(new String(transcript, StandardCharsets.UTF_8).stripTrailing());
            } else {
                write(output, transcript);
            }
            return 0;
        }
    }

    private static void write(Path file, byte[] transcript) {
        try {
            Files.write(file, transcript);
        } catch (IOException e) {
            throw new HansardException(
                    ErrorCode.BAD_REQUEST, file + " cannot be written: " + e + ". Give another file with --output.", e);
        }
    }
}
