package hansard.keys;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Secret;
import hansard.wire.Octets;
import java.io.IOException;
import java.math.BigInteger;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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

    /** A message for more than these is not read: a key group has fewer workers. */
    static final int MAX_RECIPIENTS = 64;

    private SessionKeyOpener() {}

    /** @param permit asked before an identity's key is used; throws when that identity may not */
    static Secret<byte[]> open(Octets cms, List<WorkerIdentity> identities, Consumer<WorkerIdentity> permit) {
        requireSize(cms);
        Envelope envelope = parse(cms);
        if (envelope.recipients().size() > MAX_RECIPIENTS) {
            throw new HansardException(
                    ErrorCode.MALFORMED,
                    "a sealed session key for " + envelope.recipients().size() + " recipients: more than "
                            + MAX_RECIPIENTS + " are not read");
        }
        Addressed addressed = addressed(envelope.recipients(), identities);
        RecipientInformation ours = addressed.entry();
        permit.accept(addressed.identity());
        ContentKey.requireKnown(ours);
        byte[] content;
        try {
            content = ours.getContent(recipient(addressed, envelope.authenticated()));
        } catch (CMSException | RuntimeException e) {
            if (e instanceof HansardException unavailable) { // the key's keeper does not answer
                throw unavailable;
            }
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

    /** What stands in the message in the clear. */
    static CmsSummary summary(Octets cms) {
        requireSize(cms);
        Envelope envelope = parse(cms);
        return new CmsSummary(
                envelope.authenticated() ? "AuthEnvelopedData" : "EnvelopedData",
                envelope.cipher(),
                cms.length(),
                envelope.recipients().stream()
                        .map(SessionKeyOpener::describe)
                        .limit(MAX_RECIPIENTS)
                        .toList());
    }

    private static void requireSize(Octets cms) {
        if (cms.length() > MAX_CMS_BYTES) {
            throw new HansardException(
                    ErrorCode.MALFORMED,
                    "a sealed session key of " + cms.length() + " bytes: CMS of more than " + MAX_CMS_BYTES
                            + " bytes is not read");
        }
    }

    private record Envelope(Collection<RecipientInformation> recipients, boolean authenticated, String cipher) {}

    private static Envelope parse(Octets cms) {
        try {
            ContentInfo info = ContentInfo.getInstance(ASN1Primitive.fromByteArray(cms.array()));
            ASN1ObjectIdentifier type = info.getContentType();
            if (CMSObjectIdentifiers.envelopedData.equals(type)) {
                CMSEnvelopedData data = new CMSEnvelopedData(info);
                String cipher = requireCipher(
                        ENVELOPED_CIPHERS, data.getContentEncryptionAlgorithm().getAlgorithm(), "EnvelopedData");
                return new Envelope(data.getRecipientInfos().getRecipients(), false, cipher);
            }
            if (CMSObjectIdentifiers.authEnvelopedData.equals(type)) {
                CMSAuthEnvelopedData data = new CMSAuthEnvelopedData(info);
                String cipher = requireCipher(AUTH_ENVELOPED_CIPHERS, authCipher(info), "AuthEnvelopedData");
                return new Envelope(data.getRecipientInfos().getRecipients(), true, cipher);
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

    private static String requireCipher(
            Map<ASN1ObjectIdentifier, String> allowed, ASN1ObjectIdentifier cipher, String container) {
        String known = allowed.get(cipher);
        if (known == null) {
            String name = new DefaultAlgorithmNameFinder().getAlgorithmName(cipher);
            throw new HansardException(
                    ErrorCode.MALFORMED,
                    "a session key sealed with " + name + " is refused; in " + container + " use one of "
                            + allowed.values().stream().sorted().collect(Collectors.joining(", ")));
        }
        return known;
    }

    /** One entry of the message, and the identity of ours that it is for. */
    private record Addressed(RecipientInformation entry, WorkerIdentity identity) {}

    private static Addressed addressed(Collection<RecipientInformation> recipients, List<WorkerIdentity> identities) {
        for (WorkerIdentity identity : identities) {
            for (RecipientInformation recipient : recipients) {
                if (recipient.getRID() instanceof PKIXRecipientId id && isFor(identity.certificate(), id)) {
                    return new Addressed(recipient, identity);
                }
            }
        }
        String others =
                recipients.stream().map(SessionKeyOpener::describe).limit(16).collect(Collectors.joining("; "));
        String us = identities.stream()
                .map(i -> "serial " + i.certificate().getSerialNumber().toString(16) + " of " + issuer(i.certificate()))
                .collect(Collectors.joining(" and "));
        throw new HansardException(
                ErrorCode.NOT_AUTHENTIC,
                "a session key is not sealed for us, who are " + us + "; it is for: "
                        + (others.isEmpty() ? "nobody" : others)
                        + ". Seal it to the certificates that the ingest gives at /v1/recipients.");
    }

    /** By issuer and serial number, or by subject key identifier (RFC 5652 section 6.2.1). */
    private static boolean isFor(X509Certificate certificate, PKIXRecipientId id) {
        byte[] keyIdentifier = id.getSubjectKeyIdentifier();
        if (keyIdentifier != null) {
            return keyIdentifier.length > 0 && Arrays.equals(keyIdentifier, subjectKeyIdentifier(certificate));
        }
        return certificate.getSerialNumber().equals(id.getSerialNumber())
                && issuer(certificate).equals(id.getIssuer());
    }

    private static X500Name issuer(X509Certificate certificate) {
        return X500Name.getInstance(certificate.getIssuerX500Principal().getEncoded());
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

    private static Recipient recipient(Addressed addressed, boolean authenticated) throws CMSException {
        return switch (addressed.entry()) {
            case KeyAgreeRecipientInformation agree -> ContentKey.byAgreement(addressed.identity(), authenticated);
            case KeyTransRecipientInformation transport -> ContentKey.byTransport(addressed.identity(), authenticated);
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
