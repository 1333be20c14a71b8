package hansard.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.wire.Artifact;
import hansard.wire.CallEvent;
import hansard.wire.Receipt;
import hansard.wire.RetentionOrder;
import hansard.wire.RetentionOrder.DiscardOrdered;
import hansard.wire.RetentionOrder.PurgeOrdered;
import hansard.wire.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTopologyTest {
    private static final Instant START = Instant.parse("2026-11-01T09:00:00Z");
    private static final Duration CHECK = Duration.ofMinutes(1);
    private static final Duration DISCARD_AFTER = Duration.ofHours(1);

    @TempDir
    Path directory;

    private final MovedClock clock = new MovedClock(START);
    private final UnreadableRecords unreadable = new UnreadableRecords(new SimpleMeterRegistry());
    private TopologyTestDriver driver;
    private TestOutputTopic<String, byte[]> orders;
    private TestOutputTopic<String, byte[]> receipts;
    private TestOutputTopic<String, byte[]> sessionKeys;

    @BeforeEach
    void start() {
        Policies policies = new Policies(List.of(Policy.everything(Keep.parse("90d"))));
        var parts = new RetentionTopology.Parts(
                new Disposition(policies, Duration.ofDays(1), Duration.ofDays(30), DISCARD_AFTER),
                CHECK,
                1,
                clock,
                new StateChanges(),
                unreadable,
                new HashMap<>(),
                new SimpleMeterRegistry().counter("ordered"));
        Properties settings = new Properties();
        settings.put("application.id", "test");
        settings.put("bootstrap.servers", "none:1");
        settings.put("state.dir", directory.toString());
        driver = new TopologyTestDriver(RetentionTopology.build(parts), settings, START);
        orders = output(Topics.RETENTION_ORDERS);
        receipts = output(Topics.RETENTION_RECEIPTS);
        sessionKeys = output(Topics.SESSION_KEYS);
    }

    @AfterEach
    void stop() {
        driver.close();
    }

    @Test
    void pastDueCallIsPurgedHeldCallIsNot() {
        closedCall("due");
        closedCall("held");
        give(Events.hold("held", "h1"));

        pass(Duration.ofDays(91));

        List<RetentionOrder> ordered = ordersGiven();
        assertEquals(1, ordered.size(), ordered.toString());
        PurgeOrdered purge = (PurgeOrdered) ordered.getFirst();
        assertEquals("due", purge.callId());
        assertEquals("due-purge", purge.orderId());
        assertEquals("default, keep 90d", purge.policy());
    }

    @Test
    void anOriginalThatIsNotKeptGoesAnHourAfterTheSeal() {
        sealedCardCall("c");
        pass(Duration.ofMinutes(59));
        assertTrue(orders.isEmpty());

        pass(Duration.ofMinutes(2));
        DiscardOrdered order = (DiscardOrdered) ordersGiven().getFirst();
        assertEquals("c-discard-s1", order.orderId());
        assertEquals("discard-original", order.policy());
        assertEquals(List.of("default/c/s1.tones", "default/c/s1.webm"), order.objects());
        pass(CHECK);
        assertTrue(orders.isEmpty(), "once");
        give(order);
        pass(Duration.ofDays(1));
        assertTrue(orders.isEmpty(), "nor when it was read back");
        assertEquals(Disposition.Standing.KEPT, standing("c"));
    }

    @Test
    void aHoldKeepsOriginalsUntilItIsReleased() {
        sealedCardCall("c");
        give(Events.hold("c", "h1"));
        pass(Duration.ofDays(2));
        assertTrue(orders.isEmpty());

        DiscardOrdered tooLate = new DiscardOrdered(
                "c-discard-s1", Events.TENANT, "c", 5, "s1", "discard-original", List.of("default/c/s1.webm"));
        give(tooLate); // the hold came in between
        assertEquals(List.of("s1"), state("c").originalsLeft());

        give(Events.release("c", "h1"));
        pass(CHECK);
        DiscardOrdered order = (DiscardOrdered) ordersGiven().getFirst();
        assertEquals("s1", order.streamId());
        assertEquals(List.of(), state("c").originalsLeft());
    }

    @Test
    void nothingGoesOfACallThatIsNotSealedOrHasNoOtherSound() {
        give(Events.opened("open", START));
        give(Events.stored("open", "s1", START));
        give(Events.redacted("open", "s1", START));
        closedCall("plain");
        sealedCardCall("anew");
        give(Events.stored("anew", "s1", START.plusSeconds(70))); // made anew, and its words are not known yet

        pass(Duration.ofHours(2));
        assertTrue(orders.isEmpty());
        give(Events.redacted("anew", "s1", START.plusSeconds(80)));
        pass(CHECK);
        assertEquals("anew", ordersGiven().getFirst().callId());
    }

    @Test
    void receiptsOfTwoOriginalsStandBesideEachOther() {
        sealedCardCall("c");
        for (String track : List.of("s1", "s2", "s1")) {
            give(new Receipt("c-discard-" + track, Events.TENANT, "c", 5, "original", "retention", 2, track));
        }
        assertEquals(2, state("c").receipts().size());
    }

    @Test
    void callBeforeItsDateIsKept() {
        closedCall("c");

        pass(Duration.ofDays(89));

        assertTrue(orders.isEmpty());
    }

    @Test
    void purgeIsOrderedOnce() {
        closedCall("c");

        pass(Duration.ofDays(91));
        pass(Duration.ofDays(1));
        pass(Duration.ofDays(1));

        assertEquals(1, ordersGiven().size());
    }

    @Test
    void aPurgeFiledUnderAnotherCallPassesByNoHold() {
        closedCall("c");
        closedCall("other");
        give(Events.hold("c", "h1"));
        topic(Topics.RETENTION_ORDERS).pipeInput("other", Events.purge("c").toBytes());

        assertNull(state("c").orders().purge());
        assertNull(state("other").orders().purge());
        assertTrue(receipts.isEmpty());
        assertTrue(unreadable.problem().contains("another call"), unreadable.problem());
    }

    @Test
    void releaseOfLastHoldMakesItDue() {
        closedCall("c");
        give(Events.hold("c", "h1"));
        give(Events.hold("c", "h2"));
        pass(Duration.ofDays(91));
        give(Events.release("c", "h1"));
        pass(Duration.ofDays(1));
        assertTrue(orders.isEmpty());

        give(Events.release("c", "h2"));
        pass(CHECK);

        assertEquals("c-purge", ordersGiven().getFirst().orderId());
    }

    @Test
    void holdThatIsFirstOnThePartitionMakesThePurgeVoid() {
        closedCall("c");
        give(Events.hold("c", "h1"));
        give(Events.purge("c")); // ordered by a check that had not seen the hold yet

        assertNull(state("c").orders().purge());
        assertTrue(receipts.isEmpty());

        give(Events.release("c", "h1"));
        pass(Duration.ofDays(91));
        assertEquals(1, ordersGiven().size());
    }

    @Test
    void holdAfterThePurgeComesTooLate() {
        closedCall("c");
        give(Events.purge("c"));
        give(Events.hold("c", "h1"));

        assertTrue(state("c").orders().holds().isEmpty());
        assertEquals(Events.purge("c"), state("c").orders().purge());
    }

    @Test
    void openCallIsNeverPurged() {
        give(Events.opened("c", START));
        give(Events.announced("c", "s1", START));

        pass(Duration.ofDays(365 * 20));

        assertTrue(orders.isEmpty());
        assertEquals(Disposition.Standing.OPEN, standing("c"));
    }

    @Test
    void abandonedCallIsPurgedAfterItsDate() {
        give(Events.opened("c", START));
        give(Events.announced("c", "s1", START));
        give(Events.stored("c", "s1", START.plusSeconds(60)));

        pass(Duration.ofDays(89));
        assertTrue(orders.isEmpty());
        pass(Duration.ofDays(2));

        assertEquals(1, ordersGiven().size());
    }

    @Test
    void callThatIsNotSealedYetIsWaitedFor() {
        Instant late = START.plus(Duration.ofDays(95));
        give(Events.opened("c", START));
        give(Events.closed("c", START.plusSeconds(60), "s1"));
        give(Events.stored("c", "s1", late)); // transcode was away for three months

        pass(Duration.ofDays(95));
        assertTrue(orders.isEmpty());
        pass(Duration.ofDays(2));

        assertEquals(1, ordersGiven().size());
    }

    @Test
    void receiptForTheCallComesWhenAllOthersAreIn() {
        closedCall("c");
        give(Events.purge("c"));

        List<Receipt> own = receiptsGiven();
        assertEquals(1, own.size());
        assertEquals("session-keys", own.getFirst().what());
        assertEquals("s1", own.getFirst().evidence());
        assertEquals(List.of(new KeyValue<>("s1", null)), sessionKeys.readKeyValuesToList());

        give(receipt("c", "objects", "retention"));
        give(receipt("c", "data-keys", "retention"));
        assertTrue(receipts.isEmpty());
        give(receipt("c", "index", "index/replica-1"));

        List<Receipt> last = receiptsGiven();
        assertEquals(1, last.size());
        assertEquals("call", last.getFirst().what());
        give(receipt("c", "objects", "retention"));
        assertTrue(receipts.isEmpty(), "the repeat of a receipt gives no second one for the call");
        assertEquals(Disposition.Standing.PURGED, standing("c"));
        assertEquals(5, state("c").receipts().size());
    }

    @Test
    void objectThatTurnsUpAfterThePurgeIsPurgedToo() {
        closedCall("c");
        give(Events.purge("c"));

        give(Events.stored("c", "s1", START.plusSeconds(90)));

        assertEquals("c-purge", ordersGiven().getFirst().orderId());
    }

    @Test
    void unreadableRecordIsPassedOverAndSaid() {
        topic(Topics.RETENTION_ORDERS).pipeInput("c", new byte[] {1, 2, 3});
        closedCall("c");
        pass(Duration.ofDays(91));

        assertTrue(unreadable.problem().contains("retention.orders-0 at offset 0"), unreadable.problem());
        assertEquals(1, ordersGiven().size());
    }

    private void closedCall(String callId) {
        give(Events.opened(callId, START));
        give(Events.announced(callId, "s1", START));
        give(Events.closed(callId, START.plusSeconds(60), "s1"));
        give(Events.stored(callId, "s1", START.plusSeconds(61)));
        give(Events.sealed(callId, START.plusSeconds(60)));
    }

    private void pass(Duration time) {
        clock.move(time);
        driver.advanceWallClockTime(CHECK);
    }

    private void sealedCardCall(String callId) {
        give(Events.opened(callId, START));
        give(Events.announced(callId, "s1", START));
        give(Events.pressed(callId, "s1", START));
        give(Events.stored(callId, "s1", START.plusSeconds(60)));
        give(Events.closed(callId, START.plusSeconds(60), "s1"));
        give(Events.redacted(callId, "s1", START.plusSeconds(60)));
        give(Events.sealed(callId, START.plusSeconds(60)));
    }

    private CallState state(String callId) {
        return driver.<String, CallState>getKeyValueStore(RetentionTopology.CALLS_STORE)
                .get(callId);
    }

    private Disposition.Standing standing(String callId) {
        return new Disposition(
                        new Policies(List.of(Policy.everything(Keep.parse("90d")))),
                        Duration.ofDays(1),
                        Duration.ofDays(30),
                        DISCARD_AFTER)
                .standing(state(callId), clock.instant());
    }

    private static Receipt receipt(String callId, String what, String by) {
        return new Receipt(callId + "-purge", Events.TENANT, callId, 5, what, by, 1, "one");
    }

    private void give(CallEvent event) {
        topic(Topics.CALLS).pipeInput(event.callId(), event.toBytes());
    }

    private void give(Artifact artifact) {
        topic(Topics.RECORDING_ARTIFACTS).pipeInput(artifact.callId(), artifact.toBytes());
    }

    private void give(RetentionOrder order) {
        topic(Topics.RETENTION_ORDERS).pipeInput(order.callId(), order.toBytes());
    }

    private void give(Receipt receipt) {
        topic(Topics.RETENTION_RECEIPTS).pipeInput(receipt.callId(), receipt.toBytes());
    }

    private List<RetentionOrder> ordersGiven() {
        return orders.readValuesToList().stream().map(RetentionOrder::fromBytes).toList();
    }

    private List<Receipt> receiptsGiven() {
        return receipts.readValuesToList().stream().map(Receipt::fromBytes).toList();
    }

    private TestInputTopic<String, byte[]> topic(String name) {
        return driver.createInputTopic(name, new StringSerializer(), new ByteArraySerializer());
    }

    private TestOutputTopic<String, byte[]> output(String name) {
        return driver.createOutputTopic(name, new StringDeserializer(), new ByteArrayDeserializer());
    }
}
