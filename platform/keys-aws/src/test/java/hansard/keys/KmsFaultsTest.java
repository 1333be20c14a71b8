package hansard.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Settings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.AEADBadTagException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What goes wrong with a service far away: each is said in words, nothing is taken for altered data, and nothing is lost. */
class KmsFaultsTest {
    private static final byte[] KEY = AesGcm.randomBytes(32);
    private static final byte[] CONTEXT = "hansard track key acme/call-1/mic".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    private FakeKms service;
    private String wrapping;
    private Path certificate;

    @BeforeEach
    void begin() throws Exception {
        service = FakeKms.start();
        wrapping = service.createSymmetric();
        certificate = directory.resolve("worker.pem");
        Files.write(
                certificate,
                Pem.of(CertificateAuthority.openOrCreate(directory.resolve("ca"), "CN=Example CA")
                        .issue(
                                service.publicKey(service.createEc()),
                                VaultConfig.workerRequest("CN=w", Set.of("default"), Duration.ofDays(1)))));
    }

    @AfterEach
    void stop() {
        service.close();
    }

    private KeyKeeper keeper() throws IOException {
        return keeper(Duration.ofSeconds(20));
    }

    private KeyKeeper keeper(Duration timeout) throws IOException {
        return new KeyKeeperConfig.AwsKms(FakeKms.REGION, service.endpoint(), wrapping, certificate, wrapping, timeout)
                .open(directory);
    }

    private static String unanswered(Executable request) {
        IOException failure = assertThrows(IOException.class, request);
        String message = String.valueOf(failure.getMessage());
        assertFalse(message.contains(Base64.getEncoder().encodeToString(KEY)), message);
        return message;
    }

    @Test
    void aServiceThatWasAwayIsAskedAgain() throws Exception {
        try (KeyKeeper keeper = keeper()) {
            byte[] wrapped = keeper.wrap(KEY, CONTEXT);
            service.goAway();
            String message = unanswered(() -> keeper.unwrap(wrapped, CONTEXT));
            assertTrue(message.contains("does not answer"), message);
            service.comeBack();
            assertArrayEquals(KEY, keeper.unwrap(wrapped, CONTEXT));
        }
    }

    @Test
    void aServiceThatIsAwayStopsNoStart() throws Exception {
        service.goAway();
        try (KeyKeeper keeper = keeper()) {
            assertEquals(1, keeper.identities().size());
            service.comeBack();
            keeper.wrap(KEY, CONTEXT);
        }
    }

    @Test
    void aSlowServiceIsWaitedForAsLongAsTheSettingSays() throws Exception {
        service.thinksMs = 20_000;
        try (KeyKeeper keeper = keeper(Duration.ofMillis(300))) {
            long before = System.nanoTime();
            String message = unanswered(() -> keeper.wrap(KEY, CONTEXT));
            assertTrue(message.contains("does not answer"), message);
            assertTrue(System.nanoTime() - before < 15_000_000_000L, message);
        }
    }

    @Test
    void aThrottledRequestIsRepeatedAndInTheEndSaysSo() throws Exception {
        try (KeyKeeper keeper = keeper()) {
            service.throttled.set(1);
            byte[] wrapped = keeper.wrap(KEY, CONTEXT);
            service.throttled.set(1_000);
            String message = unanswered(() -> keeper.unwrap(wrapped, CONTEXT));
            assertTrue(message.contains("throttles"), message);
            service.throttled.set(0);
            assertArrayEquals(KEY, keeper.unwrap(wrapped, CONTEXT));
        }
    }

    @Test
    void aDeniedRequestNamesThePermissionAndTheKey() throws Exception {
        try (KeyKeeper keeper = keeper()) {
            byte[] wrapped = keeper.wrap(KEY, CONTEXT);
            service.denied.add("Decrypt");
            String message = unanswered(() -> keeper.unwrap(wrapped, CONTEXT));
            assertTrue(message.contains("kms:Decrypt") && message.contains(wrapping), message);
            service.denied.clear();
            assertArrayEquals(KEY, keeper.unwrap(wrapped, CONTEXT));
        }
    }

    @Test
    void aDisabledKeyIsNotADestroyedOne() throws Exception {
        try (KeyKeeper keeper = keeper()) {
            byte[] wrapped = keeper.wrap(KEY, CONTEXT);
            service.disable(wrapping);
            String message = unanswered(() -> keeper.unwrap(wrapped, CONTEXT));
            assertTrue(message.contains("aws kms enable-key"), message);
            service.enable(wrapping);
            assertArrayEquals(KEY, keeper.unwrap(wrapped, CONTEXT));
        }
    }

