package hansard.keys;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.AEADBadTagException;

/**
 * Keys in a service with the HTTP API of HashiCorp Vault's transit engine: an RSA key is the worker's identity, an AES key wraps.
 * Neither leaves the service. What it wraps is its own text, {@code vault:vN:BASE64}, bound to the context as associated data.
 *
 * <p>The token is read from its file for each request, so that an agent may renew it there.
 */
final class TransitKeys implements KeyKeeper {
    /** Answers to our small questions are smaller than this. */
    private static final int MAX_ANSWER_BYTES = 64 * 1024;

    private static final Pattern VERSION = Pattern.compile("vault:v([1-9][0-9]{0,8}):");

    private final KeyKeeperConfig.Transit config;
    private final X509Certificate certificate;
    private final HttpClient http;

    private TransitKeys(KeyKeeperConfig.Transit config, X509Certificate certificate) {
        this.config = config;
        this.certificate = certificate;
        this.http = HttpClient.newBuilder()
                .connectTimeout(config.timeout())
                .followRedirects(HttpClient.Redirect.NEVER) // the token goes to the address in the settings only
                .build();
    }

    static TransitKeys open(KeyKeeperConfig.Transit config) throws IOException {
        try {
            return new TransitKeys(config, Pem.certificate(config.identityCertificate()));
        } catch (GeneralSecurityException e) {
            throw new IOException(config.identityCertificate() + " holds no certificate in PEM", e);
        }
    }

    @Override
    public List<WorkerIdentity> identities() {
        return List.of(new WorkerIdentity(certificate, new TransitIdentity()));
    }

