package hansard.keys;

import hansard.runtime.HansardException;
import java.io.IOException;
import java.nio.file.Path;

/** A process of its own that opens a token, since a process is logged in once, and prints how that ended. */
final class TokenProcess {
    private TokenProcess() {}

    public static void main(String[] arguments) {
        var config = new KeyKeeperConfig.Pkcs11(
                Path.of(arguments[0]), Long.parseLong(arguments[1]), Path.of(arguments[2]), "worker", "wrapping");
        try {
            TokenKeys.open(config, Path.of(arguments[3])).close();
            System.out.println("open");
        } catch (HansardException e) {
            System.out.println(e.code() + " " + e.getMessage());
        } catch (IOException e) {
            System.out.println(e);
        }
    }
}