    @Test
    void aKeyOfAnotherUseOrOfNoneIsSaidInWords() throws Exception {
        wrapping = service.createRsa();
        try (KeyKeeper keeper = keeper()) {
            assertTrue(unanswered(() -> keeper.wrap(KEY, CONTEXT)).contains("another use"));
            service.delete(wrapping);
            assertTrue(unanswered(() -> keeper.wrap(KEY, CONTEXT)).contains("check the ARN"));
        }
    }

    @Test
    void alteredBytesAreAlteredBytes() throws Exception {
        try (KeyKeeper keeper = keeper()) {
            byte[] wrapped = keeper.wrap(KEY, CONTEXT);
            for (int at = 0; at < wrapped.length; at++) {
                byte[] altered = wrapped.clone();
                altered[at] ^= 1;
                // a letter of the key's name changed to another makes the name of a key that is not there
                Exception refused = assertThrows(Exception.class, () -> keeper.unwrap(altered, CONTEXT));
                assertTrue(
                        refused instanceof AEADBadTagException
                                || String.valueOf(refused.getMessage()).contains("has no key"),
                        refused.toString());
            }
            assertThrows(AEADBadTagException.class, () -> keeper.unwrap(wrapped, new byte[] {1}));
            assertThrows(AEADBadTagException.class, () -> keeper.unwrap(new byte[0], CONTEXT));
            assertThrows(AEADBadTagException.class, () -> keeper.unwrap(new byte[] {(byte) 200, 1}, CONTEXT));
        }
    }

    @Test
    void aKeyOfAnotherAccountIsNeverAsked() throws Exception {
        try (KeyKeeper keeper = keeper()) {
            String planted = new String(keeper.wrap(KEY, CONTEXT), StandardCharsets.ISO_8859_1)
                    .replace("111122223333", "999922223333");
            int before = service.asked.size();
            assertThrows(
                    AEADBadTagException.class,
                    () -> keeper.unwrap(planted.getBytes(StandardCharsets.ISO_8859_1), CONTEXT));
            assertEquals(before, service.asked.size());
        }
    }

    @Test
    void ofAnAnswerThatIsNotUnderstoodNothingIsRepeated() throws Exception {
        String secret = Base64.getEncoder().encodeToString(KEY);
        Logger all = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        all.addAppender(logged);
        all.setLevel(Level.TRACE);
        try (KeyKeeper keeper = keeper()) {
            byte[] wrapped = keeper.wrap(KEY, CONTEXT);
            for (String garbage : List.of(
                    "{}",
                    "",
                    "<html>" + secret + "</html>",
                    "{\"Plaintext\": " + secret + "}",
                    "{\"Plaintext\": \"" + secret,
                    "{\"Plaintext\": {\"a\": \"" + secret + "\"}}",
                    "{\"Plaintext\": [\"" + secret + "\"]}",
                    "{\"Plaintext\": \"" + secret + "!\"}")) {
                service.garbage = garbage;
                IOException failure = assertThrows(
                        IOException.class,
                        () -> assertArrayEquals(KEY, keeper.unwrap(wrapped, CONTEXT)),
                        garbage.replace(secret, "KEY"));
                String said = failure + " " + failure.getCause();
                assertTrue(said.contains("AWS KMS"), said);
                assertFalse(said.contains(secret.substring(4, 12)), said);
            }
            service.garbage = null;
            assertArrayEquals(KEY, keeper.unwrap(wrapped, CONTEXT));
        } finally {
            all.setLevel(Level.ERROR);
            all.detachAppender(logged);
        }
        assertFalse(logged.list.isEmpty());
        for (ILoggingEvent event : logged.list) {
            String said = event.getFormattedMessage() + ThrowableProxyUtil.asString(event.getThrowableProxy());
            assertFalse(said.contains(secret.substring(4, 12)), event.getLoggerName());
        }
    }

    @Test
    void credentialsThatDoNotHoldAndAnotherRegionAreSaidInWords() throws Exception {
        service.close();
        service = FakeKms.start("another secret");
        wrapping = service.createSymmetric();
        try (KeyKeeper keeper = keeper()) {
            String message = unanswered(() -> keeper.wrap(KEY, CONTEXT));
            assertTrue(message.contains("credentials (InvalidSignatureException)"), message);
        }
        service.close();
        service = FakeKms.start();
        var elsewhere = new KeyKeeperConfig.AwsKms(
                "us-east-1", service.endpoint(), wrapping, certificate, wrapping, Duration.ofSeconds(5));
        try (KeyKeeper keeper = elsewhere.open(directory)) {
            String message = unanswered(() -> keeper.wrap(KEY, CONTEXT));
            assertTrue(message.contains("in us-east-1"), message);
        }
    }

    @Test
    void withoutCredentialsItIsSaidWhereTheyAreLookedFor() throws Exception {
        assertTrue(inAProcess(Map.of()).contains("AWS_ACCESS_KEY_ID"));
        assertTrue(inAProcess(Map.of(
                        "AWS_ACCESS_KEY_ID", System.getenv("AWS_ACCESS_KEY_ID"),
                        "AWS_SECRET_ACCESS_KEY", System.getenv("AWS_SECRET_ACCESS_KEY")))
                .contains(" bytes"));
    }

