package hansard.ingest;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What could open a key cannot be called by mistake where it cannot be loaded. */
class KeylessClassPathTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "hansard.keys.Vault",
                "hansard.keys.aws.KmsProvider",
                "hansard.sealer.KeySealer",
                "hansard.store.SealedObjects",
                "com.google.crypto.tink.Aead",
                "org.bouncycastle.cms.CMSEnvelopedData",
                "software.amazon.awssdk.core.SdkClient",
                "software.amazon.awssdk.services.kms.KmsClient"
            })
    void nothingThatOpensAKeyIsOnTheIngestsClassPath(String name) {
        assertThrows(ClassNotFoundException.class, () -> Class.forName(name));
    }
}
