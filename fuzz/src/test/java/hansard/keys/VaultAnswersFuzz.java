package hansard.keys;

import static hansard.fuzz.Promises.hold;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import hansard.fuzz.FuzzTarget;
import hansard.fuzz.Pieces;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Json;
import hansard.wire.Octets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * What a service that keeps keys answers: one byte says which service (transit, AWS KMS), which status and what is asked for, the rest is the
 * body. Whatever it is, a key opens, or is said to be altered, or the vault cannot be asked now; and no message tells what was in it.
 */
public final class VaultAnswersFuzz implements FuzzTarget {
    private static final int[] STATUSES = {200, 400, 204, 503};
    private static final String HOME = "arn:aws:kms:eu-central-1:111122223333:";
    private static final KeyRef REF = new KeyRef("default", "c1", "s1");
    private static final Set<ErrorCode> REFUSALS = EnumSet.of(ErrorCode.VAULT_UNAVAILABLE, ErrorCode.NOT_AUTHENTIC);
    private static final int LEAST_SECRET = 12;
    private static final int MAX_MESSAGE = 4_000;

    /** Begun with the first input: before that, the fuzzer takes every connection for an attack. */
    private static final class Running {
        static final Services SERVICES = Services.start();
    }

    /** Both services on one port of the loopback address, and a vault of each with a track's key that was made while they worked. */
    private static final class Services {
        private final HttpServer server;
        private final ExecutorService thread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("vault-answers").factory());
        private final Vault transit;
        private final Vault kms;
        private final DataKey transitKey;
        private final DataKey kmsKey;
        private final Octets transitCms;
        private final Octets kmsCms;
        private String trackKey = "";
        private String transitTrackKey = "";
        private volatile int status = 200;
        private volatile byte[] body = {};
        private volatile boolean working = true;

        private Services(Path folder) throws IOException, GeneralSecurityException {
            System.setProperty("aws.accessKeyId", "AKIDOFAFUZZTARGET");
            System.setProperty("aws.secretAccessKey", "of-a-fuzz-target");
            System.setProperty("aws.maxAttempts", "1");
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(thread);
            server.createContext("/", this::answer);
            startAsDaemon();
            String address = "http://127.0.0.1:" + server.getAddress().getPort();
            CertificateAuthority authority = CertificateAuthority.openOrCreate(folder.resolve("ca"), "CN=Fuzz");
            Path token = Files.writeString(folder.resolve("token"), "s.fuzz");
            transit = vault(
                    folder.resolve("transit"),
                    authority,
                    new KeyKeeperConfig.Transit(
                            address,
                            "transit",
                            token,
                            "identity",
                            certificate(folder.resolve("rsa.pem"), authority, "RSA", 2048),
                            "wrapping",
                            Duration.ofSeconds(5)));
            kms = vault(
                    folder.resolve("kms"),
                    authority,
                    new KeyKeeperConfig.AwsKms(
                            "eu-central-1",
                            address,
                            HOME + "key/identity",
                            certificate(folder.resolve("ec.pem"), authority, "EC", 256),
                            HOME + "alias/wrapping",
                            Duration.ofSeconds(5)));
            transitKey = transit.newDataKey(REF);
            transitTrackKey = trackKey;
            kmsKey = kms.newDataKey(REF);
            transitCms = KeySealer.seal(new byte[30], transit.recipients());
            kmsCms = KeySealer.seal(new byte[30], kms.recipients());
            working = false;
        }

        /** Its dispatcher is a daemon if the thread that starts it is one; else this process would never end. */
        private void startAsDaemon() throws IOException {
            try {
                thread.submit(server::start).get();
            } catch (InterruptedException | ExecutionException e) {
                throw new IOException("the services do not start", e);
            }
        }

