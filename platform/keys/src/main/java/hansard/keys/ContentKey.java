package hansard.keys;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.cms.ecc.ECCCMSSharedInfo;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAESOAEPparams;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.KeyTransRecipientInformation;
import org.bouncycastle.cms.Recipient;
import org.bouncycastle.cms.RecipientInformation;
import org.bouncycastle.cms.jcajce.JceKeyAgreeAuthEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyAgreeEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransAuthEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA224Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA384Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.generators.KDF2BytesGenerator;
import org.bouncycastle.crypto.params.KDFParameters;
import org.bouncycastle.crypto.util.PublicKeyFactory;

/**
 * How one recipient's entry of a CMS message gives the key of its content. BouncyCastle reads the message and opens the content;
 * the step in between is here because it needs the private key, which may be on a token or in a service.
 */
final class ContentKey {
    /** RFC 5753 section 7.1.4: one-pass Diffie-Hellman with the X9.63 key derivation. */
    private static final Map<ASN1ObjectIdentifier, java.util.function.Supplier<Digest>> KDF_DIGESTS = Map.of(
            X9ObjectIdentifiers.dhSinglePass_stdDH_sha1kdf_scheme, SHA1Digest::new,
            SECObjectIdentifiers.dhSinglePass_stdDH_sha224kdf_scheme, SHA224Digest::new,
            SECObjectIdentifiers.dhSinglePass_stdDH_sha256kdf_scheme, SHA256Digest::new,
            SECObjectIdentifiers.dhSinglePass_stdDH_sha384kdf_scheme, SHA384Digest::new,
            SECObjectIdentifiers.dhSinglePass_stdDH_sha512kdf_scheme, SHA512Digest::new);

    /** RFC 3565 section 2.3.2: AES key wrap, with the bits of its key. */
    private static final Map<ASN1ObjectIdentifier, Integer> WRAP_BITS = Map.of(
            NISTObjectIdentifiers.id_aes128_wrap, 128,
            NISTObjectIdentifiers.id_aes192_wrap, 192,
            NISTObjectIdentifiers.id_aes256_wrap, 256);

    private ContentKey() {}

    /**
     * Says which algorithm was expected, before a key is used.
     *
     * @throws HansardException NOT_AUTHENTIC for any that is not taken
     */
    static void requireKnown(RecipientInformation entry) {
        if (entry instanceof KeyTransRecipientInformation
                && !PKCSObjectIdentifiers.id_RSAES_OAEP.getId().equals(entry.getKeyEncryptionAlgOID())) {
            throw new HansardException(
                    ErrorCode.NOT_AUTHENTIC,
                    "a session key sealed to our RSA key with algorithm " + entry.getKeyEncryptionAlgOID()
                            + " is refused: seal it with RSA-OAEP and SHA-256, as docs/sealing.md shows");
        }
    }

    /** RFC 5652 section 6.2.1. */
    static Recipient byTransport(WorkerIdentity identity, boolean authenticated) {
        PrivateKey elsewhere = new Elsewhere("RSA");
        if (authenticated) {
            return new JceKeyTransAuthEnvelopedRecipient(elsewhere) {
                @Override
                protected Key extractSecretKey(AlgorithmIdentifier how, AlgorithmIdentifier content, byte[] encrypted)
                        throws CMSException {
                    return transported(identity.key(), how, content, encrypted);
                }
            }.setContentProvider(CmsCrypto.PROVIDER);
        }
        return new JceKeyTransEnvelopedRecipient(elsewhere) {
            @Override
            protected Key extractSecretKey(AlgorithmIdentifier how, AlgorithmIdentifier content, byte[] encrypted)
                    throws CMSException {
                return transported(identity.key(), how, content, encrypted);
            }
        }.setContentProvider(CmsCrypto.PROVIDER);
    }

    /** RFC 5652 section 6.2.2. */
    static Recipient byAgreement(WorkerIdentity identity, boolean authenticated) {
        AlgorithmIdentifier ours = SubjectPublicKeyInfo.getInstance(
                        identity.certificate().getPublicKey().getEncoded())
                .getAlgorithm();
        PrivateKey elsewhere = new Elsewhere("EC");
        if (authenticated) {
            return new JceKeyAgreeAuthEnvelopedRecipient(elsewhere) {
                @Override
                protected Key extractSecretKey(
                        AlgorithmIdentifier how,
                        AlgorithmIdentifier content,
                        SubjectPublicKeyInfo sender,
                        ASN1OctetString material,
                        byte[] encrypted)
                        throws CMSException {
                    return agreed(identity.key(), ours, how, content, sender, material, encrypted);
                }
            }.setPrivateKeyAlgorithmIdentifier(ours).setContentProvider(CmsCrypto.PROVIDER);
        }
        return new JceKeyAgreeEnvelopedRecipient(elsewhere) {
            @Override
            protected Key extractSecretKey(
                    AlgorithmIdentifier how,
                    AlgorithmIdentifier content,
                    SubjectPublicKeyInfo sender,
                    ASN1OctetString material,
                    byte[] encrypted)
                    throws CMSException {
                return agreed(identity.key(), ours, how, content, sender, material, encrypted);
            }
        }.setPrivateKeyAlgorithmIdentifier(ours).setContentProvider(CmsCrypto.PROVIDER);
    }

