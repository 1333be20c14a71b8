package hansard.keys;

class KmsEcVaultContractTest extends KmsVault {
    @Override
    String createIdentity() throws Exception {
        return service.createEc();
    }

    @Override
    String identityAction() {
        return "DeriveSharedSecret";
    }
}
