package hansard.app;

import com.fasterxml.jackson.core.JsonProcessingException;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where a running instance listens, so that {@code hansard search} finds it: {@code run/instance.json} in its data directory, and
 * a copy in the user's {@code ~/.hansard/instances/}, by which {@code --api URL} finds the token.
 *
 * @param pid its process
 * @param api the front door's URL
 * @param urls every stage's URL: each stands for the front door
 * @param token the file with the local token, readable by its owner only
 */
record RunningInstance(long pid, String api, List<String> urls, String token) {
    RunningInstance {
        urls = List.copyOf(urls);
    }

    private static Path noteIn(Path data) {
        return data.resolve("run").resolve("instance.json");
    }

    private static Path home() {
        String given = System.getenv("HANSARD_HOME");
        return given == null ? Path.of(System.getProperty("user.home"), ".hansard") : Path.of(given);
    }

    private Path noteOfUser() {
        return home().resolve("instances").resolve(pid + ".json");
    }

    void write(Path data) {
        write(noteIn(data), this);
        write(noteOfUser(), this);
    }

    void remove(Path data) {
        try {
            Files.deleteIfExists(noteIn(data));
            Files.deleteIfExists(noteOfUser());
        } catch (IOException e) {
            throw new HansardException(ErrorCode.DATA_DIRECTORY, "cannot remove the note of the running instance", e);
        }
    }

    private static void write(Path file, RunningInstance note) {
        try {
            Files.createDirectories(file.getParent());
            Path temporary = file.resolveSibling(file.getFileName() + ".new");
            Files.write(temporary, Json.bytes(note));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new HansardException(ErrorCode.DATA_DIRECTORY, "cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    /** The instance that runs on a data directory now. */
    static Optional<RunningInstance> on(Path data) {
        return read(noteIn(data)).filter(RunningInstance::lives);
    }

    /** The instance of this user that listens at a URL, its front door's or a stage's. */
    static Optional<RunningInstance> at(String url) {
        String wanted = url.replaceAll("/+$", "").replace("//localhost:", "//127.0.0.1:");
        Path folder = home().resolve("instances");
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> notes = Files.list(folder)) {
            return notes.filter(n -> n.toString().endsWith(".json"))
                    .flatMap(n -> read(n).stream())
                    .filter(RunningInstance::lives)
                    .filter(i -> i.api.equals(wanted) || i.urls.contains(wanted))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    static String describe(Path data) {
        return read(noteIn(data))
                .map(i -> " (process " + i.pid + ", " + i.api + ")")
                .orElse("");
    }

    private static Optional<RunningInstance> read(Path file) {
        try {
            return Optional.of(Json.mapper().readValue(Files.readAllBytes(file), RunningInstance.class));
        } catch (JsonProcessingException e) {
            return Optional.empty(); // half-written by a crash: as good as none
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private boolean lives() {
        return ProcessHandle.of(pid).isPresent();
    }

    String readToken() {
        try {
            return Files.readString(Path.of(token)).strip();
        } catch (IOException e) {
            throw new HansardException(
                    ErrorCode.UNAUTHENTICATED,
                    "cannot read " + token + ": only the owner of the service may use it",
                    e);
        }
    }
}
