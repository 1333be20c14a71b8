package hansard.keys;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.ProviderException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAKey;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import org.bouncycastle.crypto.AsymmetricBlockCipher;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.encodings.OAEPEncoding;
import org.bouncycastle.crypto.params.RSAKeyParameters;

/** A private key on a token: what leaves the token is a shared secret or one decrypted number, for one message. */
record TokenIdentityKey(PrivateKey privateKey, PublicKey publicKey, Provider provider) implements IdentityKey {

    /** The token raises to the private power; the JDK's provider knows no OAEP, so the padding is taken off here. */
    @Override
    public byte[] decryptOaep(byte[] encrypted) throws GeneralSecurityException {
        if (!(publicKey instanceof RSAKey rsa)) { // of the private key the token tells nothing
            throw new GeneralSecurityException("the identity on the token is no RSA key");
        }
        OAEPEncoding oaep = new OAEPEncoding(new TokenRsa(privateKey, rsa, provider), new SHA256Digest());
        oaep.init(false, new RSAKeyParameters(true, rsa.getModulus(), BigInteger.ONE));
        // RFC 8017 section 5.1.2: so that a token which fails is to blame itself
        if (encrypted.length != rsaBytes(rsa) || new BigInteger(1, encrypted).compareTo(rsa.getModulus()) >= 0) {
            throw new GeneralSecurityException(encrypted.length + " bytes are no ciphertext of our key");
        }
        try {
            return oaep.processBlock(encrypted, 0, encrypted.length);
        } catch (InvalidCipherTextException e) {
            throw new GeneralSecurityException("it does not decrypt", e);
        }
    }

    @Override
    public byte[] agree(ECPublicKey ephemeral) throws GeneralSecurityException {
        try {
            KeyAgreement agreement = KeyAgreement.getInstance("ECDH", provider);
            agreement.init(privateKey);
            agreement.doPhase(ephemeral, true);
            return agreement.generateSecret();
        } catch (GeneralSecurityException
                | ProviderException e) { // the point is one of our curve, or we were not asked
            throw unavailable("agree on a key", e);
        }
    }

    private static int rsaBytes(RSAKey rsa) {
        return (rsa.getModulus().bitLength() + 7) / 8;
    }

    private static HansardException unavailable(String what, Exception e) {
        return new HansardException(
                ErrorCode.VAULT_UNAVAILABLE,
                "the token does not " + what + ": " + e + ". Check that it is plugged in and answers.",
                e);
    }

    /** RSADP (RFC 8017 section 5.1.2), on the token. */
    private static final class TokenRsa implements AsymmetricBlockCipher {
        private final PrivateKey key;
        private final Provider provider;
        private final int modulusBytes;

        TokenRsa(PrivateKey key, RSAKey modulus, Provider provider) {
            this.key = key;
            this.provider = provider;
            this.modulusBytes = rsaBytes(modulus);
        }

        @Override
        public void init(boolean forEncryption, CipherParameters parameters) {
            // the key is on the token
        }

        @Override
        public int getInputBlockSize() {
            return modulusBytes;
        }

        @Override
        public int getOutputBlockSize() {
            return modulusBytes - 1;
        }

        @Override
        public byte[] processBlock(byte[] in, int offset, int length) {
            try {
                Cipher cipher = Cipher.getInstance("RSA/ECB/NoPadding", provider);
                cipher.init(Cipher.DECRYPT_MODE, key);
                byte[] out = cipher.doFinal(in, offset, length);
                // the padding's leading zero is not part of the block; anything else there is left for the decoder to
                // refuse
                return out.length == modulusBytes && out[0] == 0 ? Arrays.copyOfRange(out, 1, out.length) : out;
            } catch (GeneralSecurityException | ProviderException e) {
                throw unavailable("decrypt", e);
            }
        }
    }

    @Override
    public boolean canSign() {
        return true;
    }

    @Override
    public byte[] sign(String algorithm, byte[] content) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm, provider);
        signature.initSign(privateKey);
        signature.update(content);
        return signature.sign();
    }

    @Override
    public String toString() {
        return "TokenIdentityKey";
    }
}
