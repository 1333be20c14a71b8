package hansard.keys;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/** A process of its own that rotates and retires wrapping keys until it is killed. */
final class WrappingChangeProcess {
    private WrappingChangeProcess() {}

    public static void main(String[] arguments) {
        VaultConfig config = VaultConfig.embedded(Path.of(arguments[0]));
        while (true) {
            config.rotateWrappingKey(InstantSource.system());
            System.out.println(config.retireWrappingKeys(Duration.ZERO, InstantSource.system(), kept -> {})
                    .dropped());
        }
    }
}
