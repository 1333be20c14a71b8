package hansard.keys;

import hansard.runtime.HansardException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A process of its own that asks KMS to wrap, with whatever credentials its environment gives, and prints how that ended. */
final class KmsProcess {
    private KmsProcess() {}

    public static void main(String[] arguments) {
        var config = new KeyKeeperConfig.AwsKms(
                FakeKms.REGION,
                arguments[0],
                arguments[1],
                Path.of(arguments[2]),
                arguments[1],
                Duration.ofSeconds(20));
        try (KeyKeeper keeper = config.open(Path.of("."))) {
            System.out.println(keeper.wrap(new byte[32], new byte[1]).length + " bytes");
        } catch (IOException | HansardException e) {
            System.out.println(e.getMessage());
        }
    }
}
