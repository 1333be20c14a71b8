package hansard.keys;

/** On tokens of SoftHSM2. */
class Pkcs11VaultContractTest extends VaultContract {
    @Override
    KeyKeeperConfig keeper() throws Exception {
        KeyKeeperConfig.Pkcs11 config = SoftHsm.token(directory);
        try (TokenKeys token = TokenKeys.open(config, directory)) {
            token.makeIdentity(this::certify);
            token.rotate();
        }
        return config;
    }
}
