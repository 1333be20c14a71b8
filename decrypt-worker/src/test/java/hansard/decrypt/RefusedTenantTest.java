package hansard.decrypt;

import static hansard.decrypt.SyntheticStream.closed;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.keys.Pkcs12Vault;
import hansard.testkit.FlakyVault;
import hansard.wire.StreamDescription;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker that is not in the group of a tenant with whom it shares a partition. */
class RefusedTenantTest {
    private static final Duration ASKED_AGAIN = Duration.ofSeconds(6);

    @TempDir
    Path directory;

    private final SyntheticStream ours = new SyntheticStream("ours");
    private final SyntheticStream theirs = new SyntheticStream("theirs");
    private final StreamDescription their = of("bank", theirs.description);
    private FlakyVault vault;
    private DrivenWorker worker;

    @BeforeEach
    void start() {
        vault = new FlakyVault(Pkcs12Vault.open(directory.resolve("vault")));
        vault.refuse("bank");
        worker = new DrivenWorker(directory, vault);
        worker.key(their, theirs.keyAndSalt);
        worker.key(ours.description, ours.keyAndSalt);
    }

    @AfterEach
    void stop() {
        worker.close();
        vault.close();
    }

    @Test
    void refusedTenantHoldsUpNobodyElse() {
        worker.send("theirs", theirs.bundle(0, 50));
        worker.send("ours", ours.bundle(0, 50));
        worker.send("theirs", theirs.bundle(50, 100));
        worker.send("ours", closed());
        assertEquals(50, worker.ended(ours.description, 0).account().framed());
        assertTrue(worker.refusals.problem().contains("tenant bank"), worker.refusals.problem());
        assertEquals(Map.of(), worker.rejectedSums("theirs"));
    }

    @Test
    void leaveThatIsGivenLaterOpensEverythingInOrder() {
        worker.send("theirs", theirs.bundle(0, 50));
        worker.send("theirs", theirs.bundle(50, 100));
        worker.pass(ASKED_AGAIN);
        assertEquals(0, worker.records.size());
        vault.recover();
        worker.pass(ASKED_AGAIN);
        assertEquals("", worker.refusals.problem());
        worker.send("theirs", theirs.bundle(100, 150));
        worker.send("theirs", closed());
        assertWhole(150);
    }

    @Test
    void callThatEndedWhileItWaitedForLeaveIsWhole() {
        worker.send("theirs", theirs.bundle(0, 100));
        worker.send("theirs", closed());
        assertEquals(0, worker.records.size());
        vault.recover();
        worker.pass(ASKED_AGAIN);
        assertWhole(100);
        worker.send("theirs", theirs.bundle(100, 110)); // a straggler begins nothing anew
        assertEquals(Map.of(hansard.wire.RejectReason.NO_SESSION, 10L), worker.rejectedSums("theirs"));
    }

    @Test
    void restartWhileWaitingForLeaveLosesNothing() {
        worker.send("theirs", theirs.bundle(0, 100));
        worker.send("theirs", closed());
        worker = worker.restarted();
        vault.recover();
        worker.pass(ASKED_AGAIN);
        assertWhole(100);
    }

    @Test
    void leaveThatIsTakenInMidCallCostsNothingAfterARestart() {
        vault.recover();
        worker.send("theirs", theirs.bundle(0, 50));
        worker = worker.restarted(); // what a worker has opened it cannot forget; another process asks again
        vault.refuse("bank");
        worker.send("theirs", theirs.bundle(50, 100));
        vault.recover();
        worker.pass(ASKED_AGAIN);
        worker.send("theirs", closed());
        assertWhole(100);
    }

    @Test
    void whenNoMoreMayWaitThePartitionWaitsAndNothingIsRejected() {
        worker.close();
        worker = new DrivenWorker(directory.resolve("small"), vault, 10_000);
        worker.key(their, theirs.keyAndSalt);
        worker.send("theirs", theirs.bundle(0, 50));
        StreamsException held =
                assertThrows(StreamsException.class, () -> worker.send("theirs", theirs.bundle(50, 200)));
        assertTrue(String.valueOf(held.getCause()).contains("its partition does"), String.valueOf(held.getCause()));
        assertEquals(Map.of(), worker.rejectedSums("theirs"));
    }

    private void assertWhole(int packets) {
        var account = worker.ended(their, 0).account();
        assertEquals(packets, account.received());
        assertEquals(packets, account.framed());
        assertEquals(0, account.lost());
        var frames = worker.opened(their, 0);
        for (int i = 0; i < packets; i++) {
            assertEquals(i, frames.get(i).rtpTimestamp() / 960);
        }
    }

    private static StreamDescription of(String tenant, StreamDescription s) {
        return new StreamDescription(
                s.streamId(),
                s.callId(),
                tenant,
                s.participantId(),
                s.kind(),
                s.codec(),
                s.clockRate(),
                s.channels(),
                s.payloadTypes(),
                s.headerExtensions(),
                s.srtp(),
                s.ssrc(),
                s.port(),
                s.captureTimes(),
                s.label(),
                s.frameCipher());
    }
}
