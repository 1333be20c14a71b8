package hansard.keys;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import hansard.runtime.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.crypto.SecretKey;

/**
 * A fake of HashiCorp Vault's transit engine: encrypt, decrypt, rotate, configure and trim as its HTTP API documents them, with real keys. It has no
 * policies beyond one token, and no storage.
 */
final class FakeTransit implements AutoCloseable {
    private final HttpServer server;
    private final String identityKey;
    private final String wrappingKey;
    private final String token;
    private final KeyPair identity;
    private final List<SecretKey> wrapping = new ArrayList<>(List.of(AesGcm.randomKey()));
    private int minDecryption = 1;
    /** 0: no minimum, and then nothing may be trimmed. */
    private int minEncryption;

    private int minAvailable = 1;
    /** Whether old versions may be deleted. */
    volatile boolean trims = true;
    /** Answers 503, as the real one does while it is sealed. */
    volatile boolean sealed;

    private FakeTransit(HttpServer server, String identityKey, String wrappingKey, String token) throws Exception {
        this.server = server;
        this.identityKey = identityKey;
        this.wrappingKey = wrappingKey;
        this.token = token;
        KeyPairGenerator pairs = KeyPairGenerator.getInstance("RSA");
        pairs.initialize(2048);
        this.identity = pairs.generateKeyPair();
    }

    static FakeTransit start(String identityKey, String wrappingKey, String token) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        FakeTransit fake = new FakeTransit(server, identityKey, wrappingKey, token);
        server.createContext("/v1/transit/", fake::answer);
        server.start();
        return fake;
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    PublicKey identity() {
        return identity.getPublic();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            if (sealed) {
                reply(exchange, 503, Map.of("errors", List.of("Vault is sealed")));
            } else if (!token.equals(exchange.getRequestHeaders().getFirst("X-Vault-Token"))) {
                reply(exchange, 403, Map.of("errors", List.of("permission denied")));
            } else {
                String path = exchange.getRequestURI().getPath().substring("/v1/transit/".length());
                try {
                    reply(
                            exchange,
                            200,
                            Map.of(
                                    "data",
                                    done(
                                            path,
                                            body.length == 0
                                                    ? Json.mapper().createObjectNode()
                                                    : Json.read(body, JsonNode.class))));
                } catch (GeneralSecurityException | RuntimeException e) {
                    reply(exchange, 400, Map.of("errors", List.of("cipher: message authentication failed")));
                }
            }
        }
    }

    private synchronized Map<String, ?> done(String path, JsonNode body) throws GeneralSecurityException {
        byte[] context = Base64.getDecoder().decode(body.path("associated_data").asText(""));
        if (path.equals("encrypt/" + wrappingKey)) {
            byte[] plain = Base64.getDecoder().decode(body.path("plaintext").asText());
            ByteBuffer out = ByteBuffer.allocate(plain.length + AesGcm.OVERHEAD_BYTES);
            AesGcm.seal(wrapping.getLast(), plain, out, context);
            return Map.of(
                    "ciphertext",
                    "vault:v" + wrapping.size() + ":" + Base64.getEncoder().encodeToString(out.array()));
        }
        if (path.equals("keys/" + wrappingKey + "/rotate")) {
            wrapping.add(AesGcm.randomKey());
            return Map.of();
        }
        String key = "keys/" + wrappingKey;
        if (path.equals(key)) {
            return Map.of(
                    "keys",
                    IntStream.rangeClosed(minAvailable, wrapping.size())
                            .boxed()
                            .collect(Collectors.toMap(String::valueOf, version -> 0)));
        }
        if (path.equals(key + "/config")) {
            minDecryption = within(body.get("min_decryption_version").asInt(), wrapping.size());
            minEncryption = within(body.get("min_encryption_version").asInt(), wrapping.size());
            return Map.of();
        }
        if (trims && path.equals(key + "/trim")) {
            minAvailable = within(body.get("min_available_version").asInt(), Math.min(minDecryption, minEncryption));
            for (int version = 1; version < minAvailable; version++) {
                wrapping.set(version - 1, AesGcm.randomKey());
            }
            return Map.of();
        }
        String[] parts = body.path("ciphertext").asText().split(":", 3);
        byte[] cipher = Base64.getDecoder().decode(parts[2]);
        int version = Integer.parseInt(parts[1].substring(1));
        if (path.equals("decrypt/" + wrappingKey) && version < minDecryption) {
            throw new GeneralSecurityException("ciphertext or signature version is disallowed by policy (too old)");
        }
        byte[] plain = path.equals("decrypt/" + identityKey)
                ? new JcaIdentityKey(identity.getPrivate()).decryptOaep(cipher)
                : AesGcm.open(wrapping.get(version - 1), cipher, 0, context);
        return Map.of("plaintext", Base64.getEncoder().encodeToString(plain));
    }

    private static int within(int version, int most) {
        if (version < 1 || version > most) {
            throw new IllegalArgumentException("version " + version + " of " + most);
        }
        return version;
    }

    private static void reply(HttpExchange exchange, int status, Map<String, ?> answer) throws IOException {
        byte[] bytes = Json.bytes(answer);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
