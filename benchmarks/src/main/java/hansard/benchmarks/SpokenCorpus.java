package hansard.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import hansard.testkit.WordErrorRate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A folder of speech whose words are known. A call has {@code reference.json}: {@code participants} with {@code id}, {@code turns} with
 * {@code participant} and {@code words}, in order, and a sound file per participant, {@code ID.flac} or {@code ID.wav}. Clips have {@code refs.tsv}
 * with the columns {@code id} and {@code transcript}, and a sound file per line.
 */
public final class SpokenCorpus {
    private SpokenCorpus() {}

    /**
     * {@code list FOLDER} prints per track, by tabs, its name, its file and its words; {@code score LIST TRANSCRIPT} how far a transcript
     * is from such a list, in per cent, errors and words.
     */
    public static void main(String[] arguments) throws IOException {
        if (arguments[0].equals("list")) {
            Path folder = Path.of(arguments[1]);
            Map<String, String> words = Files.exists(folder.resolve("refs.tsv")) ? clips(folder) : call(folder);
            for (Map.Entry<String, String> track : words.entrySet()) {
                System.out.println(track.getKey() + "\t" + file(folder, track.getKey()) + "\t" + track.getValue());
            }
        } else {
            System.out.println(score(Path.of(arguments[1]), Path.of(arguments[2])));
        }
    }

    private static Map<String, String> clips(Path folder) throws IOException {
        List<String> lines = Files.readAllLines(folder.resolve("refs.tsv"));
        List<String> head = List.of(lines.getFirst().split("\t"));
        Map<String, String> words = new LinkedHashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split("\t");
            words.put(cells[head.indexOf("id")], cells[head.indexOf("transcript")]);
        }
        return words;
    }

    private static Map<String, String> call(Path folder) throws IOException {
        JsonNode call =
                new ObjectMapper().readTree(folder.resolve("reference.json").toFile());
        Map<String, String> words = new LinkedHashMap<>();
        call.path("participants").forEach(p -> words.put(p.path("id").asText(), ""));
        for (JsonNode turn : call.path("turns")) {
            for (JsonNode word : turn.path("words")) {
                words.merge(turn.path("participant").asText(), " " + word.asText(), String::concat);
            }
        }
        return words;
    }

    private static Path file(Path folder, String name) throws IOException {
        for (String ending : List.of(".flac", ".wav")) {
            if (Files.exists(folder.resolve(name + ending))) {
                return folder.resolve(name + ending);
            }
        }
        throw new IOException("no " + name + ".flac and no " + name + ".wav in " + folder);
    }

    private static WordErrorRate score(Path list, Path transcript) throws IOException {
        Map<String, String> heard = Files.readAllLines(transcript).stream()
                .map(line -> line.split("\t", 2))
                .collect(Collectors.toMap(
                        cells -> Path.of(cells[0]).getFileName().toString(), cells -> cells[1]));
        WordErrorRate sum = WordErrorRate.NONE;
        for (String line : Files.readAllLines(list)) {
            String[] cells = line.split("\t", 3);
            String words = heard.get(cells[0]);
            if (words == null) {
                throw new IOException(transcript + " has no track " + cells[0]);
            }
            sum = sum.plus(WordErrorRate.of(cells[2], words));
        }
        return sum;
    }
}
