package hansard.transcribe;

import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The process that lays a model's graph out ({@link PreparedModel}): native code in it may end it. Arguments: the model's
 * {@code graph} directory, and the one that {@code HCLG.fst} and, if the graph has them, {@code words.txt} are written to. Ends with 0 when
 * they are written; what went wrong is on its standard error.
 */
final class GraphMain {
    private GraphMain() {}

    public static void main(String[] arguments) throws IOException {
        int status;
        try {
            layOut(Path.of(arguments[0]), Path.of(arguments[1]));
            status = 0;
        } catch (UnsatisfiedLinkError | IllegalStateException e) {
            System.err.println(e.getMessage());
            status = 1;
        }
        Runtime.getRuntime().halt(status); // nothing is unloaded: the library's own end frees some of it twice
    }

    private static void layOut(Path from, Path to) throws IOException {
        OpenFst fst = new OpenFst();
        Pointer sounds = read(fst, from.resolve(PreparedModel.SOUNDS));
        Pointer words = read(fst, from.resolve(PreparedModel.WORDS));
        int[] disambiguation = Files.readAllLines(from.resolve(PreparedModel.DISAMBIGUATION)).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .mapToInt(Integer::parseInt)
                .toArray();
        Pointer whole = fst.whole(fst.composed(sounds, words, disambiguation));
        // OpenFst cannot read a table again that has a gap in its numbers, which the small English model's has; the
        // text can have one
        fst.takeWords(whole, to.resolve(PreparedModel.TABLE).toString());
        fst.write(whole, to.resolve(PreparedModel.GRAPH).toString());
    }

    private static Pointer read(OpenFst fst, Path file) {
        @Nullable Pointer graph = fst.read(file.toString());
        if (graph == null) {
            throw new IllegalStateException(file + " cannot be read");
        }
        return graph;
    }
}
