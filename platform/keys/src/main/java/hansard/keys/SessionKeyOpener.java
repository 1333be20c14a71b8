package hansard.keys;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Secret;
import hansard.wire.Octets;
import java.io.IOException;
import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.cms.AuthEnvelopedData;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cms.CMSAuthEnvelopedData;
import org.bouncycastle.cms.CMSEnvelopedData;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.KeyAgreeRecipientInformation;
import org.bouncycastle.cms.KeyTransRecipientInformation;
import org.bouncycastle.cms.PKIXRecipientId;
import org.bouncycastle.cms.Recipient;
import org.bouncycastle.cms.RecipientInformation;
import org.bouncycastle.cms.jcajce.JceKeyAgreeAuthEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyAgreeEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransAuthEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyTransEnvelopedRecipient;
import org.bouncycastle.operator.DefaultAlgorithmNameFinder;

/**
 * Opens session keys sealed as CMS. The bytes come from outside: their size is checked before they are parsed, the cipher before
 * a key is used, and the content's length after.
 *
 * <p>EnvelopedData (RFC 5652 section 6) with AES-CBC, AuthEnvelopedData (RFC 5083) with AES-GCM (RFC 5084). Recipients by key
 * transport or key agreement, named by issuer and serial number or by subject key identifier.
 */
final class SessionKeyOpener {
    static final int MAX_CMS_BYTES = 64 * 1024;
    static final int MAX_CONTENT_BYTES = 512;

    private static final Map<ASN1ObjectIdentifier, String> ENVELOPED_CIPHERS = Map.of(
            NISTObjectIdentifiers.id_aes128_CBC, "AES-128-CBC",
            NISTObjectIdentifiers.id_aes192_CBC, "AES-192-CBC",
            NISTObjectIdentifiers.id_aes256_CBC, "AES-256-CBC");
    private static final Map<ASN1ObjectIdentifier, String> AUTH_ENVELOPED_CIPHERS = Map.of(
            NISTObjectIdentifiers.id_aes128_GCM, "AES-128-GCM",
            NISTObjectIdentifiers.id_aes192_GCM, "AES-192-GCM",
            NISTObjectIdentifiers.id_aes256_GCM, "AES-256-GCM");

    private final PrivateKey privateKey;
    private final X500Name issuer;
    private final BigInteger serialNumber;
    private final byte[] subjectKeyIdentifier;

    SessionKeyOpener(X509Certificate certificate, PrivateKey privateKey) {
        this.privateKey = privateKey;
        this.issuer = X500Name.getInstance(certificate.getIssuerX500Principal().getEncoded());
        this.serialNumber = certificate.getSerialNumber();
        this.subjectKeyIdentifier = subjectKeyIdentifier(certificate);
    }

    Secret<byte[]> open(Octets cms) {
        if (cms.length() > MAX_CMS_BYTES) {
            throw new HansardException(
                    ErrorCode.MALFORMED,
                    "a sealed session key of " + cms.length() + " bytes: CMS of more than " + MAX_CMS_BYTES
                            + " bytes is not read");
        }
        Envelope envelope = parse(cms);
        RecipientInformation ours = ours(envelope.recipients());
        byte[] content;
        try {
            content = ours.getContent(recipient(ours, envelope.authenticated()));
        } catch (CMSException | RuntimeException e) {
            // BouncyCastle reports malformed inner structures as several unchecked exceptions
            throw new HansardException(
                    ErrorCode.NOT_AUTHENTIC,
                    "a sealed session key for " + describe(ours)
                            + " does not open: it was altered, or sealed to another key",
                    e);
        }
        if (content.length < 1 || content.length > MAX_CONTENT_BYTES) {
            throw new HansardException(
                    ErrorCode.MALFORMED,
                    "a sealed session key holds " + content.length + " bytes; master key and salt are 1 to "
                            + MAX_CONTENT_BYTES);
        }
        return Secret.of(content);
    }

    private record Envelope(Collection<RecipientInformation> recipients, boolean authenticated) {}