    private static Key transported(
            IdentityKey key, AlgorithmIdentifier how, AlgorithmIdentifier content, byte[] encrypted)
            throws CMSException {
        // PKCS #1 v1.5 (RFC 8017 section 7.2) would make us an oracle for whoever may send messages
        if (!PKCSObjectIdentifiers.id_RSAES_OAEP.equals(how.getAlgorithm()) || !isSha256(how)) {
            throw new CMSException("key transport is not RSAES-OAEP with SHA-256");
        }
        try {
            return new SecretKeySpec(
                    key.decryptOaep(encrypted), content.getAlgorithm().getId());
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new CMSException("the content's key does not decrypt", e);
        }
    }

    private static boolean isSha256(AlgorithmIdentifier oaep) {
        RSAESOAEPparams parameters = RSAESOAEPparams.getInstance(oaep.getParameters());
        AlgorithmIdentifier mask = parameters.getMaskGenAlgorithm();
        return NISTObjectIdentifiers.id_sha256.equals(
                        parameters.getHashAlgorithm().getAlgorithm())
                && PKCSObjectIdentifiers.id_mgf1.equals(mask.getAlgorithm())
                && NISTObjectIdentifiers.id_sha256.equals(
                        AlgorithmIdentifier.getInstance(mask.getParameters()).getAlgorithm());
    }

    private static Key agreed(
            IdentityKey key,
            AlgorithmIdentifier ours,
            AlgorithmIdentifier how,
            AlgorithmIdentifier content,
            SubjectPublicKeyInfo sender,
            @org.jspecify.annotations.Nullable ASN1OctetString material,
            byte[] encrypted)
            throws CMSException {
        var digest = KDF_DIGESTS.get(how.getAlgorithm());
        AlgorithmIdentifier wrap = AlgorithmIdentifier.getInstance(how.getParameters());
        Integer bits = wrap == null ? null : WRAP_BITS.get(wrap.getAlgorithm());
        if (digest == null || bits == null) {
            throw new CMSException("key agreement is not ECDH with X9.63 derivation and AES key wrap");
        }
        byte[] shared = new byte[0];
        byte[] wrapKey = new byte[bits / 8];
        try {
            shared = key.agree(onOurCurve(sender, ours));
            // RFC 5753 section 7.2
            byte[] info = new ECCCMSSharedInfo(
                            wrap,
                            material == null ? null : material.getOctets(),
                            java.nio.ByteBuffer.allocate(4).putInt(bits).array())
                    .getEncoded(ASN1Encoding.DER);
            KDF2BytesGenerator kdf = new KDF2BytesGenerator(digest.get());
            kdf.init(new KDFParameters(shared, info));
            kdf.generateBytes(wrapKey, 0, wrapKey.length);
            Cipher unwrap = Cipher.getInstance("AES/KW/NoPadding");
            unwrap.init(Cipher.UNWRAP_MODE, AesGcm.key(wrapKey));
            return unwrap.unwrap(encrypted, content.getAlgorithm().getId(), Cipher.SECRET_KEY);
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw new CMSException("the content's key does not unwrap", e);
        } finally {
            Arrays.fill(shared, (byte) 0);
            Arrays.fill(wrapKey, (byte) 0);
        }
    }

    /** A point of another curve would tell of our key what a few thousand of them make whole. */
    private static ECPublicKey onOurCurve(SubjectPublicKeyInfo sender, AlgorithmIdentifier ours)
            throws IOException, GeneralSecurityException {
        if (!ours.equals(sender.getAlgorithm())) {
            throw new GeneralSecurityException("the sender's key is of another curve");
        }
        PublicKeyFactory.createKey(sender); // refuses what is not a point of the curve
        PublicKey key = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(sender.getEncoded()));
        if (key instanceof ECPublicKey ec) {
            return ec;
        }
        throw new GeneralSecurityException("the sender's key is no elliptic curve key");
    }

    /** Stands for a private key where BouncyCastle asks for one; it is never used. */
    private record Elsewhere(String algorithm) implements PrivateKey {
        @Override
        public String getAlgorithm() {
            return algorithm;
        }

        @Override
        public @org.jspecify.annotations.Nullable String getFormat() {
            return null;
        }

        @Override
        public byte @org.jspecify.annotations.Nullable [] getEncoded() {
            return null;
        }
    }
}