        static Services start() {
            try {
                return new Services(FuzzVault.folder("fuzz-answers"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        private static Path certificate(Path file, CertificateAuthority authority, String algorithm, int bits)
                throws GeneralSecurityException {
            KeyPairGenerator pairs = KeyPairGenerator.getInstance(algorithm);
            pairs.initialize(bits);
            PublicKey key = pairs.generateKeyPair().getPublic();
            WorkerKeys.write(
                    file,
                    authority.issue(key, VaultConfig.workerRequest("CN=fuzz", Set.of("default"), Duration.ofDays(9))));
            return file;
        }

        private static Vault vault(Path directory, CertificateAuthority authority, KeyKeeperConfig keeper) {
            return new VaultConfig(
                            directory,
                            authority.certificateFile(),
                            authority.crlFile(),
                            Duration.ofDays(7),
                            new KeyGroups(KeyGroups.DEFAULT, Map.of()),
                            keeper)
                    .open("fuzz", InstantSource.system(), (tenant, actor, call, detail) -> {});
        }

        /** While it works it wraps anything as four bytes, and the test remembers what it was. */
        private void answer(HttpExchange exchange) throws IOException {
            try (exchange) {
                byte[] asked = exchange.getRequestBody().readAllBytes();
                if (working) {
                    JsonNode request = Json.read(asked, JsonNode.class);
                    boolean isKms = request.has("Plaintext");
                    trackKey = request.path(isKms ? "Plaintext" : "plaintext").asText();
                    reply(
                            exchange,
                            200,
                            Json.bytes(
                                    isKms
                                            ? Map.of("KeyId", HOME + "key/wrapping", "CiphertextBlob", "AAAA")
                                            : Map.of("data", Map.of("ciphertext", "vault:v1:AAAA"))));
                } else {
                    reply(exchange, status, body);
                }
            }
        }

        private static void reply(HttpExchange exchange, int status, byte[] body) throws IOException {
            boolean empty = status == 204 || body.length == 0;
            exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.1");
            exchange.sendResponseHeaders(status, empty ? -1 : body.length);
            if (!empty) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    @Override
    public List<byte[]> seeds() {
        byte[] secret = new byte[32];
        String shared = Base64.getEncoder().encodeToString(secret);
        return List.of(
                seed(0, Map.of("data", Map.of("plaintext", Running.SERVICES.transitTrackKey))),
                seed(1, Map.of("errors", List.of("cipher: message authentication failed"))),
                seed(3, Map.of("errors", List.of("Vault is sealed"))),
                seed(4, Map.of("data", Map.of("plaintext", shared))),
                seed(8, Map.of("KeyId", HOME + "key/wrapping", "Plaintext", Running.SERVICES.trackKey)),
                seed(9, Map.of("__type", "InvalidCiphertextException", "message", "it was\naltered")),
                seed(9, Map.of("__type", "AccessDeniedException", "message", "not you\nline")),
                seed(12, Map.of("KeyId", HOME + "key/identity", "SharedSecret", shared)),
                Pieces.behind(
                        0,
                        "<html>a portal that wants a password</html>"
                                .getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                Pieces.behind(8, "null".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
                Pieces.behind(0, "null".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
    }

    private static byte[] seed(int first, Map<String, ?> answer) {
        return Pieces.behind(first, Json.bytes(answer));
    }

    @Override
    public void run(byte[] input) {
        if (input.length == 0) {
            return;
        }
        Running.SERVICES.status = STATUSES[input[0] & 3];
        Running.SERVICES.body = Pieces.after(input, 1);
        boolean sessionKey = (input[0] & 4) != 0;
        boolean isKms = (input[0] & 8) != 0;
        Vault vault = isKms ? Running.SERVICES.kms : Running.SERVICES.transit;
        DataKey key = isKms ? Running.SERVICES.kmsKey : Running.SERVICES.transitKey;
        if (sessionKey) {
            readOrUnavailable(() ->
                    vault.openSessionKey("default", isKms ? Running.SERVICES.kmsCms : Running.SERVICES.transitCms));
        } else if (readOrUnavailable(() -> vault.unwrap(REF, key.wrapped()))
                instanceof hansard.runtime.Secret<?> opened) {
            hold(opened.reveal().equals(key.key().reveal()), "another key opened what was sealed");
        }
    }

    private static Object readOrUnavailable(Supplier<Object> asked) {
        try {
            return asked.get();
        } catch (HansardException e) {
            hold(REFUSALS.contains(e.code()), "refused as " + e.code() + ": " + e.getMessage());
            String message = String.valueOf(e.getMessage());
            hold(message.length() <= MAX_MESSAGE, "the refusal has " + message.length() + " characters");
            hold(message.chars().noneMatch(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029), "two lines");
            tellsNoSecret(e);
            return e;
        }
    }

    /** Of what a service may say in earnest, these are the keys. */
    private static void tellsNoSecret(HansardException e) {
        if (Running.SERVICES.status != 200) {
            return; // an error, whose words are for people
        }
        JsonNode answer;
        try {
            answer = Json.read(Running.SERVICES.body, JsonNode.class);
        } catch (HansardException notJson) {
            return;
        }
        for (JsonNode secret :
                List.of(answer.path("data").path("plaintext"), answer.path("Plaintext"), answer.path("SharedSecret"))) {
            String text = secret.asText();
            for (Throwable cause = e; cause != null && text.length() >= LEAST_SECRET; cause = cause.getCause()) {
                hold(!String.valueOf(cause.getMessage()).contains(text), "a message tells a key");
            }
        }
    }
}