    @Override
    public byte[] wrap(byte[] key, byte[] context) throws IOException {
        Answer answer = post(
                "encrypt/" + config.wrappingKey(),
                Map.of("plaintext", base64(key), "associated_data", base64(context)));
        return answer.required("ciphertext").getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public byte[] unwrap(byte[] wrapped, byte[] context) throws IOException, AEADBadTagException {
        Answer answer = post(
                "decrypt/" + config.wrappingKey(),
                Map.of(
                        "ciphertext",
                        new String(wrapped, StandardCharsets.US_ASCII),
                        "associated_data",
                        base64(context)));
        if (answer.isBadRequest()) {
            throw new AEADBadTagException("the service refuses it: " + answer.status());
        }
        return bytes(answer.required("plaintext"));
    }

    @Override
    public void rotate() throws IOException {
        Answer answer = post("keys/" + config.wrappingKey() + "/rotate", Map.of());
        if (answer.isBadRequest()) {
            throw new IOException("the service does not rotate " + config.wrappingKey());
        }
    }

    /** The {@code vN} of {@code vault:vN:BASE64}. */
    @Override
    public String wrappingKeyOf(byte[] wrapped) throws AEADBadTagException {
        Matcher version = VERSION.matcher(new String(wrapped, StandardCharsets.US_ASCII));
        if (!version.lookingAt()) {
            throw new AEADBadTagException(wrapped.length + " bytes are not the service's text");
        }
        return "v" + version.group(1);
    }

    /**
     * Refuses the old versions and then deletes them. Raising {@code min_decryption_version} alone could be taken back by whoever may
     * set it; {@code trim} cannot, and takes only what neither minimum needs.
     */
    @Override
    public Retirement retireBefore(String wrappingKey) throws IOException {
        String key = "keys/" + config.wrappingKey();
        int kept = Integer.parseInt(wrappingKey.substring(1));
        List<String> old = get(key).data()
                .path("data")
                .path("keys")
                .propertyStream()
                .map(Map.Entry::getKey)
                .filter(version -> version.matches("[0-9]{1,9}") && Integer.parseInt(version) < kept)
                .sorted(Comparator.comparingInt(Integer::parseInt))
                .map(version -> "v" + version)
                .toList();
        if (!old.isEmpty()) {
            done(post(key + "/config", Map.of("min_decryption_version", kept, "min_encryption_version", kept)));
            done(post(key + "/trim", Map.of("min_available_version", kept)));
        }
        return new Retirement(wrappingKey, old, "");
    }

    private void done(Answer answer) throws IOException {
        if (answer.isBadRequest()) {
            throw new IOException("the service does not drop old versions of " + config.wrappingKey());
        }
    }

    private final class TransitIdentity implements IdentityKey {
        @Override
        public byte[] decryptOaep(byte[] encrypted) throws GeneralSecurityException {
            try {
                // the engine's RSA keys decrypt with OAEP and SHA-256 unless told otherwise
                Answer answer =
                        post("decrypt/" + config.identityKey(), Map.of("ciphertext", "vault:v1:" + base64(encrypted)));
                if (answer.isBadRequest()) {
                    throw new GeneralSecurityException("the service refuses it: " + answer.status());
                }
                return bytes(answer.required("plaintext"));
            } catch (IOException e) {
                throw new HansardException(ErrorCode.VAULT_UNAVAILABLE, String.valueOf(e.getMessage()), e);
            }
        }

        @Override
        public byte[] agree(ECPublicKey ephemeral) throws GeneralSecurityException {
            throw new GeneralSecurityException("the transit engine has no key agreement; its identity is an RSA key");
        }

        @Override
        public String toString() {
            return "TransitIdentity";
        }
    }

    /** @param data empty when the service said no to what was asked */
    private record Answer(int status, JsonNode data) {
        /** The service understood and refuses these bytes: it will also tomorrow. */
        boolean isBadRequest() {
            return status == 400;
        }

        String required(String field) throws IOException {
            JsonNode value = data.path("data").path(field);
            if (!value.isTextual()) {
                throw new IOException("the service answers " + status + " without " + field);
            }
            return value.asText();
        }

        @Override
        public String toString() {
            return "Answer[" + status + "]";
        }
    }

    /** 400 is an answer, as are 200 and 204; anything else means that it cannot be asked now. */
    private Answer post(String path, Map<String, ?> body) throws IOException {
        return ask(path, request -> request.POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body))));
    }

    private Answer get(String path) throws IOException {
        return ask(path, HttpRequest.Builder::GET);
    }

    private Answer ask(String path, UnaryOperator<HttpRequest.Builder> method) throws IOException {
        URI uri = URI.create(config.address() + "/v1/" + config.mount() + "/" + path);
        HttpRequest request = method.apply(HttpRequest.newBuilder(uri)
                        .timeout(config.timeout())
                        .header(
                                "X-Vault-Token",
                                Files.readString(config.tokenFile()).strip()))
                .build();
        try {
            HttpResponse<InputStream> response = http.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = response.body()) {
                byte[] answer = in.readNBytes(MAX_ANSWER_BYTES + 1);
                int status = response.statusCode();
                if (status != 200 && status != 204 && status != 400) {
                    throw new IOException(uri + " answers " + status
                            + (status == 403
                                    ? ": its policy or the token in vault.transit.token-file does not allow it"
                                    : ""));
                }
                return new Answer(status, answer.length == 0 ? Json.mapper().createObjectNode() : json(uri, answer));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + uri + " was asked", e);
        }
    }

    /** What is no answer of the service, a proxy's page for example, says nothing about what was asked: it is not our bytes' fault. */
    private static JsonNode json(URI uri, byte[] answer) throws IOException {
        if (answer.length <= MAX_ANSWER_BYTES) {
            try {
                return Json.read(answer, JsonNode.class);
            } catch (HansardException e) {
                throw new IOException(uri + " gives an answer that is not JSON");
            }
        }
        throw new IOException(uri + " gives an answer of more than " + MAX_ANSWER_BYTES + " bytes");
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static byte[] bytes(String base64) throws IOException {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IOException("the service's answer is not base64", e);
        }
    }

    @Override
    public void close() {
        http.close();
    }

    @Override
    public String toString() {
        return "TransitKeys[" + config.address() + "]";
    }
}