    private static Envelope parse(Octets cms) {
        try {
            ContentInfo info = ContentInfo.getInstance(ASN1Primitive.fromByteArray(cms.array()));
            ASN1ObjectIdentifier type = info.getContentType();
            if (CMSObjectIdentifiers.envelopedData.equals(type)) {
                CMSEnvelopedData data = new CMSEnvelopedData(info);
                requireCipher(
                        ENVELOPED_CIPHERS, data.getContentEncryptionAlgorithm().getAlgorithm(), "EnvelopedData");
                return new Envelope(data.getRecipientInfos().getRecipients(), false);
            }
            if (CMSObjectIdentifiers.authEnvelopedData.equals(type)) {
                CMSAuthEnvelopedData data = new CMSAuthEnvelopedData(info);
                requireCipher(AUTH_ENVELOPED_CIPHERS, authCipher(info), "AuthEnvelopedData");
                return new Envelope(data.getRecipientInfos().getRecipients(), true);
            }
            throw new HansardException(
                    ErrorCode.MALFORMED,
                    "a sealed session key is CMS of type " + type + "; EnvelopedData or AuthEnvelopedData is needed");
        } catch (HansardException e) {
            throw e;
        } catch (CMSException | IOException | RuntimeException e) {
            throw new HansardException(
                    ErrorCode.MALFORMED, "a sealed session key of " + cms.length() + " bytes is not CMS in DER", e);
        }
    }

    private static ASN1ObjectIdentifier authCipher(ContentInfo info) {
        return AuthEnvelopedData.getInstance(info.getContent())
                .getAuthEncryptedContentInfo()
                .getContentEncryptionAlgorithm()
                .getAlgorithm();
    }

    private static void requireCipher(
            Map<ASN1ObjectIdentifier, String> allowed, ASN1ObjectIdentifier cipher, String container) {
        if (!allowed.containsKey(cipher)) {
            String name = new DefaultAlgorithmNameFinder().getAlgorithmName(cipher);
            throw new HansardException(
                    ErrorCode.MALFORMED,
                    "a session key sealed with " + name + " is refused; in " + container + " use one of "
                            + allowed.values().stream().sorted().collect(Collectors.joining(", ")));
        }
    }

    private RecipientInformation ours(Collection<RecipientInformation> recipients) {
        for (RecipientInformation recipient : recipients) {
            if (recipient.getRID() instanceof PKIXRecipientId id && isOurs(id)) {
                return recipient;
            }
        }
        String others =
                recipients.stream().map(SessionKeyOpener::describe).limit(16).collect(Collectors.joining("; "));
        throw new HansardException(
                ErrorCode.NOT_AUTHENTIC,
                "a session key is not sealed for us, who are serial " + serialNumber.toString(16) + " of " + issuer
                        + "; it is for: " + (others.isEmpty() ? "nobody" : others)
                        + ". Seal it to the certificates that the ingest gives at /v1/recipients.");
    }

    private boolean isOurs(PKIXRecipientId id) {
        byte[] keyIdentifier = id.getSubjectKeyIdentifier();
        if (keyIdentifier != null) {
            return keyIdentifier.length > 0 && Arrays.equals(keyIdentifier, subjectKeyIdentifier);
        }
        return serialNumber.equals(id.getSerialNumber()) && issuer.equals(id.getIssuer());
    }

    private static String describe(RecipientInformation recipient) {
        if (!(recipient.getRID() instanceof PKIXRecipientId id)) {
            return "a recipient without a certificate";
        }
        byte[] keyIdentifier = id.getSubjectKeyIdentifier();
        if (keyIdentifier != null) {
            return "key identifier " + HexFormat.of().formatHex(keyIdentifier);
        }
        BigInteger serial = id.getSerialNumber();
        return "serial " + (serial == null ? "?" : serial.toString(16)) + " of " + id.getIssuer();
    }

    private Recipient recipient(RecipientInformation ours, boolean authenticated) throws CMSException {
        return switch (ours) {
            case KeyAgreeRecipientInformation agree ->
                authenticated
                        ? new JceKeyAgreeAuthEnvelopedRecipient(privateKey).setProvider(CmsCrypto.PROVIDER)
                        : new JceKeyAgreeEnvelopedRecipient(privateKey).setProvider(CmsCrypto.PROVIDER);
            case KeyTransRecipientInformation transport ->
                authenticated
                        ? new JceKeyTransAuthEnvelopedRecipient(privateKey).setProvider(CmsCrypto.PROVIDER)
                        : new JceKeyTransEnvelopedRecipient(privateKey).setProvider(CmsCrypto.PROVIDER);
            default -> throw new CMSException("neither key transport nor key agreement");
        };
    }

    private static byte[] subjectKeyIdentifier(X509Certificate certificate) {
        try {
            var holder = new JcaX509CertificateHolder(certificate);
            Extension extension = holder.getExtension(Extension.subjectKeyIdentifier);
            return extension == null
                    ? new byte[0]
                    : ASN1OctetString.getInstance(extension.getParsedValue()).getOctets();
        } catch (CertificateEncodingException e) {
            throw new HansardException(ErrorCode.VAULT_UNAVAILABLE, "the vault's certificate is damaged", e);
        }
    }
}
