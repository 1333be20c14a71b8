package hansard.keys;

import java.security.Provider;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** BouncyCastle, for CMS and certificates only; not registered with the JVM, so that nothing else changes provider. */
final class CmsCrypto {
    static final Provider PROVIDER = new BouncyCastleProvider();

    private CmsCrypto() {}
}
