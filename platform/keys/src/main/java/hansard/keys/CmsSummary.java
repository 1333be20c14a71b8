package hansard.keys;

import hansard.wire.Octets;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a sealed message tells to anybody who holds it.
 *
 * @param container {@code EnvelopedData} or {@code AuthEnvelopedData}
 * @param recipients by issuer and serial number or key identifier
 */
public record CmsSummary(String container, String cipher, int bytes, List<String> recipients) {
    /** @throws hansard.runtime.HansardException MALFORMED when it is nothing that a worker would open */
    public static CmsSummary of(byte[] der) {
        return SessionKeyOpener.summary(Octets.of(der));
    }

    public static boolean looksLikePem(byte[] content) {
        return new String(content, 0, Math.min(content.length, 64), StandardCharsets.US_ASCII).contains("-----BEGIN ");
    }

    public Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("container", container);
        facts.put("cipher", cipher);
        facts.put("bytes", bytes);
        facts.put("recipients", recipients);
        return facts;
    }
}
