package hansard.keys;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.MGF1ParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/** A private key in this process's memory. */
record JcaIdentityKey(PrivateKey privateKey) implements IdentityKey {
    private static final OAEPParameterSpec OAEP =
            new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);

    @Override
    public byte[] decryptOaep(byte[] encrypted) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
        cipher.init(Cipher.DECRYPT_MODE, privateKey, OAEP);
        return cipher.doFinal(encrypted);
    }

    @Override
    public byte[] agree(ECPublicKey ephemeral) throws GeneralSecurityException {
        KeyAgreement agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(privateKey);
        agreement.doPhase(ephemeral, true);
        return agreement.generateSecret();
    }

    @Override
    public boolean canSign() {
        return true;
    }

    @Override
    public byte[] sign(String algorithm, byte[] content) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(privateKey);
        signature.update(content);
        return signature.sign();
    }

    @Override
    public String toString() {
        return "JcaIdentityKey";
    }
}
