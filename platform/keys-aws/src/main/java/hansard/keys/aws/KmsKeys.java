package hansard.keys.aws;

import hansard.keys.KeyKeeper;
import hansard.keys.KeyKeeperConfig;
import hansard.keys.Retirement;
import hansard.keys.WorkerIdentity;
import hansard.keys.WorkerKeys;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import javax.crypto.AEADBadTagException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.DecryptResponse;
import software.amazon.awssdk.services.kms.model.EncryptResponse;

/**
 * Keys in AWS KMS: an asymmetric key is the worker's identity, a symmetric one wraps. Neither leaves KMS, and every request names its
 * key.
 *
 * <p>What it wraps is {@code | length of ARN u8 | ARN of the wrapping key | CiphertextBlob of KMS |}: an alias may point to another key
 * tomorrow, and whoever retires keys must know which are needed.
 */
final class KmsKeys implements KeyKeeper {
    /** Name in the encryption context. CloudTrail shows name and value in the clear, so the value is a digest. */
    static final String CONTEXT = "hansard";

    /** KMS's own limit for what Decrypt takes. */
    private static final int MAX_BLOB_BYTES = 6144;

    private static final int MAX_ARN_BYTES = 255;
    private static final Pattern KEY_ID = Pattern.compile("key/[A-Za-z0-9-]{1,64}");

    private final KeyKeeperConfig.AwsKms config;
    private final X509Certificate certificate;
    private final Kms kms;

    /** {@code arn:PARTITION:kms:REGION:ACCOUNT:}, which all our keys have. */
    private final String home;

    private KmsKeys(KeyKeeperConfig.AwsKms config, X509Certificate certificate, Kms kms) {
        this.config = config;
        this.certificate = certificate;
        this.kms = kms;
        this.home = config.wrappingKey().substring(0, config.wrappingKey().lastIndexOf(':') + 1);
    }

    static KmsKeys open(KeyKeeperConfig.AwsKms config) {
        List<X509Certificate> certificates = WorkerKeys.certificates(config.identityCertificate());
        if (certificates.size() != 1) {
            throw new HansardException(
                    ErrorCode.BAD_CONFIGURATION,
                    config.identityCertificate() + " (vault.aws-kms.identity-certificate) holds " + certificates.size()
                            + " certificates, expected one");
        }
        return new KmsKeys(config, certificates.getFirst(), Kms.open(config));
    }

    @Override
    public List<WorkerIdentity> identities() {
        return List.of(new WorkerIdentity(
                certificate, new KmsIdentityKey(kms, config.identityKey(), certificate.getPublicKey())));
    }

    @Override
    public byte[] wrap(byte[] key, byte[] context) throws IOException {
        EncryptResponse answer;
        try {
            answer = kms.ask(
                    config.wrappingKey(),
                    "kms:Encrypt",
                    client -> client.encrypt(request -> request.keyId(config.wrappingKey())
                            .plaintext(SdkBytes.fromByteArray(key))
                            .encryptionContext(digest(context))));
        } catch (Kms.RefusedException e) {
            throw new IOException("AWS KMS does not wrap with " + config.wrappingKey(), e);
        }
        String arn = Kms.required(answer.keyId(), "KeyId");
        byte[] blob = Kms.requiredBytes(answer.ciphertextBlob(), "CiphertextBlob");
        if (!isOurs(arn) || blob.length == 0 || blob.length > MAX_BLOB_BYTES) {
            throw new IOException(
                    "AWS KMS answers with " + blob.length + " bytes of another account's or region's key");
        }
        byte[] name = arn.getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(1 + name.length + blob.length)
                .put((byte) name.length)
                .put(name)
                .put(blob)
                .array();
    }

    @Override
    public byte[] unwrap(byte[] wrapped, byte[] context) throws IOException, AEADBadTagException {
        String arn = wrappingKeyOf(wrapped);
        int offset = 1 + arn.length();
        try {
            DecryptResponse answer = kms.ask(
                    arn,
                    "kms:Decrypt",
                    client -> client.decrypt(request -> request.keyId(arn)
                            .ciphertextBlob(
                                    SdkBytes.fromByteBuffer(ByteBuffer.wrap(wrapped, offset, wrapped.length - offset)))
                            .encryptionContext(digest(context))));
            return Kms.requiredBytes(answer.plaintext(), "Plaintext");
        } catch (Kms.RefusedException e) {
            AEADBadTagException altered = new AEADBadTagException(e.getMessage());
            altered.initCause(e);
            throw altered;
        }
    }

    /** The key's ARN. Of another account or region it would be the key of whoever could write the file. */
    @Override
    public String wrappingKeyOf(byte[] wrapped) throws AEADBadTagException {
        int length = wrapped.length == 0 ? 0 : wrapped[0] & 0xff;
        int blob = wrapped.length - 1 - length;
        if (length == 0 || blob < 1 || blob > MAX_BLOB_BYTES) {
            throw new AEADBadTagException(wrapped.length + " bytes are not wrapped by AWS KMS");
        }
        String arn = new String(wrapped, 1, length, StandardCharsets.US_ASCII);
        if (!isOurs(arn)) {
            throw new AEADBadTagException("it names no key of this account and region");
        }
        return arn;
    }

    private boolean isOurs(String arn) {
        return arn.length() <= MAX_ARN_BYTES
                && arn.startsWith(home)
                && KEY_ID.matcher(arn.substring(home.length())).matches();
    }

    private static Map<String, String> digest(byte[] context) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(context);
            return Map.of(CONTEXT, Base64.getUrlEncoder().withoutPadding().encodeToString(digest));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no SHA-256", e);
        }
    }

    /** Makes nothing: the owner makes a key and points the alias to it. What KMS itself calls rotation drops nothing, ever. */
    @Override
    public void rotate() {
        if (!config.wrappingKey().substring(home.length()).startsWith("alias/")) {
            throw new HansardException(
                    ErrorCode.BAD_CONFIGURATION,
                    "vault.aws-kms.wrapping-key names a key, and KMS keeps old material of a key for as long as there is the"
                            + " key: name an alias there, make a new key with 'aws kms create-key', point the alias to it"
                            + " with 'aws kms update-alias', and rotate again");
        }
    }

    /** KMS drops a key's material with the key only, which takes seven days or more and is not for a worker to do. */
    @Override
    public Retirement retireBefore(String wrappingKey) {
        return new Retirement(
                wrappingKey,
                List.of(),
                "no track key needs another KMS key than " + wrappingKey
                        + ". For each one that was behind " + config.wrappingKey()
                        + " before: 'aws kms disable-key --key-id OLD', see a day's calls open, then"
                        + " 'aws kms schedule-key-deletion --key-id OLD --pending-window-in-days 7'. Until KMS has deleted it,"
                        + " copies of the directory from before can still be opened.");
    }

    @Override
    public void close() {
        kms.close();
    }

    @Override
    public String toString() {
        return "KmsKeys[" + config.region() + "]";
    }
}
