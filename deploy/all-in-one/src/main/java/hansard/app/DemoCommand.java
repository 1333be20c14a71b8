package hansard.app;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.access.Access;
import hansard.access.Caller;
import hansard.access.Role;
import hansard.broker.EmbeddedBroker;
import hansard.rtp.Pcap;
import hansard.runtime.Secret;
import hansard.runtime.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A real call becomes a searchable, playable record while you watch. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Starts everything in this process and plays a bundled call (two people in Chromium, forked by Janus) as SRTP"
                    + " over UDP at real-time speed: progress and transcript appear as it is spoken.",
            "Stays up for the console until Ctrl-C."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  hansard demo                          watch, then open the console",
            "  hansard demo --once --report r.json   end when the call is sealed and searchable"
        })
final class DemoCommand implements Callable<Integer> {
    private static final String DEMO = "demo/trade-order";
    private static final String PASSWORD = "demo";
    static final String SEARCH = "\"northern energy\"";

    @Option(names = "--once", description = "End when the call is sealed and searchable.")
    boolean once;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where the recordings are kept. Default: ${DEFAULT-VALUE}",
            defaultValue = "data/demo")
    Path data = Path.of("data/demo");

    @Option(names = "--report", paramLabel = "FILE", description = "Writes the record's report (JSON).")
    @Nullable
    Path report;

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = new Terminal(System.out);
        Access access = Access.open(data.resolve("access"));
        users().forEach(user -> access.putUser(user, PASSWORD));
        long started = System.nanoTime();
        AllInOne all = AllInOne.start(
                settings(), data, false, new Halt(), stage -> terminal.status("starting " + stage + " …"));
        CountDownLatch stopped = Stopping.onSignal(all, terminal);
        Connection.awaitReady(all);
        RunningInstance instance = all.instance();
        terminal.status("");
        terminal.line(terminal.styled(Terminal.Style.BOLD, "Hansard") + " is ready after "
                + (System.nanoTime() - started) / 1_000_000 + " ms; the console is at "
                + terminal.styled(Terminal.Style.CYAN, instance.api()));
        try (ApiClient api = new ApiClient(instance.api(), Secret.of(instance.readToken()), "")) {
            String callId = play(api, terminal);
            Reports.write(report, api.text("/v1/recordings/" + callId + "/report"), terminal);
            showSearch(api, terminal);
        }
        if (once) {
            stopped.countDown();
            all.close();
            return 0;
        }
        farewell(terminal, instance);
        stopped.await();
        return 0;
    }

    private Settings settings() {
        Map<String, String> defaults = new LinkedHashMap<>();
        int usual = Stage.CONSOLE.usualPort();
        defaults.put(Stage.CONSOLE.portKey(), Integer.toString(isFree(usual) ? usual : EmbeddedBroker.freePort()));
        defaults.put(
                "console.demo-logins",
                "olivia:" + PASSWORD + ":compliance officer, sees every call;" + "alice:" + PASSWORD
                        + ":trading desk, was in the call;" + "mark:" + PASSWORD + ":marketing, was not in the call");
        return Settings.load(null, defaults, System.getenv());
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    static List<Caller> users() {
        return List.of(
                new Caller("default", "olivia", "Olivia Grant", Set.of(Role.COMPLIANCE_OFFICER), List.of()),
                new Caller("default", "alice", "Alice Morgan", Set.of(Role.KNOWLEDGE_WORKER), List.of()),
                new Caller("default", "mark", "Mark Evans", Set.of(Role.KNOWLEDGE_WORKER), List.of()));
    }

    private static String play(ApiClient api, Terminal terminal) {
        terminal.line(
                "A call begins: Alice Morgan of the trading desk and David Chen, a client. Real SRTP from a real SFU.");
        terminal.line("");
        AtomicReference<String> progress = new AtomicReference<>("");
        AtomicReference<String> speaking = new AtomicReference<>("");
        AtomicReference<@Nullable LiveTranscript> live = new AtomicReference<>();
        Runnable draw = () -> terminal.status(progress.get() + speaking.get());
        try {
            return new Replay(api, sidecar(), capture(), opening(), Map.of("Alice Morgan", "alice"), false)
                    .run(Replay.Speed.REALTIME, new Replay.Watcher() {
                        @Override
                        public void announced(String callId, List<String> warnings) {
                            live.set(new LiveTranscript(api, callId, terminal, (who, text) -> {
                                speaking.set(text.isEmpty() ? "" : "   " + who + ": " + tail(text));
                                draw.run();
                            }));
                        }

                        @Override
                        public void sent(long datagrams, long of, long callMicros) {
                            progress.set(terminal.styled(Terminal.Style.RED, "● REC ")
                                    + Terminal.clock(callMicros / 1000) + "  " + datagrams + "/" + of + " datagrams");
                            draw.run();
                        }

                        @Override
                        public void waiting(String state) {
                            progress.set("the call is " + state + " …");
                            draw.run();
                        }
                    });
        } finally {
            LiveTranscript transcript = live.get();
            if (transcript != null) {
                transcript.close();
            }
            terminal.status("");
        }
    }

    private static String tail(String text) {
        return text.length() <= 60 ? text : "…" + text.substring(text.length() - 59);
    }

    private static Map<String, String> opening() {
        Map<String, String> opening = new LinkedHashMap<>();
        opening.put("title", "Trade order, Northern Energy");
        opening.put("department", "trading");
        opening.put("client", "David Chen");
        return opening;
    }

    static Sidecar sidecar() {
        try (InputStream in = resource(DEMO + ".json")) {
            return Sidecar.read(in, "the bundled call");
        } catch (IOException e) {
            throw new IllegalStateException("the bundled call cannot be read", e);
        }
    }

    static List<Pcap.Datagram> capture() {
        try (InputStream in = resource(DEMO + ".pcap")) {
            return Pcap.read(in);
        } catch (IOException e) {
            throw new IllegalStateException("the bundled call cannot be read", e);
        }
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(DemoCommand.class.getResourceAsStream(name), name + " is not in this build");
    }

    private static void showSearch(ApiClient api, Terminal terminal) {
        terminal.line("");
        for (String user : List.of("olivia", "mark")) {
            terminal.line("$ hansard search '" + SEARCH + "' --as " + user);
            JsonNode found = api.actingAs(user).get("/v1/search?" + ApiClient.query(Map.of("q", SEARCH)));
            SearchCommand.print(found, terminal);
        }
    }

    private static void farewell(Terminal terminal, RunningInstance instance) {
        terminal.line("");
        terminal.line("Open " + terminal.styled(Terminal.Style.CYAN, instance.api()) + " and sign in (password '"
                + PASSWORD + "'):");
        terminal.line("  olivia   compliance officer, sees every call");
        terminal.line("  alice    trading desk, was in the call");
        terminal.line("  mark     marketing, was not in the call and finds nothing of it");
        terminal.line("Ctrl-C stops; the recordings stay.");
    }
}
