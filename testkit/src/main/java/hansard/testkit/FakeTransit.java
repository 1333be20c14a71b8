package hansard.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import hansard.runtime.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.MGF1ParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;

/**
 * A fake of HashiCorp Vault's transit engine: encrypt, decrypt, rotate, configure and trim as its HTTP API documents them, with real keys. It has no
 * policies beyond one token, and no storage.
 */
public final class FakeTransit implements AutoCloseable {
    private static final String PREFIX = "/v1/transit/";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final OAEPParameterSpec OAEP =
            new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);
    private static final SecureRandom RANDOM = new SecureRandom();

    /** How it takes requests. */
    public enum State {
        WORKING,
        /** Answers 503, as the real one does while it is sealed. */
        SEALED,
        /** Answers 200 with a page, as something between us and it may. */
        PAGE,
        /** Takes requests and does not answer. */
        SILENT,
        /** Its port is closed. */
        GONE
    }

    private final String identityKey;
    private final String wrappingKey;
    private final String token;
    private final KeyPair identity;
    private final List<SecretKey> wrapping = new ArrayList<>(List.of(randomKey()));
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private int minDecryption = 1;
    /** 0: no minimum, and then nothing may be trimmed. */
    private int minEncryption;

    private int minAvailable = 1;
    /** Whether old versions may be deleted. */
    private volatile boolean trims = true;

    private volatile State state = State.WORKING;
    private CountDownLatch silence = new CountDownLatch(0);
    private HttpServer server;

    private FakeTransit(String identityKey, String wrappingKey, String token)
            throws IOException, GeneralSecurityException {
        this.identityKey = identityKey;
        this.wrappingKey = wrappingKey;
        this.token = token;
        KeyPairGenerator pairs = KeyPairGenerator.getInstance("RSA");
        pairs.initialize(2048);
        this.identity = pairs.generateKeyPair();
        this.server = listening(0);
    }

    public static FakeTransit start(String identityKey, String wrappingKey, String token)
            throws IOException, GeneralSecurityException {
        return new FakeTransit(identityKey, wrappingKey, token);
    }

    private HttpServer listening(int port) throws IOException {
        HttpServer listening = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        listening.setExecutor(threads);
        listening.createContext(PREFIX, this::answer);
        listening.start();
        return listening;
    }

    public synchronized String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    public PublicKey identity() {
        return identity.getPublic();
    }

    public void trims(boolean willing) {
        trims = willing;
    }

    /** Changes how requests are taken; those that are not answered yet never are. */
    public synchronized void become(State next) throws IOException {
        if (next == state) {
            return;
        }
        State before = state;
        state = next;
        silence.countDown();
        silence = new CountDownLatch(next == State.SILENT ? 1 : 0);
        if (next == State.GONE) {
            server.stop(0);
        } else if (before == State.GONE) {
            server = listening(server.getAddress().getPort());
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            switch (state) {
                case SEALED -> reply(exchange, 503, Map.of("errors", List.of("Vault is sealed")));
                case PAGE -> reply(exchange, 200, "<html>sign in</html>".getBytes(StandardCharsets.US_ASCII));
                case SILENT -> keepSilent();
                case GONE -> {}
                case WORKING -> answer(exchange, body);
            }
        }
    }

    private void keepSilent() {
        CountDownLatch until;
        synchronized (this) {
            until = silence;
        }
        try {
            until.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(HttpExchange exchange, byte[] body) throws IOException {
        if (!token.equals(exchange.getRequestHeaders().getFirst("X-Vault-Token"))) {
            reply(exchange, 403, Map.of("errors", List.of("permission denied")));
            return;
        }
        String path = exchange.getRequestURI().getPath().substring(PREFIX.length());
        JsonNode asked = body.length == 0 ? Json.mapper().createObjectNode() : Json.read(body, JsonNode.class);
        Map<String, ?> data;
        try {
            data = done(path, asked);
        } catch (GeneralSecurityException | RuntimeException e) {
            reply(exchange, 400, Map.of("errors", List.of("cipher: message authentication failed")));
            return;
        }
        reply(exchange, 200, Map.of("data", data));
    }

    private synchronized Map<String, ?> done(String path, JsonNode body) throws GeneralSecurityException {
        byte[] context = Base64.getDecoder().decode(body.path("associated_data").asText(""));
        if (path.equals("encrypt/" + wrappingKey)) {
            byte[] plain = Base64.getDecoder().decode(body.path("plaintext").asText());
            return Map.of(
                    "ciphertext",
                    "vault:v" + wrapping.size() + ":"
                            + Base64.getEncoder().encodeToString(sealed(wrapping.getLast(), plain, context)));
        }
        if (path.equals("keys/" + wrappingKey + "/rotate")) {
            wrapping.add(randomKey());
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
                wrapping.set(version - 1, randomKey());
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
                ? decryptedOaep(cipher)
                : opened(wrapping.get(version - 1), cipher, context);
        return Map.of("plaintext", Base64.getEncoder().encodeToString(plain));
    }

    private byte[] decryptedOaep(byte[] encrypted) throws GeneralSecurityException {
        Cipher rsa = Cipher.getInstance("RSA/ECB/OAEPPadding");
        rsa.init(Cipher.DECRYPT_MODE, identity.getPrivate(), OAEP);
        return rsa.doFinal(encrypted);
    }

    private static SecretKey randomKey() {
        byte[] key = new byte[32];
        RANDOM.nextBytes(key);
        return new SecretKeySpec(key, "AES");
    }

    /** {@code | nonce 12 | ciphertext | tag 16 |} */
    private static byte[] sealed(SecretKey key, byte[] plain, byte[] context) throws GeneralSecurityException {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        byte[] cipher = aesGcm(Cipher.ENCRYPT_MODE, key, nonce, context).doFinal(plain);
        return ByteBuffer.allocate(NONCE_BYTES + cipher.length)
                .put(nonce)
                .put(cipher)
                .array();
    }

    private static byte[] opened(SecretKey key, byte[] sealed, byte[] context) throws GeneralSecurityException {
        return aesGcm(Cipher.DECRYPT_MODE, key, Arrays.copyOf(sealed, NONCE_BYTES), context)
                .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
    }

    private static Cipher aesGcm(int mode, SecretKey key, byte[] nonce, byte[] context)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context);
        return cipher;
    }

    private static int within(int version, int most) {
        if (version < 1 || version > most) {
            throw new IllegalArgumentException("version " + version + " of " + most);
        }
        return version;
    }

    private static void reply(HttpExchange exchange, int status, Map<String, ?> answer) throws IOException {
        reply(exchange, status, Json.bytes(answer));
    }

    private static void reply(HttpExchange exchange, int status, byte[] bytes) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public synchronized void close() {
        silence.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
