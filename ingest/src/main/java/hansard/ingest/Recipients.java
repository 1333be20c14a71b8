package hansard.ingest;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The workers' certificates, as the vault writes them. Public; read anew each time, because workers come and go. */
final class Recipients {
    private static final int MAX_BYTES = 256 << 10;

    private final @Nullable Path file;

    Recipients(@Nullable Path file) {
        this.file = file;
    }

    String pem() {
        if (file == null) {
            throw new HansardException(
                    ErrorCode.NOT_FOUND,
                    "this ingest does not know the workers' certificates: set ingest.recipients to the vault's recipients.pem");
        }
        String pem = read(file);
        if (pem.contains("PRIVATE KEY") || !pem.contains("-----BEGIN CERTIFICATE-----")) {
            throw new HansardException(
                    ErrorCode.BAD_CONFIGURATION,
                    "ingest.recipients, " + file
                            + ", must hold certificates in PEM and nothing else: it is given to connectors");
        }
        return pem;
    }

    private static String read(Path file) {
        try (var in = Files.newInputStream(file)) {
            return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
        } catch (NoSuchFileException e) {
            throw new HansardException(
                    ErrorCode.VAULT_UNAVAILABLE,
                    "no certificates at " + file + " yet: the vault writes them when it is first opened",
                    e);
        } catch (IOException e) {
            throw new HansardException(
                    ErrorCode.BAD_CONFIGURATION,
                    "ingest.recipients, " + file + ", cannot be read: " + e.getMessage(),
                    e);
        }
    }
}
