package hansard.app;

import com.fasterxml.jackson.databind.JsonNode;
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

/** Writes a call's transcript to a file or the terminal; has its words made again. */
@Command(
        name = "transcript",
        description = {
            "Writes a call's transcript: who said what, when. The audit names the export.",
            "With --again, the words of a sealed recording are first made once more by another speech model. Every version is kept, and the"
                    + " newest that is whole is the one that people see and find."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hansard transcript CALL --data data/demo",
            "  hansard transcript CALL --format vtt --output call.vtt",
            "  hansard transcript CALL --format json --as alice --api http://127.0.0.1:7080",
            "  hansard transcript CALL --again vosk-en-us-large --reason 'names were wrong'",
            "  hansard transcript CALL --versions",
            "  hansard transcript CALL --version 0 --format vtt"
        })
final class TranscriptCommand implements Callable<Integer> {
    /** What the API calls them in lower case. */
    enum Format {
        VTT,
        TXT,
        JSON
    }

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    boolean help;

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
            names = "--version",
            paramLabel = "N",
            description = "This version, 0 for the first. Default: the current one.")
    @Nullable
    Integer version;

    @Option(names = "--versions", description = "List the versions that there are.")
    boolean versions;

    @Option(
            names = "--again",
            paramLabel = "MODEL",
            description = "Have the words made again by this model of transcribe's catalogue. Needs --reason.")
    @Nullable
    String again;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the audit. With --again.")
    @Nullable
    String reason;

    @Option(names = "--no-wait", description = "Do not wait for what --again orders; print its number.")
    boolean noWait;

    @Option(names = "--json", description = "With --versions, or --again --no-wait: print JSON.")
    boolean json;

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
    public Integer call() throws InterruptedException {
        if (again != null && (reason == null || reason.isBlank())) {
            throw new HansardException(
                    ErrorCode.BAD_REQUEST, "--again needs --reason: opening a sealed recording's keys is on record");
        }
        Terminal progress = new Terminal(System.err);
        if (api == null) {
            Connection.mustExist(data);
        }
        try (Connection connection = api != null
                ? Connection.to(api, as)
                : Connection.on(data, as, Map.of(), new Halt(), stage -> progress.status("starting " + stage + " …"))) {
            progress.status("");
            ApiClient client = connection.api();
            TranscriptVersions known = new TranscriptVersions(client, callId, progress);
            if (versions) {
                JsonNode all = known.all();
                System.out.println(
                        json
                                ? all.toPrettyString()
                                : new TranscriptVersions(client, callId, new Terminal(System.out)).listed(all));
                return 0;
            }
            if (again != null) {
                version = known.order(again, String.valueOf(reason));
                if (noWait) {
                    System.out.println(
                            json ? "{\"version\":" + version + "}" : "version " + version + " is being made");
                    return 0;
                }
                known.await(version);
            }
            write(client.bytes("/v1/recordings/" + callId + "/transcript?format="
                    + format.name().toLowerCase(Locale.ROOT)
                    + (version == null ? "" : "&version=" + version)));
            return 0;
        }
    }

    private void write(byte[] transcript) {
        if (output == null) {
            System.out.println(new String(transcript, StandardCharsets.UTF_8).stripTrailing());
        } else {
            write(output, transcript);
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
