package hansard.transcribe;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The words that calls are about, such as names of products and places: a graph that is laid out is made to take each of them more
 * readily than its grammar says. It hears no word that the model has no pronunciation of.
 *
 * @param words in alphabetical order, each once
 * @param boost by how much, as the natural logarithm of how many times as likely; 0 to {@value #MOST}
 */
record PreferredWords(List<String> words, double boost) {
    static final PreferredWords NONE = new PreferredWords(List.of(), 0);

    private static final double MOST = 10;

    // OpenFst's ConstFst, version 2: header, states, arcs, all little-endian
    private static final int MAGIC = 2_125_659_606;
    private static final int VERSION = 2;
    private static final long STATE_BYTES = 20;
    private static final long ARC_BYTES = 16;
    private static final long ARC_WORD = 4;
    private static final long ARC_WEIGHT = 8;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    PreferredWords {
        words = List.copyOf(words);
    }

    /**
     * @param file UTF-8 text, a word or several a line; a line that begins with # is a remark
     * @throws HansardException BAD_CONFIGURATION when it cannot be read, has no words, or the boost is out of its range
     */
    static PreferredWords read(Path file, double boost) {
        if (!(boost > 0 && boost <= MOST)) {
            throw new HansardException(
                    ErrorCode.BAD_CONFIGURATION,
                    "a boost of " + boost + " is not between 0 and " + MOST + "; 2 makes a word 7 times as likely");
        }
        TreeSet<String> words = new TreeSet<>();
        try {
            for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
                if (!line.strip().startsWith("#")) {
                    Stream.of(line.strip().split("\\s+", -1))
                            .filter(word -> !word.isEmpty())
                            .forEach(words::add);
                }
            }
        } catch (CharacterCodingException e) {
            throw new HansardException(ErrorCode.BAD_CONFIGURATION, file + " is not UTF-8 text", e);
        } catch (IOException e) {
            throw new HansardException(ErrorCode.BAD_CONFIGURATION, file + " cannot be read: " + e, e);
        }
        if (words.isEmpty()) {
            throw new HansardException(ErrorCode.BAD_CONFIGURATION, file + " has no words: one or more a line");
        }
        return new PreferredWords(List.copyOf(words), boost);
    }

    /** What {@code prepared.txt} says of it. */
    String described() {
        return words.isEmpty()
                ? ""
                : String.format(Locale.ROOT, ", with preference %.2f for: %s", boost, String.join(" ", words));
    }

    /** @param table a model's words.txt @return those that the model cannot hear */
    List<String> unknown(Path table) throws IOException {
        Map<String, Integer> known = words.isEmpty() ? Map.of() : numbers(table);
        return words.stream().filter(word -> number(word, known) < 0).toList();
    }

    /**
     * Changes a graph on disk.
     *
     * @param graph {@code HCLG.fst}
     * @param table {@code words.txt}
     * @throws HansardException MODEL_MISSING when it is no graph of the form that Kaldi writes
     */
    void into(Path graph, Path table) throws IOException {
        if (words.isEmpty()) {
            return;
        }
        Map<String, Integer> known = numbers(table);
        boolean[] preferred =
                new boolean[known.values().stream().mapToInt(n -> n + 1).max().orElse(0)];
        for (String word : words) {
            int number = number(word, known);
            if (number >= 0) {
                preferred[number] = true;
            }
        }
        try (Arena arena = Arena.ofConfined();
                FileChannel file = FileChannel.open(graph, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MemorySegment fst = file.map(FileChannel.MapMode.READ_WRITE, 0, file.size(), arena);
            for (long arc = firstArc(fst, graph); arc < fst.byteSize(); arc += ARC_BYTES) {
                int word = fst.get(INT, arc + ARC_WORD);
                if (word >= 0 && word < preferred.length && preferred[word]) {
                    fst.set(FLOAT, arc + ARC_WEIGHT, (float) (fst.get(FLOAT, arc + ARC_WEIGHT) - boost));
                }
            }
            fst.force();
        }
    }

    private static long firstArc(MemorySegment fst, Path graph) {
        try {
            long at = 0;
            boolean known = fst.get(INT, at) == MAGIC;
            at += Integer.BYTES;
            for (String name : List.of("const", "standard")) {
                byte[] bytes = name.getBytes(StandardCharsets.US_ASCII);
                known = known && fst.get(INT, at) == bytes.length;
                for (int i = 0; known && i < bytes.length; i++) {
                    known = fst.get(ValueLayout.JAVA_BYTE, at + Integer.BYTES + i) == bytes[i];
                }
                at += Integer.BYTES + bytes.length;
            }
            known = known && fst.get(INT, at) == VERSION && fst.get(INT, at + 4) == 0; // no tables, no padding
            long states = fst.get(LONG, at + 24); // after version, flags, properties and the first state's number
            long arcs = fst.get(LONG, at + 32);
            long first = at + 40 + STATE_BYTES * states;
            if (known && states >= 0 && arcs >= 0 && first + ARC_BYTES * arcs == fst.byteSize()) {
                return first;
            }
        } catch (IndexOutOfBoundsException e) {
            // shorter than its header
        }
        throw new HansardException(
                ErrorCode.MODEL_MISSING,
                graph
                        + " is no graph that words can be preferred in: not of the form that Kaldi writes (const, version 2), or cut short");
    }

    private static int number(String word, Map<String, Integer> known) {
        Integer number = known.get(word);
        return number != null ? number : known.getOrDefault(word.toLowerCase(Locale.ROOT), -1);
    }

    private static Map<String, Integer> numbers(Path table) throws IOException {
        Map<String, Integer> numbers = new HashMap<>();
        List<String> odd = new ArrayList<>();
        try (Stream<String> lines = Files.lines(table)) {
            lines.forEach(line -> {
                int gap = line.lastIndexOf(line.indexOf('\t') >= 0 ? '\t' : ' ');
                try {
                    numbers.put(line.substring(0, Math.max(gap, 0)), Integer.parseInt(line.substring(gap + 1)));
                } catch (NumberFormatException e) {
                    odd.add(line);
                }
            });
        }
        if (!odd.isEmpty()) {
            throw new HansardException(
                    ErrorCode.MODEL_MISSING,
                    table + " is no table of words: " + odd.size() + " lines have no number, such as "
                            + odd.getFirst()
                                    .substring(0, Math.min(60, odd.getFirst().length())));
        }
        return numbers;
    }
}
