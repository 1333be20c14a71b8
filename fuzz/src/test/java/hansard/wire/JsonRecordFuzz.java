package hansard.wire;

import static hansard.fuzz.Promises.hold;
import static hansard.fuzz.Promises.readOrRefused;
import static hansard.fuzz.Promises.same;

import hansard.fuzz.FuzzTarget;
import hansard.fuzz.Pieces;
import hansard.runtime.Json;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The JSON records of the topics: one byte says which, the rest is the record. */
public final class JsonRecordFuzz implements FuzzTarget {
    private static final List<Function<byte[], Object>> READERS = List.of(
            CallEvent::fromBytes,
            Artifact::fromBytes,
            AuditEvent::fromBytes,
            RetentionOrder::fromBytes,
            Receipt::fromBytes,
            Rejected::fromBytes,
            SealedSessionKeys::fromBytes,
            Utterance::fromBytes,
            json -> Json.read(json, Utterance.Text.class),
            RecordingOrder::fromBytes);

    @Override
    public List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        SampleRecords.callEvents().forEach(e -> seeds.add(Pieces.behind(0, e.toBytes())));
        SampleRecords.artifacts(StreamAccount.EMPTY).forEach(a -> seeds.add(Pieces.behind(1, a.toBytes())));
        add(seeds, 2, new AuditEvent("e", "default", 1, "anna", "play", "c1", "ok", Map.of("track", "mix")));
        add(seeds, 3, new RetentionOrder.HoldPlaced("o", "default", "c1", 1, "h", "anna", "case 7"));
        add(seeds, 3, new RetentionOrder.HoldReleased("o", "default", "c1", 1, "h", "anna", "closed"));
        add(seeds, 3, new RetentionOrder.PurgeOrdered("o", "default", "c1", 1, "trading, 7y"));
        add(
                seeds,
                3,
                new RetentionOrder.DiscardOrdered(
                        "o", "default", "c1", 1, "s1", "discard-original", List.of("default/c1/s1.webm")));
        add(seeds, 4, new Receipt("o", "default", "c1", 1, "objects", "retention", 3, "a, b, c"));
        add(seeds, 5, new Rejected("default", "c1", "s1", RejectReason.NO_KEY, 5, 1, 2, "sealed for another"));
        add(seeds, 6, keys());
        add(seeds, 7, new Utterance("u", "default", "c1", "s1", 0, "alice", 1, 2, false, "m", SampleRecords.SEALED));
        add(seeds, 8, new Utterance.Text("good morning", 0.9, List.of(new Utterance.Word("good", 1, 2, 0.9))));
        RecordingOrder.Part part = new RecordingOrder.Part(
                "s1", 1, 2, new Artifact.StoredObject("default/c1/s1.webm", "00", 3, "video/webm"));
        add(
                seeds,
                9,
                new RecordingOrder.CompositeOrdered(
                        "o",
                        "default",
                        "c1",
                        1,
                        "anna",
                        1,
                        2,
                        List.of(new RecordingOrder.Tile("A", List.of(part))),
                        part));
        add(seeds, 9, new RecordingOrder.CompositeOrdered("o", "default", "c1", 1, "anna", 1, 2, List.of(), null));
        Hearing again = new Hearing(1, "o", "large");
        add(
                seeds,
                7,
                new Utterance("u", "default", "c1", "s1", 0, "alice", 1, 2, false, "m", SampleRecords.SEALED, again));
        add(
                seeds,
                9,
                new RecordingOrder.TranscriptOrdered(
                        "o",
                        "default",
                        "c1",
                        1,
                        "anna",
                        "a better model",
                        again,
                        List.of(new RecordingOrder.Voice(SampleRecords.STREAM, 0, 1, List.of()))));
        return seeds;
    }

    /** The digest that names a key in a call's events has one byte for the identifier's length. */
    private static void checkIdentifiers(Object record) {
        if (record instanceof SealedSessionKeys keys) {
            hold(
                    keys.masterKeys().stream().allMatch(key -> key.mki().length() <= 128 /* RFC 4568 section 6.1 */),
                    "a master key identifier that no packet can bear");
        }
    }

    private static SealedSessionKeys keys() {
        return new SealedSessionKeys(
                SampleRecords.STREAM,
                List.of(new SealedSessionKeys.MasterKey(Octets.of(new byte[] {7}), SampleRecords.SEALED)),
                List.of(new SealedSessionKeys.FrameKey(1, 4, SampleRecords.SEALED)));
    }

    private static void add(List<byte[]> seeds, int reader, Object record) {
        seeds.add(Pieces.behind(reader, Json.bytes(record)));
    }

    @Override
    public void run(byte[] input) {
        if (input.length == 0) {
            return;
        }
        Function<byte[], Object> reader = READERS.get((input[0] & 0xff) % READERS.size());
        Object record = readOrRefused(() -> reader.apply(Pieces.after(input, 1)));
        if (record == null) {
            return;
        }
        checkComplete(record);
        checkIdentifiers(record);
        same(record, reader.apply(Json.bytes(record)), "the record written again");
        if (record instanceof SealedSessionKeys keys) {
            same(keys.with(keys), keys.with(keys).with(keys), "keys that are known already");
        }
    }

    /** What a record says is never null, at any depth, is what every reader of it relies on. */
    private static void checkComplete(Object value) {
        switch (value) {
            case Record record -> {
                for (RecordComponent component : record.getClass().getRecordComponents()) {
                    Object field = field(record, component);
                    boolean mayBeNull = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
                    hold(mayBeNull || field != null, component.getName() + " of a record that was read is null");
                    if (field != null) {
                        checkComplete(field);
                    }
                }
            }
            case Collection<?> list -> list.forEach(JsonRecordFuzz::checkComplete);
            default -> {}
        }
    }

    private static @Nullable Object field(Record record, RecordComponent component) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
