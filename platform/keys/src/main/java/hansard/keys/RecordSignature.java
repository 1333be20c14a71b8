package hansard.keys;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.Octets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.Time;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/**
 * A statement about a record, signed by a worker's identity: CMS SignedData (RFC 5652 section 5) with its content, one signer, the signer's
 * certificate and the signing time (section 11.3). {@code openssl cms -verify} reads it.
 *
 * @param content what was signed
 * @param signer whose key the signature is of; that the organisation's authority issued it is for the vault to say
 * @param at when, as the signer says
 */
public record RecordSignature(Octets content, X509Certificate signer, Instant at) {
    static final int MAX_BYTES = 8 << 20;

    /** Whether the identity's keeper signs at all. */
    static boolean canSign(WorkerIdentity identity) {
        return identity.key().canSign();
    }

    static Octets sign(WorkerIdentity identity, byte[] content) {
        X509Certificate certificate = identity.certificate();
        String algorithm =
                certificate.getPublicKey().getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        try {
            CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
            generator.addSignerInfoGenerator(
                    new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
                            .build(new KeptSigner(identity.key(), algorithm), certificate));
            generator.addCertificates(new JcaCertStore(List.of(certificate)));
            return Octets.of(generator
                    .generate(new CMSProcessableByteArray(content), true)
                    .getEncoded("DER"));
        } catch (OperatorCreationException | GeneralSecurityException | CMSException | IOException e) {
            throw new HansardException(
                    ErrorCode.VAULT_UNAVAILABLE,
                    "the key of " + identity.name() + " did not sign: " + e.getMessage(),
                    e);
        }
    }

    /** @throws HansardException MALFORMED when it is no such statement, NOT_AUTHENTIC when it was altered */
    static RecordSignature open(Octets cms) {
        if (cms.length() > MAX_BYTES) {
            throw new HansardException(ErrorCode.MALFORMED, "a signature of " + cms.length() + " bytes");
        }
        try {
            CMSSignedData signed = new CMSSignedData(cms.array());
            Collection<SignerInformation> signers = signed.getSignerInfos().getSigners();
            if (signers.size() != 1 || signed.getSignedContent() == null) {
                throw new HansardException(ErrorCode.MALFORMED, "a signature without content, or not of one signer");
            }
            SignerInformation signer = signers.iterator().next();
            Collection<X509CertificateHolder> certificates =
                    signed.getCertificates().getMatches(signer.getSID());
            if (certificates.size() != 1) {
                throw new HansardException(ErrorCode.MALFORMED, "a signature without its signer's certificate");
            }
            X509Certificate certificate = new JcaX509CertificateConverter()
                    .getCertificate(certificates.iterator().next());
            if (!signer.verify(new JcaSimpleSignerInfoVerifierBuilder().build(certificate.getPublicKey()))) {
                throw altered(null);
            }
            byte[] content = (byte[]) signed.getSignedContent().getContent();
            return new RecordSignature(Octets.of(content), certificate, signingTime(signer));
        } catch (CMSException | OperatorCreationException e) {
            throw altered(e);
        } catch (GeneralSecurityException | RuntimeException e) {
            if (e instanceof HansardException known) {
                throw known;
            }
            throw new HansardException(ErrorCode.MALFORMED, "bytes that are no CMS SignedData", e);
        }
    }

    private static HansardException altered(@org.jspecify.annotations.Nullable Exception cause) {
        return new HansardException(
                ErrorCode.NOT_AUTHENTIC, "the signature does not hold: it or what it signs was altered", cause);
    }

    private static Instant signingTime(SignerInformation signer) {
        Attribute attribute = signer.getSignedAttributes() == null
                ? null
                : signer.getSignedAttributes().get(CMSAttributes.signingTime);
        if (attribute == null || attribute.getAttrValues().size() != 1) {
            throw new HansardException(ErrorCode.MALFORMED, "a signature that does not say when it was made");
        }
        return Time.getInstance(attribute.getAttrValues().getObjectAt(0))
                .getDate()
                .toInstant();
    }

    /** Collects what is to be signed and has the key's keeper sign it. */
    private static final class KeptSigner implements ContentSigner {
        private final IdentityKey key;
        private final String algorithm;
        private final ByteArrayOutputStream toBeSigned = new ByteArrayOutputStream();

        KeptSigner(IdentityKey key, String algorithm) {
            this.key = key;
            this.algorithm = algorithm;
        }

        @Override
        public AlgorithmIdentifier getAlgorithmIdentifier() {
            return new DefaultSignatureAlgorithmIdentifierFinder().find(algorithm);
        }

        @Override
        public OutputStream getOutputStream() {
            return toBeSigned;
        }

        @Override
        public byte[] getSignature() {
            try {
                return key.sign(algorithm, toBeSigned.toByteArray());
            } catch (GeneralSecurityException e) {
                throw new HansardException(
                        ErrorCode.VAULT_UNAVAILABLE, "the keeper of the key did not sign: " + e.getMessage(), e);
            }
        }
    }

    @Override
    public String toString() {
        return "RecordSignature[" + signer.getSubjectX500Principal().getName() + ", " + at + "]";
    }
}
