package hansard.testkit;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks for byte strings in files of any size: as they are, in hex of either case, and in base64 of either alphabet wherever in the
 * text they begin. What is found is told by its name, never by its value. Not thread-safe while secrets are added.
 */
public final class SecretSearch {
    private static final int CHUNK = 1 << 20;
    private static final int SHORTEST = 8; // anything shorter is found by chance
    private static final int FILTER_BITS = 22;

    private final Map<Integer, List<Pattern>> byBeginning = new HashMap<>();
    private final BitSet filter = new BitSet(1 << FILTER_BITS);
    private final Set<String> known = new HashSet<>();
    private int longest = SHORTEST;

    private record Pattern(String name, String form, byte[] bytes) {}

    /**
     * Where something was found.
     *
     * @param form {@code bytes}, {@code hex}, {@code base64} or {@code text}
     */
    public record Hit(String name, String form, String where, long offset) {}

    /** @param secret 8 bytes or more */
    public SecretSearch add(String name, byte[] secret) {
        pattern(name, "bytes", secret);
        String hex = HexFormat.of().formatHex(secret);
        pattern(name, "hex", ascii(hex));
        pattern(name, "hex", ascii(hex.toUpperCase(java.util.Locale.ROOT)));
        for (int before = 0; before < 3; before++) {
            String middle = base64Middle(secret, before);
            pattern(name, "base64", ascii(middle));
            pattern(name, "base64", ascii(middle.replace('+', '-').replace('/', '_')));
        }
        return this;
    }

    public SecretSearch add(String prefix, Map<String, byte[]> secrets) {
        secrets.forEach((name, secret) -> add(prefix + name, secret));
        return this;
    }

    /** Text as UTF-8, which is also how a heap holds it while it is Latin. */
    public SecretSearch addText(String name, String text) {
        pattern(name, "text", text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** The base64 digits that the secret alone decides, when so many bytes come before it. */
    private static String base64Middle(byte[] secret, int before) {
        byte[] shifted = new byte[before + secret.length];
        System.arraycopy(secret, 0, shifted, before, secret.length);
        String text = Base64.getEncoder().withoutPadding().encodeToString(shifted);
        int first = (before * 8 + 5) / 6;
        int last = shifted.length * 8 / 6;
        return text.substring(first, last);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private void pattern(String name, String form, byte[] bytes) {
        if (bytes.length < SHORTEST) {
            throw new IllegalArgumentException(name + " has " + bytes.length + " bytes: too short to look for");
        }
        if (!known.add(name + form + Arrays.hashCode(bytes))) {
            return; // digits only: both cases, or both alphabets, are the same
        }
        int beginning = beginning(bytes, 0);
        byBeginning.computeIfAbsent(beginning, b -> new ArrayList<>()).add(new Pattern(name, form, bytes.clone()));
        filter.set(slot(beginning));
        longest = Math.max(longest, bytes.length);
    }

    private static int beginning(byte[] b, int at) {
        return b[at] << 24 | (b[at + 1] & 0xff) << 16 | (b[at + 2] & 0xff) << 8 | b[at + 3] & 0xff;
    }

    private static int slot(int beginning) {
        return beginning * 0x9e3779b1 >>> 32 - FILTER_BITS;
    }

    public List<Hit> in(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return in(file.toString(), in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public List<Hit> in(String where, byte[] bytes) {
        try {
            return in(where, new ByteArrayInputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads to the end, with a few megabytes of memory however long it is. */
    public List<Hit> in(String where, InputStream in) throws IOException {
        List<Hit> hits = new ArrayList<>();
        byte[] buffer = new byte[CHUNK + longest];
        long offset = 0; // of the buffer's first byte
        int filled = 0;
        boolean ended = false;
        while (!ended) {
            int read = in.readNBytes(buffer, filled, buffer.length - filled);
            ended = read < buffer.length - filled;
            filled += read;
            // what begins in the last bytes may go on in the next chunk, and is looked at with it
            int until = ended ? filled - SHORTEST + 1 : filled - longest + 1;
            for (int at = 0; at < until; at++) {
                int beginning = beginning(buffer, at);
                if (filter.get(slot(beginning))) {
                    compare(where, beginning, buffer, at, filled, offset, hits);
                }
            }
            if (!ended) {
                System.arraycopy(buffer, until, buffer, 0, filled - until);
                offset += until;
                filled -= until;
            }
        }
        return hits;
    }

    private void compare(String where, int beginning, byte[] buffer, int at, int filled, long offset, List<Hit> hits) {
        for (Pattern p : byBeginning.getOrDefault(beginning, List.of())) {
            int end = at + p.bytes.length;
            if (end <= filled && Arrays.equals(buffer, at, end, p.bytes, 0, p.bytes.length)) {
                hits.add(new Hit(p.name, p.form, where, offset + at));
            }
        }
    }
}
