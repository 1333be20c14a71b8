package hansard.ingest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.Settings;
import hansard.wire.MediaKind;
import hansard.wire.SrtpRecord;
import hansard.wire.StreamDescription;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StreamIntakeTest {
    private static final long MS = 1_000_000;

    private final RecordingSink sink = new RecordingSink();
    private final StreamCounters counters = new StreamCounters();

    static StreamDescription stream(@Nullable Long ssrc, boolean captureTimes) {
        return new StreamDescription(
                "s",
                "c",
                "default",
                "alice",
                MediaKind.AUDIO,
                "opus",
                48_000,
                2,
                Map.of(111, "opus"),
                Map.of(),
                StreamDescription.Srtp.fresh("AES_CM_128_HMAC_SHA1_80"),
                ssrc,
                20_000,
                captureTimes,
                "",
                "");
    }

    private StreamIntake intake(boolean captureTimes, StreamMemory memory) {
        IngestConfig config = IngestConfig.from(Settings.of(Map.of("ingest.bundle.max-bytes", "2000")));
        return new StreamIntake(stream(null, captureTimes), counters, sink, config, memory);
    }

    private static ByteBuffer bytes(int length) {
        return ByteBuffer.wrap(new byte[length]);
    }

    @Test
    void aBundleIsWrittenWhenItIsOldEnough() {
        StreamIntake intake = intake(false, StreamMemory.NOTHING);
        intake.accept(bytes(10), 1_000, 5 * MS);
        intake.accept(bytes(20), 2_000, 90 * MS);
        intake.flushIfDue(104 * MS);
        assertTrue(sink.records.isEmpty());
        intake.flushIfDue(105 * MS);
        assertEquals(1, sink.bundles().size());
        assertEquals(
                List.of(1_000L, 2_000L),
                sink.bundles().getFirst().datagrams().stream()
                        .map(SrtpRecord.Datagram::arrivalMicros)
                        .toList());
        intake.flushIfDue(1_000 * MS);
        assertEquals(1, sink.bundles().size());
    }

    @Test
    void aBundleIsWrittenWhenItIsBigEnoughAndOrdinalsGoOn() {
        StreamIntake intake = intake(false, new StreamMemory(7, 7, 0, false, false, 0));
        for (int i = 0; i < 10; i++) {
            intake.accept(bytes(700), i, 0);
        }
        intake.flush();
        assertEquals(
                List.of(7L, 10L, 13L, 16L),
                sink.bundles().stream().map(SrtpRecord.Datagrams::firstOrdinal).toList());
        assertEquals(10, counters.durable());
    }

    @Test
    void theLargestDatagramIsKeptWhole() {
        StreamIntake intake = intake(false, StreamMemory.NOTHING);
        intake.accept(bytes(65_507), 1, 0);
        assertEquals(
                65_507, sink.bundles().getFirst().datagrams().getFirst().bytes().length());
    }

    @Test
    void captureTimesAreTakenOffAndUsedWhateverTheySay() {
        StreamIntake intake = intake(true, StreamMemory.NOTHING);
        assertEquals(StreamIntake.Outcome.MALFORMED, intake.accept(bytes(8), 1, 0));
        for (long time : new long[] {5, Long.MAX_VALUE, Long.MIN_VALUE, 6}) {
            intake.accept(ByteBuffer.allocate(9).putLong(time).put((byte) 1).flip(), 1, 0);
        }
        intake.flush();
        assertEquals(
                List.of(5L, Long.MAX_VALUE, Long.MIN_VALUE, 6L),
                sink.bundles().stream()
                        .map(b -> b.datagrams().getFirst().arrivalMicros())
                        .toList());
        assertEquals(4, counters.received());
    }

    @Test
    void whatArrivesInAPauseIsCountedAndNotKept() {
        StreamIntake intake = intake(false, StreamMemory.NOTHING);
        intake.accept(bytes(10), 1, 0);
        intake.pause(2);
        intake.pause(3);
        assertEquals(StreamIntake.Outcome.DISCARDED, intake.accept(bytes(10), 4, 0));
        intake.resume(5);
        intake.resume(6);
        intake.accept(bytes(10), 7, 0);
        intake.flush();
        intake.close(8, "over");
        assertEquals(5, sink.records.size());
        assertEquals(new SrtpRecord.Paused(2), sink.records.get(1));
        assertEquals(new SrtpRecord.Resumed(5, 1, 0), sink.records.get(2));
        assertEquals(
                1,
                assertInstanceOf(SrtpRecord.Datagrams.class, sink.records.get(3))
                        .firstOrdinal());
        assertEquals(new SrtpRecord.Closed(8, 0, "over"), sink.records.get(4));
        assertEquals(3, counters.received());
        assertEquals(1, counters.discarded());
    }

    @Test
    void theTopicRemembersWhereAStreamIs() {
        StreamMemory memory = StreamMemory.NOTHING
                .after(new SrtpRecord.Datagrams(0, List.of(datagram(1), datagram(2))))
                .after(new SrtpRecord.Paused(3))
                .after(new SrtpRecord.Resumed(4, 9, 1))
                .after(new SrtpRecord.Datagrams(5, List.of(datagram(6)))); // 2, 3 and 4 were not durable
        assertEquals(new StreamMemory(6, 3, 9, false, false, 6), memory);
        assertEquals(3, memory.notDurable());
        assertTrue(memory.after(new SrtpRecord.Paused(7)).paused());
        assertTrue(memory.after(new SrtpRecord.Closed(8, 0, "")).closed());
        StreamCounters resumed = StreamCounters.from(memory);
        assertEquals(15, resumed.received());
        assertEquals(resumed.received(), resumed.durable() + resumed.notDurable() + resumed.discarded());
    }

    private static SrtpRecord.Datagram datagram(long at) {
        return new SrtpRecord.Datagram(at, hansard.wire.Octets.of(new byte[1]));
    }
}
