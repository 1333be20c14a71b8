package hansard.ingest;

import hansard.runtime.HansardException;
import hansard.runtime.KafkaSettings;
import hansard.wire.CallEvent;
import hansard.wire.SrtpRecord;
import hansard.wire.Topics;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out from Kafka what an earlier life of this process was doing: its calls, the streams that have not ended, and how far
 * each of them is on {@code media.srtp}. Sealed keys are not read back: what was given is known by its digest, from {@code calls}. Memory is that of the open calls, however long they have been going on.
 *
 * <p>{@code media.srtp} is read from the time the oldest open stream was announced. That is the simplest way that is right;
 * where calls last for days on a busy cluster, a restart takes as long as reading them does.
 */
final class Recovery {
    private static final Logger log = LoggerFactory.getLogger(Recovery.class);
    private static final long MARGIN_MILLIS = Duration.ofMinutes(1).toMillis();

    private final TopicReplay replay;
    private final String owner;
    private final Calls calls = new Calls();
    private final Map<String, CallStream> open = new HashMap<>();
    private final Map<String, StreamMemory> memories = new HashMap<>();

    Recovery(KafkaSettings kafka) {
        this.replay = new TopicReplay(kafka);
        this.owner = kafka.instance();
    }

    /** @throws HansardException KAFKA_UNAVAILABLE, or what cannot be understood of the topics */
    Calls read() {
        Map<String, Long> announcedMillis = new HashMap<>();
        replay.read(Topics.CALLS, 0, record -> {
            if (record.value() == null || !ours(record)) {
                return;
            }
            understood(record, r -> {
                CallEvent event = CallEvent.fromBytes(r.value());
                calls.apply(event);
                if (event instanceof CallEvent.StreamAnnounced announced) {
                    announcedMillis.merge(announced.stream().streamId(), r.timestamp(), Math::min);
                }
            });
        });
        long oldest = Long.MAX_VALUE;
        for (Call call : calls.open()) {
            for (CallStream stream : call.openStreams()) {
                open.put(stream.streamId(), stream);
                oldest = Math.min(oldest, announcedMillis.getOrDefault(stream.streamId(), 0L));
            }
        }
        if (!open.isEmpty()) {
            readMedia(Math.max(0, oldest - MARGIN_MILLIS));
            log.info(
                    "{} open calls with {} open streams are taken up again",
                    calls.open().size(),
                    open.size());
        }
        return calls;
    }

    /** How far a stream is. */
    StreamMemory memory(String streamId) {
        return memories.getOrDefault(streamId, StreamMemory.NOTHING);
    }

    private void readMedia(long fromMillis) {
        replay.read(Topics.MEDIA_SRTP, fromMillis, record -> {
            if (open.containsKey(record.key()) && record.value() != null) {
                understood(record, r -> {
                    SrtpRecord media = SrtpRecord.fromBytes(r.value());
                    memories.merge(r.key(), StreamMemory.NOTHING.after(media), (known, first) -> known.after(media));
                });
            }
        });
    }

    private boolean ours(ConsumerRecord<String, byte[]> record) {
        Header header = record.headers().lastHeader(Journal.OWNER_HEADER);
        return header != null && owner.equals(new String(header.value(), StandardCharsets.UTF_8));
    }

    /** One record that cannot be read must not keep every call from being taken up again. */
    private static void understood(
            ConsumerRecord<String, byte[]> record, Consumer<ConsumerRecord<String, byte[]>> use) {
        try {
            use.accept(record);
        } catch (HansardException e) {
            log.warn(
                    "{}-{} offset {} is passed over: {}",
                    record.topic(),
                    record.partition(),
                    record.offset(),
                    e.getMessage());
        }
    }
}
