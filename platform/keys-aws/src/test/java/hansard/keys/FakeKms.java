package hansard.keys;

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
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.SecretKey;

/**
 * A fake of AWS KMS: Encrypt, Decrypt and DeriveSharedSecret by the JSON protocol of its API reference, with real keys, and requests
 * whose signatures are verified. Stricter than the real one in this: a request without KeyId is refused.
 */
final class FakeKms implements AutoCloseable {
    static final String REGION = "eu-central-1";
    private static final String HOME = "arn:aws:kms:" + REGION + ":111122223333:";

    /** What a client asked for. */
    record Asked(String action, String keyId, Map<String, String> context) {}

    private record Key(String id, SecretKey material, KeyPair pair) {}

    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;

        Refusal(String type) {
            super(type);
        }
    }

    private final Map<String, Key> keys = new ConcurrentHashMap<>();
    private final Map<String, String> aliases = new ConcurrentHashMap<>();
    private final Set<String> disabled = ConcurrentHashMap.newKeySet();
    private final SignatureV4 signature;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private HttpServer server;

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    /** So many requests more are throttled. */
    final AtomicInteger throttled = new AtomicInteger();
    /** What the caller's policy lacks. */
    final Set<String> denied = ConcurrentHashMap.newKeySet();
    /** What stands in the place of answers; null for none. */
    volatile String garbage;
    /** How long it thinks before it answers. */
    volatile long thinksMs;

    private FakeKms(SignatureV4 signature) throws IOException {
        this.signature = signature;
        this.server = listening(0);
    }

    /** For whoever has the credentials that the build gives to these tests. */
    static FakeKms start() throws IOException {
        return start(System.getenv("AWS_SECRET_ACCESS_KEY"));
    }

    static FakeKms start(String secret) throws IOException {
        return new FakeKms(new SignatureV4(System.getenv("AWS_ACCESS_KEY_ID"), secret, REGION));
    }

    private HttpServer listening(int port) throws IOException {
        HttpServer listening = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        listening.createContext("/", this::answer);
        listening.setExecutor(threads);
        listening.start();
        return listening;
    }

    String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void goAway() {
        server.stop(0);
    }

    void comeBack() throws IOException {
        server = listening(server.getAddress().getPort());
    }

    /** SYMMETRIC_DEFAULT, ENCRYPT_DECRYPT. @return its ARN */
    String createSymmetric() {
        return created(AesGcm.randomKey(), null);
    }

    /** RSA_2048, ENCRYPT_DECRYPT. */
    String createRsa() throws GeneralSecurityException {
        KeyPairGenerator pairs = KeyPairGenerator.getInstance("RSA");
        pairs.initialize(2048);
        return created(null, pairs.generateKeyPair());
    }

    /** ECC_NIST_P256, KEY_AGREEMENT. */
    String createEc() throws GeneralSecurityException {
        KeyPairGenerator pairs = KeyPairGenerator.getInstance("EC");
        pairs.initialize(new ECGenParameterSpec("secp256r1"));
        return created(null, pairs.generateKeyPair());
    }

    private String created(SecretKey material, KeyPair pair) {
        Key key = new Key(UUID.randomUUID().toString(), material, pair);
        keys.put(HOME + "key/" + key.id(), key);
        return HOME + "key/" + key.id();
    }

    PublicKey publicKey(String arn) {
        return keys.get(arn).pair().getPublic();
    }

    /** Makes the alias, or points it elsewhere. @return its ARN */
    String alias(String name, String key) {
        aliases.put(HOME + "alias/" + name, key);
        return HOME + "alias/" + name;
    }

    String target(String alias) {
        return aliases.get(alias);
    }

    void disable(String arn) {
        disabled.add(arn);
    }

    void enable(String arn) {
        disabled.remove(arn);
    }

    /** As when the waiting period after ScheduleKeyDeletion is over. */
    void delete(String arn) {
        keys.remove(arn);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            try {
                Thread.sleep(thinksMs);
                String wrong = signature.error(exchange, body);
                if (!wrong.isEmpty()) {
                    throw new Refusal(wrong);
                }
                if (throttled.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                    throw new Refusal("ThrottlingException");
                }
                String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
                Map<String, String> done = done(target, Json.read(body, JsonNode.class));
                reply(exchange, 200, garbage != null ? garbage.getBytes(StandardCharsets.UTF_8) : Json.bytes(done));
            } catch (Refusal refusal) {
                reply(
                        exchange,
                        400,
                        Json.bytes(Map.of("__type", refusal.getMessage(), "message", "the fake's reason")));
            } catch (GeneralSecurityException | RuntimeException e) {
                reply(exchange, 500, Json.bytes(Map.of("__type", "KMSInternalException", "message", e.toString())));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Map<String, String> done(String target, JsonNode body) throws GeneralSecurityException, Refusal {
        String action = target.replace("TrentService.", "");
        String keyId = body.path("KeyId").asText();
        Map<String, String> context = new TreeMap<>();
        body.path("EncryptionContext")
                .properties()
                .forEach(e -> context.put(e.getKey(), e.getValue().asText()));
        asked.add(new Asked(action, keyId, context));
        if (keyId.isEmpty()) {
            throw new Refusal("ValidationException");
        }
        if (denied.contains(action)) {
            throw new Refusal("AccessDeniedException");
        }
        String arn = aliases.getOrDefault(keyId, keyId);
        Key key = keys.get(arn);
        if (key == null) {
            throw new Refusal("NotFoundException");
        }
        if (disabled.contains(arn)) {
            throw new Refusal("DisabledException");
        }
        Map<String, String> answer = new LinkedHashMap<>(Map.of("KeyId", arn));
        switch (action) {
            case "Encrypt" -> answer.put("CiphertextBlob", base64(encrypted(key, bytes(body, "Plaintext"), context)));
            case "Decrypt" -> answer.put("Plaintext", base64(decrypted(key, body, context)));
            case "DeriveSharedSecret" -> answer.put("SharedSecret", base64(agreed(key, body)));
            default -> throw new Refusal("UnknownOperationException");
        }
        return answer;
    }

    /** Like the real one's, its blob says of which key it is. */
    private static byte[] encrypted(Key key, byte[] plaintext, Map<String, String> context) throws Refusal {
        require(key.material() != null, "InvalidKeyUsageException");
        byte[] id = key.id().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer out = ByteBuffer.allocate(id.length + AesGcm.OVERHEAD_BYTES + plaintext.length)
                .put(id);
        AesGcm.seal(key.material(), plaintext, out, Json.bytes(context));
        return out.array();
    }

    private static byte[] decrypted(Key key, JsonNode body, Map<String, String> context) throws Refusal {
        byte[] blob = bytes(body, "CiphertextBlob");
        try {
            if (key.material() == null) {
                String algorithm = body.path("EncryptionAlgorithm").asText();
                require(algorithm.equals("RSAES_OAEP_SHA_256"), "InvalidKeyUsageException");
                require(key.pair().getPrivate().getAlgorithm().equals("RSA"), "InvalidKeyUsageException");
                return new JcaIdentityKey(key.pair().getPrivate()).decryptOaep(blob);
            }
            int idLength = key.id().length();
            require(blob.length > idLength, "InvalidCiphertextException");
            String id = new String(blob, 0, idLength, StandardCharsets.US_ASCII);
            require(id.matches("[0-9a-f-]{36}"), "InvalidCiphertextException");
            require(id.equals(key.id()), "IncorrectKeyException");
            return AesGcm.open(key.material(), blob, idLength, Json.bytes(context));
        } catch (GeneralSecurityException e) {
            throw new Refusal("InvalidCiphertextException");
        }
    }

    private static byte[] agreed(Key key, JsonNode body) throws GeneralSecurityException, Refusal {
        require(key.pair() != null && key.pair().getPublic() instanceof ECPublicKey, "InvalidKeyUsageException");
        require(body.path("KeyAgreementAlgorithm").asText().equals("ECDH"), "ValidationException");
        PublicKey other = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(bytes(body, "PublicKey")));
        return new JcaIdentityKey(key.pair().getPrivate()).agree((ECPublicKey) other);
    }

    private static void require(boolean holds, String otherwise) throws Refusal {
        if (!holds) {
            throw new Refusal(otherwise);
        }
    }

    private static byte[] bytes(JsonNode body, String field) {
        return Base64.getDecoder().decode(body.path(field).asText());
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static void reply(HttpExchange exchange, int status, byte[] answer) throws IOException {
        exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(status, answer.length);
        exchange.getResponseBody().write(answer);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
