package hansard.keys.aws;

import hansard.keys.KeyKeeperConfig;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.IncorrectKeyException;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.KmsException;

/**
 * The SDK's client, with what each of its errors means here. Neither an answer nor a request is ever part of a message: both hold
 * keys.
 */
final class Kms implements AutoCloseable {
    /** It understood, and these bytes are not what it sealed: it will also say so tomorrow. */
    static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private final KmsClient client;
    private final String region;
    private final Duration timeout;

    private Kms(KmsClient client, String region, Duration timeout) {
        this.client = client;
        this.region = region;
        this.timeout = timeout;
    }

    /** Asks nothing yet: a stage starts while KMS is away, and waits. */
    static Kms open(KeyKeeperConfig.AwsKms config) {
        var builder = KmsClient.builder()
                .region(Region.of(config.region()))
                .credentialsProvider(DefaultCredentialsProvider.builder().build())
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(config.timeout())
                        .socketTimeout(config.timeout()))
                .overrideConfiguration(
                        all -> all.apiCallTimeout(config.timeout()).addExecutionInterceptor(new AnswerGate()));
        if (!config.endpoint().isEmpty()) {
            builder.endpointOverride(URI.create(config.endpoint()));
        }
        KmsClient client = builder.build();
        try {
            client.serviceClientConfiguration().endpointOverride().ifPresent(Kms::requireEncrypted);
        } catch (HansardException e) {
            client.close();
            throw e;
        }
        return new Kms(client, config.region(), config.timeout());
    }

    /** The SDK also takes an endpoint from the environment and from profiles, which no setting of ours has checked. */
    private static void requireEncrypted(URI endpoint) {
        if (!"https".equals(endpoint.getScheme()) && !"127.0.0.1".equals(endpoint.getHost())) {
            throw new HansardException(
                    ErrorCode.BAD_CONFIGURATION,
                    "the endpoint of AWS KMS is " + endpoint
                            + ": it must begin with https://, since keys travel in what it answers. Look at"
                            + " vault.aws-kms.endpoint and AWS_ENDPOINT_URL_KMS.");
        }
    }

    /**
     * @param key the request's KeyId, for messages
     * @param permission what the request needs
     */
    <T> T ask(String key, String permission, Function<KmsClient, T> request) throws IOException, RefusedException {
        try {
            return request.apply(client);
        } catch (InvalidCiphertextException | IncorrectKeyException e) {
            throw new RefusedException("AWS KMS refuses it for " + key, e);
        } catch (KmsException e) {
            throw new IOException("AWS KMS in " + region + " " + said(e, key, permission), e);
        } catch (SdkException e) {
            throw new IOException("AWS KMS in " + region + " " + unasked(e));
        }
    }

    private static String said(KmsException e, String key, String permission) {
        String code = e.awsErrorDetails() == null
                ? ""
                : String.valueOf(e.awsErrorDetails().errorCode());
        return switch (code) {
            case "AccessDeniedException" ->
                "does not allow " + permission + " with " + key
                        + ": the policy of the key or of this process's role must (docs/operations.md has the least)";
            case "DisabledException" -> "has " + key + " disabled: enable it with 'aws kms enable-key'";
            case "KMSInvalidStateException", "KeyUnavailableException" ->
                "cannot use " + key
                        + " in its present state: if its deletion is scheduled, 'aws kms cancel-key-deletion' is the last"
                        + " chance to keep what it wrapped";
            case "NotFoundException" -> "has no key " + key + ": check the ARN and its region";
            case "InvalidKeyUsageException" ->
                "has " + key + " for another use: see key specs and usages in docs/operations.md";
            case "UnrecognizedClientException",
                    "InvalidClientTokenId",
                    "ExpiredTokenException",
                    "InvalidSignatureException",
                    "SignatureDoesNotMatch",
                    "MissingAuthenticationToken" ->
                "does not take our credentials (" + code
                        + "): check what the SDK's default chain finds here, and this machine's clock";
            default ->
                e.isThrottlingException()
                        ? "throttles us (" + code
                                + "): it goes on by itself; ask for a higher request quota if this stays so"
                        : "answers " + e.statusCode() + " " + code;
        };
    }

    /** Of client-side failures only what is known to hold no part of an answer: a parser quotes what it stumbled over. */
    private String unasked(SdkException e) {
        if (e instanceof ApiCallTimeoutException || e instanceof ApiCallAttemptTimeoutException) {
            return "does not answer within " + timeout.toMillis() + " ms";
        }
        if (String.valueOf(e.getMessage()).startsWith("Unable to load credentials")) {
            return "cannot be asked without credentials: the SDK's default chain finds none here. Give this process a role, or"
                    + " AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
        }
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root instanceof java.net.SocketException
                        || root instanceof java.net.UnknownHostException
                        || root instanceof java.net.SocketTimeoutException
                        || root instanceof javax.net.ssl.SSLException
                ? "does not answer: " + root
                : "gives an answer that is not understood (" + root.getClass().getSimpleName() + ")";
    }

    /** @throws IOException when the answer lacks the field */
    static <T> T required(@Nullable T field, String name) throws IOException {
        if (field == null) {
            throw new IOException("AWS KMS answers without " + name);
        }
        return field;
    }

    static byte[] requiredBytes(@Nullable SdkBytes field, String name) throws IOException {
        return required(field, name).asByteArray();
    }

    @Override
    public void close() {
        client.close();
    }
}
