package hansard.keys.aws;

import hansard.keys.KeyKeeper;
import hansard.keys.KeyKeeperConfig;
import hansard.keys.KeyKeeperProvider;

/** Named in {@code META-INF/services}. */
public final class KmsProvider implements KeyKeeperProvider {
    @Override
    public KeyKeeper open(KeyKeeperConfig.AwsKms config) {
        return KmsKeys.open(config);
    }
}
