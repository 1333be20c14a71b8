package hansard.keys;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The receiving end of AWS Signature Version 4 ("Create a signed AWS API request" in the IAM user guide), for one user. */
record SignatureV4(String accessKeyId, String secret, String region) {
    private static final Pattern AUTHORIZATION = Pattern.compile(
            "AWS4-HMAC-SHA256 Credential=([^/]+)/([0-9]{8})/([^/]+)/kms/aws4_request, SignedHeaders=([a-z0-9;-]+),"
                    + " Signature=([0-9a-f]{64})");

    /** The service's name for what is wrong; empty when the request is this user's, unaltered, for this region. */
    String error(HttpExchange exchange, byte[] body) throws GeneralSecurityException {
        Headers headers = exchange.getRequestHeaders();
        Matcher given = AUTHORIZATION.matcher(String.valueOf(headers.getFirst("Authorization")));
        if (!given.matches()) {
            return "MissingAuthenticationTokenException";
        }
        if (!given.group(1).equals(accessKeyId)) {
            return "UnrecognizedClientException";
        }
        StringBuilder canonical = new StringBuilder(exchange.getRequestMethod())
                .append('\n')
                .append(exchange.getRequestURI().getRawPath())
                .append("\n\n");
        for (String name : given.group(4).split(";")) {
            canonical
                    .append(name)
                    .append(':')
                    .append(String.join(",", headers.get(name)).strip())
                    .append('\n');
        }
        canonical.append('\n').append(given.group(4)).append('\n').append(sha256(body));
        String scope = given.group(2) + "/" + given.group(3) + "/kms/aws4_request";
        String toSign = "AWS4-HMAC-SHA256\n" + headers.getFirst("X-Amz-Date") + "\n" + scope + "\n"
                + sha256(canonical.toString().getBytes(StandardCharsets.UTF_8));
        byte[] key = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
        for (String part : scope.split("/")) {
            key = hmac(key, part);
        }
        boolean whole = HexFormat.of().formatHex(hmac(key, toSign)).equals(given.group(5));
        boolean signsWhatMatters =
                given.group(4).contains("host") && given.group(4).contains("x-amz-target");
        return whole && signsWhatMatters && given.group(3).equals(region) ? "" : "InvalidSignatureException";
    }

    private static String sha256(byte[] bytes) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }
}
