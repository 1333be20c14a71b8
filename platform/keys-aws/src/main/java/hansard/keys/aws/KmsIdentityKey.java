package hansard.keys.aws;

import hansard.keys.IdentityKey;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAKey;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kms.model.EncryptionAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.KeyAgreementAlgorithmSpec;

/** A private key in KMS: what leaves it is one message's shared secret or content key. */
record KmsIdentityKey(Kms kms, String keyId, PublicKey publicKey) implements IdentityKey {
    @Override
    public byte[] decryptOaep(byte[] encrypted) throws GeneralSecurityException {
        // so that KMS is asked nothing it must refuse for its form, which it says otherwise than of altered bytes
        if (!(publicKey instanceof RSAKey rsa)
                || encrypted.length != (rsa.getModulus().bitLength() + 7) / 8) {
            throw new GeneralSecurityException(encrypted.length + " bytes are no ciphertext of our key");
        }
        return asked(() -> Kms.requiredBytes(
                kms.ask(
                                keyId,
                                "kms:Decrypt",
                                client -> client.decrypt(request -> request.keyId(keyId)
                                        .ciphertextBlob(SdkBytes.fromByteArray(encrypted))
                                        .encryptionAlgorithm(EncryptionAlgorithmSpec.RSAES_OAEP_SHA_256)))
                        .plaintext(),
                "Plaintext"));
    }

    @Override
    public byte[] agree(ECPublicKey ephemeral) throws GeneralSecurityException {
        if (!(publicKey instanceof ECPublicKey)) {
            throw new GeneralSecurityException("the identity in AWS KMS is no elliptic curve key");
        }
        return asked(() -> Kms.requiredBytes(
                kms.ask(
                                keyId,
                                "kms:DeriveSharedSecret",
                                client -> client.deriveSharedSecret(request -> request.keyId(keyId)
                                        .keyAgreementAlgorithm(KeyAgreementAlgorithmSpec.ECDH)
                                        .publicKey(SdkBytes.fromByteArray(ephemeral.getEncoded()))))
                        .sharedSecret(),
                "SharedSecret"));
    }

    private interface Question {
        byte[] ask() throws IOException, Kms.RefusedException;
    }

    private static byte[] asked(Question question) throws GeneralSecurityException {
        try {
            return question.ask();
        } catch (Kms.RefusedException e) {
            throw new GeneralSecurityException("AWS KMS refuses it", e);
        } catch (IOException e) {
            throw new HansardException(ErrorCode.VAULT_UNAVAILABLE, String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public String toString() {
        return "KmsIdentityKey";
    }
}
