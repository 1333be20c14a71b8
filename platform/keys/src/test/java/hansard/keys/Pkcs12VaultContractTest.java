package hansard.keys;

import java.security.KeyPair;
import java.util.List;

class Pkcs12VaultContractTest extends VaultContract {
    @Override
    KeyKeeperConfig keeper() throws Exception {
        KeyPair pair = AuthorityKey.newPair();
        Pkcs12Keys.make(
                vaultDirectory,
                new IssuedIdentity(pair.getPrivate(), certify(pair.getPublic()), List.of(authority.certificate())));
        return new KeyKeeperConfig.Pkcs12();
    }
}
