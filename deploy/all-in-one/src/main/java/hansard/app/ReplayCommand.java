package hansard.app;

import hansard.rtp.Pcap;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Plays a capture into an ingest and waits for the record. */
@Command(
        name = "replay",
        mixinStandardHelpOptions = true,
        description = {
            "Plays a captured call (pcap and sidecar) into an ingest: announces it through the public API, sends its"
                    + " datagrams by UDP, waits until it is sealed and searchable.",
            "Without --api it starts an all-in-one for itself and stops it after. Exit 0 only if the call was sealed."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hansard replay --capture call.pcap --sidecar call.json --speed max --report report.json",
            "  hansard replay --capture call.pcap --sidecar call.json --api http://127.0.0.1:7080"
        })
final class ReplayCommand implements Callable<Integer> {
    @Option(names = "--capture", paramLabel = "X.pcap", required = true, description = "The datagrams, by tcpdump.")
    @Nullable
    Path capture;

    @Option(names = "--sidecar", paramLabel = "X.json", required = true, description = "Ports, codecs, keys.")
    @Nullable
    Path sidecar;

    @Option(
            names = "--speed",
            defaultValue = "realtime",
            description =
                    "${COMPLETION-CANDIDATES}: as captured, or as fast as the ingest takes it. The record is the same:"
                            + " the arrival times are the capture's. Default: ${DEFAULT-VALUE}")
    Replay.Speed speed = Replay.Speed.REALTIME;

    @Option(
            names = "--frame-keys",
            paramLabel = "WHEN",
            defaultValue = "at-once",
            converter = FrameKeysWhen.class,
            description = "When the end-to-end keys of the sidecar are released, if it has any: at-once, late (when the"
                    + " recording is sealed), never. Default: ${DEFAULT-VALUE}")
    Replay.FrameKeys frameKeys = Replay.FrameKeys.AT_ONCE;

    @Option(names = "--api", paramLabel = "URL", description = "A running instance, such as http://127.0.0.1:7080")
    @Nullable
    String api;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where the all-in-one keeps the record. Default: a temporary directory, removed after.")
    @Nullable
    Path data;

    @Option(names = "--report", paramLabel = "FILE", description = "Writes the record's report (JSON).")
    @Nullable
    Path report;

    @Option(names = "--title", description = "The call's title. Default: the sidecar's name.")
    @Nullable
    String title;

    @Option(names = "--department", defaultValue = "", description = "Whose call it is.")
    String department = "";

    @Option(names = "--client", defaultValue = "", description = "Whose conversation it is.")
    String client = "";

    @Override
    public Integer call() {
        Terminal terminal = new Terminal(System.err);
        Sidecar call;
        List<Pcap.Datagram> datagrams;
        try (InputStream json = open(sidecar);
                InputStream pcap = open(capture)) {
            call = Sidecar.read(json, String.valueOf(sidecar));
            datagrams = Pcap.read(pcap);
        } catch (IllegalArgumentException e) {
            throw new HansardException(ErrorCode.BAD_REQUEST, capture + " " + e.getMessage(), e);
        } catch (IOException e) {
            throw new HansardException(ErrorCode.BAD_REQUEST, "cannot read the capture: " + e.getMessage(), e);
        }
        Path temporary = api == null && data == null ? temporaryDirectory() : null;
        try (Connection connection = connection(temporary, terminal)) {
            String callId = new Replay(connection.api(), call, datagrams, opening(call), Map.of(), true, frameKeys)
                    .run(speed, new Progress(terminal));
            String json = connection.api().text("/v1/recordings/" + callId + "/report");
            Reports.write(report, json, terminal);
            return 0;
        } finally {
            if (temporary != null) {
                remove(temporary);
            }
        }
    }

    private Connection connection(@Nullable Path temporary, Terminal terminal) {
        if (api != null) {
            return Connection.to(api, "");
        }
        return Connection.on(
                data != null ? data : Objects.requireNonNull(temporary),
                "",
                Map.of("ingest.replay", "true"),
                new Halt(),
                stage -> terminal.status("starting " + stage + " …"));
    }

    private Map<String, String> opening(Sidecar call) {
        Map<String, String> opening = new LinkedHashMap<>();
        opening.put("title", title != null ? title : call.name());
        opening.put("department", department);
        opening.put("client", client);
        return opening;
    }

    /** {@code at-once}, {@code late}, {@code never}. */
    static final class FrameKeysWhen implements ITypeConverter<Replay.FrameKeys> {
        @Override
        public Replay.FrameKeys convert(String value) {
            for (Replay.FrameKeys when : Replay.FrameKeys.values()) {
                if (when.name().replace('_', '-').equalsIgnoreCase(value)) {
                    return when;
                }
            }
            throw new TypeConversionException("'" + value + "' is not at-once, late or never");
        }
    }

    private static InputStream open(@Nullable Path file) throws IOException {
        if (file == null || !Files.isRegularFile(file)) {
            throw new HansardException(ErrorCode.BAD_REQUEST, "there is no file " + file);
        }
        return Files.newInputStream(file);
    }

    private static Path temporaryDirectory() {
        try {
            return Files.createTempDirectory("hansard-replay");
        } catch (IOException e) {
            throw new HansardException(ErrorCode.DATA_DIRECTORY, "no temporary directory: " + e.getMessage(), e);
        }
    }

    /** A temporary directory and all that is in it. What cannot be removed is said, and nothing fails by it. */
    static void remove(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            System.err.println("hansard: " + directory + " was not removed: " + e.getMessage());
        }
    }

    /** What a person sees of a replay. */
    static final class Progress implements Replay.Watcher {
        private final Terminal terminal;

        Progress(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public void announced(String callId, List<String> warnings) {
            terminal.line("call " + callId + " announced");
            warnings.forEach(w -> terminal.line(terminal.styled(Terminal.Style.YELLOW, "warning: " + w)));
        }

        @Override
        public void sent(long datagrams, long of, long callMicros) {
            terminal.status(Terminal.clock(callMicros / 1000) + "  " + datagrams + " of " + of + " datagrams sent");
        }

        @Override
        public void waiting(String state) {
            terminal.status("the call is " + state + " …");
        }
    }
}
