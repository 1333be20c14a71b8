package hansard.keys;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.Octets;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionKeyTest {
    private static final byte[] MASTER = new byte[30];

    static {
        for (int i = 0; i < MASTER.length; i++) {
            MASTER[i] = (byte) (0xa0 + i);
        }
    }

    @TempDir
    Path directory;

    private Vault vault;

    @BeforeEach
    void open() {
        vault = Pkcs12Vault.open(directory.resolve("vault"));
    }

    @AfterEach
    void close() {
        vault.close();
    }

    @Test
    void whatTheSealerSealsTheVaultOpens() {
        Octets cms = KeySealer.seal(MASTER, vault.recipients());
        assertArrayEquals(MASTER, vault.openSessionKey("acme", cms).reveal());
        assertEquals("[secret]", vault.openSessionKey("acme", cms).toString());
    }

    @Test
    void everyRecipientOpensTheSameMessage() throws Exception {
        KeyPairGenerator pairs = KeyPairGenerator.getInstance("RSA");
        pairs.initialize(2048);
        KeyPair rsa = pairs.generateKeyPair();
        X509Certificate rsaCertificate = certificate("CN=other-worker", rsa, "SHA256withRSA");
        Octets cms = KeySealer.seal(
                MASTER, List.of(rsaCertificate, vault.recipients().getFirst()));
        assertArrayEquals(MASTER, vault.openSessionKey("acme", cms).reveal());
        assertArrayEquals(
                MASTER,
                SessionKeyOpener.open(
                                cms,
                                List.of(new WorkerIdentity(rsaCertificate, new JcaIdentityKey(rsa.getPrivate()))),
                                i -> {})
                        .reveal());
    }

    @Test
    void wrongRecipientGetsNoKeyAndIsToldForWhomItIs() throws Exception {
        KeyPairGenerator pairs = KeyPairGenerator.getInstance("EC");
        pairs.initialize(256);
        X509Certificate stranger = certificate("CN=stranger", pairs.generateKeyPair(), "SHA256withECDSA");
        Octets cms = KeySealer.seal(MASTER, List.of(stranger));
        String message = Refused.with(ErrorCode.NOT_AUTHENTIC, () -> vault.openSessionKey("acme", cms));
        assertTrue(message.contains("CN=stranger"), message);
        assertTrue(message.contains(stranger.getSerialNumber().toString(16)), message);
    }

    @Test
    void sealingToNobodyIsRefused() {
        Refused.with(ErrorCode.BAD_REQUEST, () -> KeySealer.seal(MASTER, List.of()));
    }

    @Test
    void aForgedMessageGivesNoKey() {
        byte[] cms = KeySealer.seal(MASTER, vault.recipients()).array();
        for (int at = 0; at < cms.length; at++) {
            byte[] altered = cms.clone();
            altered[at] ^= 0x04;
            assertNoOtherKey(altered);
        }
    }

    @Test
    void everyTruncationIsRefused() {
        byte[] cms = KeySealer.seal(MASTER, vault.recipients()).array();
        for (int length = 0; length < cms.length; length++) {
            int end = length;
            Refused.with(ErrorCode.MALFORMED, () -> vault.openSessionKey("acme", Octets.of(Arrays.copyOf(cms, end))));
        }
    }

    /** A bit that carries no meaning may change (an optional attribute's tag, say), but never the key. */
    private void assertNoOtherKey(byte[] altered) {
        try {
            assertArrayEquals(
                    MASTER, vault.openSessionKey("acme", Octets.of(altered)).reveal());
        } catch (HansardException e) {
            assertTrue(Set.of(ErrorCode.NOT_AUTHENTIC, ErrorCode.MALFORMED).contains(e.code()), e.toString());
        }
    }

    @Test
    void tooLargeAMessageIsNotEvenParsed() {
        byte[] huge = new byte[SessionKeyOpener.MAX_CMS_BYTES + 1];
        String message = Refused.with(ErrorCode.MALFORMED, () -> vault.openSessionKey("acme", Octets.of(huge)));
        assertTrue(message.contains("65536"), message);
    }

    @Test
    void deeplyNestedDerIsRefusedWithoutOverflow() {
        byte[] nested = new byte[SessionKeyOpener.MAX_CMS_BYTES];
        for (int i = 0; i + 1 < nested.length; i += 2) {
            nested[i] = 0x30; // SEQUENCE of indefinite length
            nested[i + 1] = (byte) 0x80;
        }
        Refused.with(ErrorCode.MALFORMED, () -> vault.openSessionKey("acme", Octets.of(nested)));
    }

    @Test
    void cmsBombOfNestedSequencesIsRefused() {
        // definite lengths, as deep as fits
        byte[] nested = new byte[0];
        while (nested.length < 60_000) {
            byte[] outer = new byte[nested.length + 4];
            outer[0] = 0x30;
            outer[1] = (byte) 0x82;
            outer[2] = (byte) (nested.length >> 8);
            outer[3] = (byte) nested.length;
            System.arraycopy(nested, 0, outer, 4, nested.length);
            nested = outer;
        }
        byte[] bomb = nested;
        Refused.with(ErrorCode.MALFORMED, () -> vault.openSessionKey("acme", Octets.of(bomb)));
    }

    @Test
    void cmsBombOfManyRecipientsIsRefusedBeforeAKeyIsUsed() throws Exception {
        List<X509Certificate> many = new ArrayList<>();
        for (int i = 0; i <= SessionKeyOpener.MAX_RECIPIENTS; i++) {
            many.add(vault.recipients().getFirst());
        }
        Octets cms = KeySealer.seal(MASTER, many);
        String message = Refused.with(ErrorCode.MALFORMED, () -> vault.openSessionKey("acme", cms));
        assertTrue(message.contains("65 recipients"), message);
    }

    @Test
    void passwordRecipientWithHugeIterationCountIsNeverTried() throws Exception {
        var generator = new org.bouncycastle.cms.CMSEnvelopedDataGenerator();
        generator.addRecipientInfoGenerator(new org.bouncycastle.cms.jcajce.JcePasswordRecipientInfoGenerator(
                        org.bouncycastle.cms.CMSAlgorithm.AES256_CBC, "x".toCharArray())
                .setProvider(CmsCrypto.PROVIDER)
                .setSaltAndIterationCount(new byte[16], 0x010000));
        byte[] cms = generator
                .generate(
                        new org.bouncycastle.cms.CMSProcessableByteArray(MASTER),
                        new org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder(
                                        org.bouncycastle.cms.CMSAlgorithm.AES256_CBC)
                                .setProvider(CmsCrypto.PROVIDER)
                                .build())
                .toASN1Structure()
                .getEncoded("DER");
        // the count is the INTEGER of three bytes after the salt of 16 zero bytes
        int salt = -1;
        for (int i = 0; i + 18 < cms.length && salt < 0; i++) {
            if (cms[i] == 0x04
                    && cms[i + 1] == 16
                    && Arrays.equals(Arrays.copyOfRange(cms, i + 2, i + 18), new byte[16])) {
                salt = i;
            }
        }
        assertEquals(0x02, cms[salt + 18]);
        assertEquals(3, cms[salt + 19]);
        Arrays.fill(cms, salt + 20, salt + 23, (byte) 0x7f);
        long begin = System.nanoTime();
        String message = Refused.with(ErrorCode.NOT_AUTHENTIC, () -> vault.openSessionKey("acme", Octets.of(cms)));
        assertTrue(message.contains("without a certificate"), message);
        assertTrue(System.nanoTime() - begin < 2_000_000_000L, "something was derived");
    }

    @Test
    void anEmptyOrOverlongKeyIsRefused() {
        Octets empty = KeySealer.seal(new byte[0], vault.recipients());
        Refused.with(ErrorCode.MALFORMED, () -> vault.openSessionKey("acme", empty));
        Octets most = KeySealer.seal(new byte[512], vault.recipients());
        assertEquals(512, vault.openSessionKey("acme", most).reveal().length);
        Octets tooMuch = KeySealer.seal(new byte[513], vault.recipients());
        Refused.with(ErrorCode.MALFORMED, () -> vault.openSessionKey("acme", tooMuch));
    }

    @Test
    void opensslSealsAndTheVaultOpens() throws Exception {
        Programs.require("openssl");
        assertArrayEquals(
                MASTER,
                vault.openSessionKey("acme", opensslSeal("-aes-256-cbc")).reveal());
        assertArrayEquals(
                MASTER,
                vault.openSessionKey("acme", opensslSeal("-aes-128-cbc", "-keyid"))
                        .reveal());
        assertArrayEquals(
                MASTER,
                vault.openSessionKey("acme", opensslSeal("-aes-256-cbc", "-keyopt", "ecdh_kdf_md:sha256"))
                        .reveal());
        // AuthEnvelopedData: OpenSSL 3.0 and later
        assertArrayEquals(
                MASTER,
                vault.openSessionKey("acme", opensslSeal("-aes-256-gcm")).reveal());
    }

    @Test
    void weakCiphersAreRefusedByName() throws Exception {
        Programs.require("openssl");
        Octets sealed = opensslSeal("-des3");
        String message = Refused.with(ErrorCode.MALFORMED, () -> vault.openSessionKey("acme", sealed));
        assertTrue(message.contains("DES"), message);
        assertTrue(message.contains("AES-256-CBC"), message);
    }

    @Test
    void opensslBelievesWhatTheVaultSigns() throws Exception {
        Programs.require("openssl");
        byte[] statement = "what a record consists of".getBytes(StandardCharsets.UTF_8);
        Path cms = directory.resolve("record.p7m");
        Files.write(cms, vault.sign("acme", statement).orElseThrow().array());
        Path content = directory.resolve("content");
        run(
                "openssl",
                "cms",
                "-verify",
                "-binary",
                "-inform",
                "DER",
                "-CAfile",
                directory.resolve("vault/ca/ca.pem").toString(),
                "-purpose",
                "any",
                "-in",
                cms.toString(),
                "-out",
                content.toString());
        assertArrayEquals(statement, Files.readAllBytes(content));
    }

    @Test
    void opensslOpensWhatTheSealerSeals() throws Exception {
        Programs.require("openssl");
        Path cms = directory.resolve("sealed.der");
        Files.write(cms, KeySealer.seal(MASTER, vault.recipients()).array());
        Path keyStore = directory.resolve("vault/vault.p12");
        Path password = directory.resolve("vault/vault.password");
        Path pem = directory.resolve("worker.pem");
        run(
                "openssl",
                "pkcs12",
                "-in",
                keyStore.toString(),
                "-passin",
                "file:" + password,
                "-nodes",
                "-out",
                pem.toString());
        Path opened = directory.resolve("opened");
        run(
                "openssl",
                "cms",
                "-decrypt",
                "-binary",
                "-inform",
                "DER",
                "-in",
                cms.toString(),
                "-inkey",
                pem.toString(),
                "-recip",
                directory.resolve("vault/recipients.pem").toString(),
                "-out",
                opened.toString());
        assertArrayEquals(MASTER, Files.readAllBytes(opened));
    }

    private Octets opensslSeal(String... options) throws Exception {
        Path plain = directory.resolve("plain");
        Path sealed = directory.resolve("sealed");
        Files.write(plain, MASTER);
        List<String> command = new ArrayList<>(List.of("openssl", "cms", "-encrypt", "-binary", "-outform", "DER"));
        boolean keyOption = Arrays.asList(options).contains("-keyopt");
        for (String option : options) {
            command.add(keyOption && option.equals("-keyopt") ? "-recip" : option);
            if (keyOption && option.equals("-keyopt")) { // the option belongs to the recipient before it
                command.add(directory.resolve("vault/recipients.pem").toString());
                command.add("-keyopt");
            }
        }
        command.addAll(List.of("-in", plain.toString(), "-out", sealed.toString()));
        if (!keyOption) {
            command.add(directory.resolve("vault/recipients.pem").toString());
        }
        run(command.toArray(String[]::new));
        return Octets.of(Files.readAllBytes(sealed));
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), String.join(" ", command) + "\n" + output);
    }

    private static X509Certificate certificate(String name, KeyPair pair, String signature) throws Exception {
        X500Name subject = new X500Name(name);
        Instant now = Instant.now();
        var builder = new JcaX509v3CertificateBuilder(
                subject,
                BigInteger.valueOf(0xbeef),
                Date.from(now.minusSeconds(60)),
                Date.from(now.plusSeconds(3600)),
                subject,
                pair.getPublic());
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(signature).build(pair.getPrivate())));
    }
}
