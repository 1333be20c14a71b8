package hansard.app;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds what was said. */
@Command(
        name = "search",
        mixinStandardHelpOptions = true,
        description =
                "Finds utterances. Words must all occur; \"quotes\" make a phrase, word~ is fuzzy, wor* a beginning,"
                        + " -word excludes.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  hansard search '\"northern energy\"'",
            "  hansard search 'limit thirty' --speaker 'David Chen' --json --data data/demo",
            "  hansard search order --as alice --api http://127.0.0.1:7080"
        })
final class SearchCommand implements Callable<Integer> {
    @Parameters(paramLabel = "QUERY", description = "What was said.")
    String query = "";

    @Option(
            names = "--as",
            paramLabel = "USER",
            defaultValue = "",
            description =
                    "Search as this user may. Default: the owner of the service, who sees every call. The audit names both.")
    String as = "";

    @Option(names = "--speaker", description = "Only what this person said.")
    @Nullable
    String speaker;

    @Option(names = "--department", description = "Only calls of this department.")
    @Nullable
    String department;

    @Option(names = "--client", description = "Only conversations of this client.")
    @Nullable
    String client;

    @Option(names = "--from", paramLabel = "YYYY-MM-DD", description = "Not before this day.")
    @Nullable
    String from;

    @Option(names = "--to", paramLabel = "YYYY-MM-DD", description = "Not after this day.")
    @Nullable
    String to;

    @Option(names = "--limit", defaultValue = "20", description = "At most this many hits. Default: ${DEFAULT-VALUE}")
    int limit;

    @Option(names = "--json", description = "The API's answer, for scripts.")
    boolean json;

    @Option(names = "--data", paramLabel = "DIR", description = "Search the recordings kept here. Default: ./data")
    Path data = Path.of("data");

    @Option(names = "--api", paramLabel = "URL", description = "Search a running instance.")
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
            JsonNode found = search(connection.api());
            if (json) {
                System.out.println(found.toPrettyString());
            } else {
                print(found, new Terminal(System.out));
            }
            return 0;
        }
    }

    private JsonNode search(ApiClient client) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("q", query);
        put(parameters, "speaker", speaker);
        put(parameters, "department", department);
        put(parameters, "client", this.client);
        put(parameters, "from", from);
        put(parameters, "to", to);
        parameters.put("limit", Integer.toString(limit));
        return client.get("/v1/search?" + ApiClient.query(parameters));
    }

    private static void put(Map<String, String> parameters, String name, @Nullable String value) {
        if (value != null) {
            parameters.put(name, value);
        }
    }

    static void print(JsonNode found, Terminal terminal) {
        long total = found.path("total").asLong();
        terminal.line(total == 0 ? "nothing found" : total == 1 ? "1 hit" : total + " hits");
        for (JsonNode hit : found.path("hits")) {
            String snippet = hit.path("snippet").asText(hit.path("text").asText());
            terminal.line("  "
                    + terminal.styled(
                            Terminal.Style.DIM, hit.path("startedAt").asText().replaceAll("T.*", "")) + "  "
                    + terminal.styled(Terminal.Style.BOLD, hit.path("title").asText()) + "  "
                    + Terminal.clock(hit.path("startMs").asLong()) + "  "
                    + terminal.styled(
                            Terminal.Style.CYAN, hit.path("participant").asText()) + "  "
                    + marked(snippet, terminal));
        }
    }

    /** The API's snippet is HTML with the matches in mark elements. */
    private static String marked(String snippet, Terminal terminal) {
        String plain = snippet.replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&#x27;", "'")
                .replace("&amp;", "&");
        StringBuilder text = new StringBuilder();
        String[] parts = plain.split("<mark>|</mark>", -1);
        for (int i = 0; i < parts.length; i++) {
            text.append(i % 2 == 1 ? terminal.styled(Terminal.Style.YELLOW, parts[i]) : parts[i]);
        }
        return text.toString();
    }
}
