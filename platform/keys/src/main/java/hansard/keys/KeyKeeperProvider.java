package hansard.keys;

import java.io.IOException;

/**
 * Opens a keeper of keys whose library is in a module of its own, so that it is on the class path of those only who open vaults.
 * Found with {@link java.util.ServiceLoader}.
 */
public interface KeyKeeperProvider {
    KeyKeeper open(KeyKeeperConfig.AwsKms config) throws IOException;
}
