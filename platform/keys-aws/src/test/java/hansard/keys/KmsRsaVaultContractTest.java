package hansard.keys;

class KmsRsaVaultContractTest extends KmsVault {
    @Override
    String createIdentity() throws Exception {
        return service.createRsa();
    }

    @Override
    String identityAction() {
        return "Decrypt";
    }
}
