package hansard.access;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code users.json}, read again when it changes, so that another process's change holds at the next request. Thread-safe. */
final class Accounts {
    private static final Logger log = LoggerFactory.getLogger(Accounts.class);

    private record Content(List<Account> users) {
        Content {
            users = users == null ? List.of() : List.copyOf(users);
        }
    }

    /** What of a file changes with its content; a replaced file is another one even within the clock's grain. */
    private record Stamp(
            FileTime modified, long size, @Nullable Object fileKey) {
        static final Stamp NONE = new Stamp(FileTime.fromMillis(0), -1, null);
    }

    private record Read(Stamp stamp, SequencedMap<String, Account> byUser) {}

    private final Path directory;
    private final Path file;
    private volatile Read read;

    Accounts(Path directory) throws IOException {
        this.directory = directory;
        this.file = directory.resolve("users.json");
        this.read = read();
    }

    @Nullable
    Account find(String user) {
        return current().get(user);
    }

    List<Account> all() {
        return List.copyOf(current().values());
    }

    Path file() {
        return file;
    }

    private SequencedMap<String, Account> current() {
        Read known = read;
        try {
            if (!stamp().equals(known.stamp)) {
                known = read();
                read = known;
            }
        } catch (IOException e) {
            throw AccessFiles.failed(directory, e);
        } catch (HansardException e) {
            // a slip of an editor must not lock everybody out, nor let anybody in
            log.warn("the users stay as they were: {}", e.getMessage());
        }
        return known.byUser;
    }

    private Stamp stamp() throws IOException {
        try {
            var attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        } catch (NoSuchFileException e) {
            return Stamp.NONE;
        }
    }

    private Read read() throws IOException {
        Stamp stamp = stamp(); // before the content: a change in between is seen as one at the next look
        SequencedMap<String, Account> byUser = new LinkedHashMap<>();
        if (!stamp.equals(Stamp.NONE)) {
            for (Account account : parse(Files.readAllBytes(file)).users()) {
                if (byUser.put(account.user(), account) != null) {
                    throw bad("the user " + account.user() + " is there twice");
                }
            }
        }
        return new Read(stamp, byUser);
    }

    private Content parse(byte[] json) {
        try {
            return Json.request(json, Content.class);
        } catch (HansardException e) {
            throw bad(Objects.requireNonNullElse(e.getMessage(), "not JSON"));
        }
    }

    private HansardException bad(String why) {
        return new HansardException(
                ErrorCode.BAD_CONFIGURATION,
                file + ": " + why + ". Expected: {\"users\":[{\"tenant\",\"user\",\"displayName\",\"roles\":[],"
                        + "\"departments\":[],\"password\":{\"salt\",\"iterations\",\"hash\"}}]}");
    }

    /** Adds or replaces a user, also against other processes that do so at this moment. */
    void put(Account account) {
        try {
            AccessFiles.locked(directory.resolve("users.lock"), () -> {
                Read now = read();
                Account before = now.byUser.get(account.user());
                if (before != null && !before.tenant().equals(account.tenant())) {
                    throw new HansardException(
                            ErrorCode.CONFLICT,
                            "the user name " + account.user() + " is taken by the tenant " + before.tenant()
                                    + "; names are unique over all tenants, because people sign in with the name alone");
                }
                now.byUser.put(account.user(), account);
                List<Account> users = new ArrayList<>(now.byUser.values());
                AccessFiles.replace(
                        file, Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(Map.of("users", users)));
                read = read();
            });
        } catch (IOException e) {
            throw AccessFiles.failed(directory, e);
        }
    }
}