    /** As in a Kubernetes that gives pods a role by their service account; the role's service is a fake of one answer. */
    @Test
    void theRoleOfAPodIsTakenByItsToken() throws Exception {
        HttpServer sts = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        List<String> asked = new CopyOnWriteArrayList<>();
        sts.createContext("/", exchange -> {
            asked.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] answer = """
                    <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
                      <AssumeRoleWithWebIdentityResult><Credentials>
                        <AccessKeyId>%s</AccessKeyId><SecretAccessKey>%s</SecretAccessKey>
                        <SessionToken>session</SessionToken><Expiration>%s</Expiration>
                      </Credentials><AssumedRoleUser>
                        <Arn>arn:aws:sts::111122223333:assumed-role/worker/s</Arn><AssumedRoleId>AROA:s</AssumedRoleId>
                      </AssumedRoleUser></AssumeRoleWithWebIdentityResult>
                    </AssumeRoleWithWebIdentityResponse>
                    """.formatted(
                            System.getenv("AWS_ACCESS_KEY_ID"),
                            System.getenv("AWS_SECRET_ACCESS_KEY"),
                            Instant.now().plusSeconds(3600).truncatedTo(ChronoUnit.SECONDS))
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "text/xml");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        sts.start();
        try {
            String output = inAProcess(Map.of(
                    "AWS_ROLE_ARN",
                    "arn:aws:iam::111122223333:role/worker",
                    "AWS_REGION",
                    FakeKms.REGION,
                    "AWS_WEB_IDENTITY_TOKEN_FILE",
                    Files.writeString(directory.resolve("token"), "of-the-pod").toString(),
                    "AWS_ENDPOINT_URL_STS",
                    "http://127.0.0.1:" + sts.getAddress().getPort()));
            assertTrue(output.contains(" bytes"), output);
            assertTrue(asked.getFirst().contains("WebIdentityToken=of-the-pod"), asked.toString());
        } finally {
            sts.stop(0);
        }
    }

    @Test
    void anEndpointFromTheEnvironmentMustBeEncryptedToo() throws Exception {
        String message = inAProcess("", Map.of("AWS_ENDPOINT_URL_KMS", "http://kms.example.org"));
        assertTrue(message.contains("must begin with https://"), message);
    }

    private String inAProcess(Map<String, String> environment) throws Exception {
        return inAProcess(service.endpoint(), environment);
    }

    private String inAProcess(String endpoint, Map<String, String> environment) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KmsProcess.class.getName(),
                        endpoint,
                        wrapping,
                        certificate.toString())
                .redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
        builder.environment()
                .putAll(Map.of(
                        "AWS_EC2_METADATA_DISABLED", "true",
                        "AWS_CONFIG_FILE", directory.resolve("none").toString(),
                        "AWS_SHARED_CREDENTIALS_FILE", directory.resolve("none").toString()));
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return output;
    }

    @Test
    void aWrappingKeyThatIsNoAliasDoesNotRotate() throws Exception {
        try (KeyKeeper keeper = keeper()) {
            String message = Refused.with(ErrorCode.BAD_CONFIGURATION, () -> rotate(keeper));
            assertTrue(message.contains("update-alias"), message);
        }
    }

    private static void rotate(KeyKeeper keeper) {
        try {
            keeper.rotate();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void settingsAreCheckedTogether() {
        Map<String, String> given = new HashMap<>(Map.of(
                "vault.kind", "aws-kms",
                "vault.ca", "ca.pem",
                "vault.crl", "crl.pem",
                "vault.aws-kms.region", FakeKms.REGION,
                "vault.aws-kms.identity-key", wrapping,
                "vault.aws-kms.identity-certificate", "worker.pem",
                "vault.aws-kms.wrapping-key", wrapping));
        Settings right = Settings.of(given);
        assertTrue(VaultConfig.from(right).keeper() instanceof KeyKeeperConfig.AwsKms);
        right.check();

        given.put("vault.aws-kms.region", "us-east-1");
        given.put("vault.aws-kms.identity-key", "alias/hansard-worker");
        given.put("vault.aws-kms.endpoint", "http://kms.example.org");
        Settings wrong = Settings.of(given);
        VaultConfig.from(wrong);
        String message = assertThrows(HansardException.class, wrong::check).getMessage();
        assertTrue(message.contains("vault.aws-kms.identity-key must be the ARN"), message);
        assertTrue(message.contains("vault.aws-kms.wrapping-key is of region eu-central-1"), message);
        assertTrue(message.contains("vault.aws-kms.endpoint must begin with https://"), message);
    }
}
