package hansard.sealer;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.util.List;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.CMSAuthEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.RecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.cms.jcajce.JceKeyAgreeRecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientInfoGenerator;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OutputAEADEncryptor;
import org.bouncycastle.operator.jcajce.JcaAlgorithmParametersConverter;

/** Seals a session key for the workers' certificates. Holds no secret. */
public final class KeySealer {
    /** Not registered with the JVM: nothing else of the caller changes its provider. */
    private static final Provider PROVIDER = new BouncyCastleProvider();

    private static final OAEPParameterSpec OAEP_SHA256 =
            new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);

    private KeySealer() {}

    /**
     * CMS AuthEnvelopedData (AES-256-GCM), one key transport (RSA-OAEP) or key agreement (ECDH) recipient per certificate.
     *
     * @param masterKeyAndSalt SRTP master key followed by master salt, or an SFrame base key
     * @return DER
     * @throws IllegalArgumentException when there is no certificate, or one with neither an RSA nor an EC key
     */
    public static byte[] seal(byte[] masterKeyAndSalt, List<X509Certificate> recipients) {
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("a session key must be sealed to at least one certificate");
        }
        try {
            var generator = new CMSAuthEnvelopedDataGenerator();
            for (X509Certificate recipient : recipients) {
                generator.addRecipientInfoGenerator(recipientInfo(recipient));
            }
            var encryptor = new JceCMSContentEncryptorBuilder(CMSAlgorithm.AES256_GCM)
                    .setProvider(PROVIDER)
                    .build();
            var sealed =
                    generator.generate(new CMSProcessableByteArray(masterKeyAndSalt), (OutputAEADEncryptor) encryptor);
            return sealed.toASN1Structure().getEncoded("DER");
        } catch (CMSException | GeneralSecurityException | IOException e) {
            throw new IllegalStateException("this JVM cannot seal a key as CMS", e);
        }
    }

    private static RecipientInfoGenerator recipientInfo(X509Certificate recipient) throws GeneralSecurityException {
        return switch (recipient.getPublicKey()) {
            case RSAPublicKey rsa -> {
                var oaep = new JcaAlgorithmParametersConverter()
                        .getAlgorithmIdentifier(PKCSObjectIdentifiers.id_RSAES_OAEP, OAEP_SHA256);
                yield new JceKeyTransRecipientInfoGenerator(recipient, oaep).setProvider(PROVIDER);
            }
            case ECPublicKey ec -> {
                // a key pair for this message only: nothing that stays with the sender opens it later
                KeyPairGenerator pairs = KeyPairGenerator.getInstance("EC");
                pairs.initialize(ec.getParams());
                KeyPair ephemeral = pairs.generateKeyPair();
                yield new JceKeyAgreeRecipientInfoGenerator(
                                CMSAlgorithm.ECDH_SHA256KDF,
                                ephemeral.getPrivate(),
                                ephemeral.getPublic(),
                                CMSAlgorithm.AES256_WRAP)
                        .addRecipient(recipient)
                        .setProvider(PROVIDER);
            }
            default ->
                throw new IllegalArgumentException("the certificate of "
                        + recipient.getSubjectX500Principal().getName() + " has a "
                        + recipient.getPublicKey().getAlgorithm()
                        + " key; session keys are sealed to RSA or EC keys");
        };
    }
}
