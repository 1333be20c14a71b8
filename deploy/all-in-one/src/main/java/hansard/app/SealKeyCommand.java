package hansard.app;

import hansard.keys.KeySealer;
import hansard.keys.WorkerKeys;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a connector does, by hand. */
@Command(
        name = "seal",
        mixinStandardHelpOptions = true,
        description = "Seals a session key (SRTP master key, then salt, as bytes) to every certificate of a PEM file.",
        footerHeading = "%nExample:%n",
        footer = "  hansard keys seal --to recipients.pem --in key.bin --out key.cms")
final class SealKeyCommand implements Callable<Integer> {
    @Option(names = "--to", required = true, paramLabel = "PEM")
    Path to = Path.of("");

    @Option(names = "--in", paramLabel = "FILE", description = "Default: standard input.")
    @Nullable
    Path in;

    @Option(names = "--out", required = true, paramLabel = "FILE", description = "CMS in DER.")
    Path out = Path.of("");

    @Option(names = "--json")
    boolean json;

    @Override
    public Integer call() {
        byte[] key = KeysCommand.read(in);
        try {
            List<X509Certificate> recipients = WorkerKeys.certificates(to);
            Files.write(out, KeySealer.seal(key, recipients).array());
            Map<String, Object> facts = new LinkedHashMap<>();
            facts.put("sealed", out.toString());
            facts.put("keyBytes", key.length);
            facts.put(
                    "recipients",
                    recipients.stream()
                            .map(c -> c.getSerialNumber().toString(16))
                            .toList());
            return KeysCommand.show(facts, json);
        } catch (IOException e) {
            throw new HansardException(ErrorCode.BAD_REQUEST, out + " cannot be written: " + e, e);
        } finally {
            Arrays.fill(key, (byte) 0);
        }
    }
}
