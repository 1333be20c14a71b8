package hansard.retention;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of the ledger:
 *
 * <pre>
 * {"n":7,"partition":0,"offset":41,"event":{…},"previous":"64 hex digits","hash":"64 hex digits"}
 * </pre>
 *
 * {@code hash} is SHA-256 over the 32 bytes of {@code previous} followed by the bytes of {@code event} exactly as they stand in
 * the line, which are the bytes of the record. The first line's {@code previous} is 32 zero bytes. A record that cannot stand
 * in a line (not a JSON object, or with a line break) is kept as {@code {"notAnEvent":"base64"}}.
 *
 * @param n 0 for the first
 * @param event the bytes between {@code "event":} and {@code ,"previous"}, as text
 */
record LedgerLine(long n, int partition, long offset, String event, String previous, String hash) {
    static final String GENESIS = "0".repeat(64);

    private static final Pattern SHAPE = Pattern.compile(
            "\\{\"n\":(\\d{1,18}),\"partition\":(\\d{1,9}),\"offset\":(\\d{1,18}),"
                    + "\"event\":(\\{.*\\}),\"previous\":\"([0-9a-f]{64})\",\"hash\":\"([0-9a-f]{64})\"\\}",
            // a text in an event may have what Unicode calls a line separator; lines of the file end with a line feed
            // only
            Pattern.DOTALL);

    static LedgerLine following(long n, String previous, int partition, long offset, byte[] event) {
        String text = asText(event);
        return new LedgerLine(n, partition, offset, text, previous, hash(previous, text));
    }

    /** @throws HansardException MALFORMED when it is not a line of a ledger */
    static LedgerLine parse(String line) {
        Matcher m = SHAPE.matcher(line);
        if (!m.matches()) {
            throw new HansardException(
                    ErrorCode.MALFORMED, "a line of " + line.length() + " characters is not a line of the ledger");
        }
        return new LedgerLine(
                Long.parseLong(m.group(1)),
                Integer.parseInt(m.group(2)),
                Long.parseLong(m.group(3)),
                m.group(4),
                m.group(5),
                m.group(6));
    }

    /** Whether its hash is that of its content. */
    boolean isIntact() {
        return hash.equals(hash(previous, event));
    }

    String text() {
        return "{\"n\":" + n + ",\"partition\":" + partition + ",\"offset\":" + offset + ",\"event\":" + event
                + ",\"previous\":\"" + previous + "\",\"hash\":\"" + hash + "\"}";
    }

    private static String asText(byte[] event) {
        String text = new String(event, StandardCharsets.UTF_8);
        boolean isExact = java.util.Arrays.equals(text.getBytes(StandardCharsets.UTF_8), event);
        if (isExact
                && text.startsWith("{")
                && text.endsWith("}")
                && text.indexOf('\n') < 0
                && text.indexOf('\r') < 0
                && isJson(event)) {
            return text;
        }
        return "{\"notAnEvent\":\"" + Base64.getEncoder().encodeToString(event) + "\"}";
    }

    private static boolean isJson(byte[] event) {
        try {
            hansard.wire.AuditEvent.fromBytes(event);
            return true;
        } catch (HansardException e) {
            return false;
        }
    }

    private static String hash(String previous, String event) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            sha.update(HexFormat.of().parseHex(previous));
            sha.update(event.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(sha.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
