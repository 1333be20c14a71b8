package hansard.decrypt;

import hansard.keys.Pkcs12Vault;
import hansard.testkit.FlakyVault;
import hansard.wire.SrtpRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A test of what the whole worker makes of a stream: one vault for the class, a worker of its own for each test. */
abstract class ThroughTheWorker {
    @TempDir
    static Path directory;

    static FlakyVault vault;

    private static int number;

    /** Of the test's stream; no other has it. */
    final String id = getClass().getSimpleName().toLowerCase(Locale.ROOT) + "-" + ++number;

    /** What arrives. */
    final List<SrtpRecord.Datagram> wire = new ArrayList<>();

    DrivenWorker worker;

    @BeforeAll
    static void openVault() {
        vault = new FlakyVault(Pkcs12Vault.open(directory.resolve("vault")));
    }

    @AfterAll
    static void closeVault() {
        vault.close();
    }

    @BeforeEach
    void startWorker() {
        vault.recover();
        worker = new DrivenWorker(directory.resolve(id), vault);
    }

    @AfterEach
    void stopWorker() {
        worker.close();
    }
}
