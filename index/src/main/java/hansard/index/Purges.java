package hansard.index;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Json;
import hansard.wire.Receipt;
import hansard.wire.RetentionOrder.PurgeOrdered;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Purge orders from their arrival until their receipts are durable. They are in every commit's facts meanwhile, so that a
 * crash between erasing and receipt repeats both. A receipt is written only when a fresh search finds nothing and no file is
 * left that could hold a deleted word.
 */
final class Purges {
    private static final Logger log = LoggerFactory.getLogger(Purges.class);
    private static final int UNCOUNTED = -1;

    private final LuceneIndex index;
    private final String replica;
    private final LongSupplier nowMicros;
    private final Map<String, Pending> pending = new LinkedHashMap<>();

    /** @param count documents that held the call's content; -1 until counted */
    record Pending(String orderId, String tenant, String callId, long count) {
        Pending counted(long documents) {
            return new Pending(orderId, tenant, callId, documents);
        }
    }

    /** Sends a receipt and returns when it is durable. */
    interface Receipts {
        void send(Receipt receipt);
    }

    Purges(LuceneIndex index, String replica, LongSupplier nowMicros) {
        this.index = index;
        this.replica = replica;
        this.nowMicros = nowMicros;
    }

    void restore(String facts) {
        try {
            for (Pending p : Json.mapper().readValue(facts, new TypeReference<List<Pending>>() {})) {
                pending.put(p.orderId(), p);
            }
        } catch (JsonProcessingException e) {
            throw new HansardException(ErrorCode.DATA_DIRECTORY, "the index's commit holds unreadable purge orders", e);
        }
    }

    String facts() {
        return new String(Json.bytes(new ArrayList<>(pending.values())), java.nio.charset.StandardCharsets.UTF_8);
    }

    void add(PurgeOrdered order) {
        pending.putIfAbsent(order.orderId(), new Pending(order.orderId(), order.tenant(), order.callId(), UNCOUNTED));
    }

    boolean none() {
        return pending.isEmpty();
    }

    /** Counts and deletes; to be followed by a refresh. What was written before must be visible. */
    void delete() {
        pending.replaceAll((id, p) -> p.count() == UNCOUNTED ? p.counted(utterances(p.callId())) : p);
        pending.values().forEach(p -> index.deleteUtterances(p.callId()));
        index.expunge();
    }

    /** Whether the deleted is gone from what can be searched and from the files. To be called after commit and refresh. */
    boolean proven() {
        List<String> leftovers = index.leftovers();
        boolean dirty = index.read(s -> s.getIndexReader().hasDeletions());
        long found =
                pending.values().stream().mapToLong(p -> utterances(p.callId())).sum();
        if (found > 0 || dirty || !leftovers.isEmpty()) {
            log.info(
                    "{} purges wait: {} documents found, deletions in segments: {}, files still in use: {}",
                    pending.size(),
                    found,
                    dirty,
                    leftovers.size());
            return false;
        }
        return true;
    }

    /** Writes the receipts; what cannot be written stays pending, and is erased and proven again. */
    void receipt(Receipts receipts) {
        for (Pending p : List.copyOf(pending.values())) {
            if (!sent(receipts, p)) {
                return;
            }
            pending.remove(p.orderId());
            log.info("purged call {} by order {}: {} utterances", p.callId(), p.orderId(), p.count());
        }
    }

    private boolean sent(Receipts receipts, Pending p) {
        try {
            receipts.send(new Receipt(
                    p.orderId(),
                    p.tenant(),
                    p.callId(),
                    nowMicros.getAsLong(),
                    "index",
                    "index/" + replica,
                    p.count() + 1,
                    "deleted " + p.count() + " utterances and the call's content; a search for the call's utterances"
                            + " finds 0; no segment holds a deleted document and no older segment file is left"));
            return true;
        } catch (HansardException e) {
            if (!e.code().isRetriable()) {
                throw e;
            }
            log.warn("{}; it will be tried again", e.getMessage());
            return false;
        }
    }

    private long utterances(String callId) {
        return index.read(s -> s.count(LuceneIndex.utterancesOf(callId)));
    }
}
