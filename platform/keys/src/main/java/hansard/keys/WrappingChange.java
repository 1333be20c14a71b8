package hansard.keys;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a vault comes by a new wrapping key and is rid of the old ones: {@link #rotate} wraps every track key again, {@link #retire}
 * drops what wrapped them before. In between, both open.
 *
 * <p>{@code rotated} in the vault's directory says when every track key had been wrapped again. It is gone while that goes on, so a
 * rotation that was broken off retires nothing.
 */
final class WrappingChange {
    private static final String ROTATED = "rotated";

    private static final byte[] PROBE = "hansard retirement".getBytes(StandardCharsets.US_ASCII);

    private final Path mark;
    private final Path lock;
    private final KeyKeeper keeper;
    private final TrackKeys trackKeys;

    WrappingChange(Path vault, KeyKeeper keeper) {
        this.mark = vault.resolve(ROTATED);
        this.lock = TrackKeys.lock(vault);
        this.keeper = keeper;
        this.trackKeys = new TrackKeys(vault, keeper);
    }

    /** Makes a new wrapping key and wraps every track key with it, while calls go on. */
    Rotation rotate(InstantSource clock) throws IOException {
        OwnerFiles.locked(lock, () -> {
            Files.deleteIfExists(mark);
            keeper.rotate();
            return keeper;
        });
        int done = 0;
        for (Path file : trackKeys.files()) {
            done += trackKeys.rewrap(file) ? 1 : 0;
        }
        String now = clock.instant().toString();
        String wrapping = OwnerFiles.locked(lock, () -> {
            OwnerFiles.write(mark, now.getBytes(StandardCharsets.US_ASCII));
            return wrapping();
        });
        return new Rotation(wrapping, done);
    }

    /**
     * Drops the old wrapping keys, when every track key has been read and is wrapped by the newest. Nobody else wraps meanwhile:
     * whoever does holds the same lock.
     *
     * @param age how long ago the rotation must have ended
     * @param announce told which is kept, before anything is dropped
     * @throws HansardException CONFLICT when it is too early, NOT_AUTHENTIC when a track key does not open
     */
    Retirement retire(Duration age, InstantSource clock, Consumer<String> announce) throws IOException {
        return OwnerFiles.locked(lock, () -> {
            requireRotated(age, clock.instant());
            String newest = wrapping();
            wrapStragglers(newest);
            announce.accept(newest);
            return keeper.retireBefore(newest);
        });
    }

    /** The keeper's name for what wraps now: it is asked, since some of them change it on their side. */
    private String wrapping() throws IOException, GeneralSecurityException {
        return keeper.wrappingKeyOf(keeper.wrap(AesGcm.randomBytes(AesGcm.KEY_BYTES), PROBE));
    }

    private void requireRotated(Duration age, Instant now) throws IOException {
        Instant rotated = rotated();
        if (rotated == null) {
            throw new HansardException(
                    ErrorCode.CONFLICT,
                    "no rotation of the vault in " + mark.resolveSibling("")
                            + " has been completed, so its old wrapping"
                            + " keys are needed: run 'hansard keys rotate' first, to its end");
        }
        if (now.isBefore(rotated.plus(age))) {
            throw new HansardException(
                    ErrorCode.CONFLICT,
                    "the rotation ended at " + rotated + ", less than " + age
                            + " ago: another process may be using a key"
                            + " from before. Try again after " + rotated.plus(age)
                            + ", or give a shorter --min-age when no other process uses the vault.");
        }
    }

    private @Nullable Instant rotated() throws IOException {
        try {
            return Instant.parse(Files.readString(mark, StandardCharsets.US_ASCII));
        } catch (NoSuchFileException e) {
            return null;
        } catch (DateTimeParseException e) {
            throw new IOException(mark + " holds no time", e);
        }
    }

    /** What was made since the rotation by a process that had not seen the new key yet. */
    private void wrapStragglers(String newest) throws IOException {
        for (Path file : trackKeys.files()) {
            Optional<String> wrapping = trackKeys.wrappingKeyOf(file);
            if (wrapping.isPresent() && !wrapping.get().equals(newest)) {
                trackKeys.rewrapLocked(file);
            }
        }
    }
}
