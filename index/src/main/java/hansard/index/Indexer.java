package hansard.index;

import hansard.keys.AwaitedLeave;
import hansard.keys.KeyRef;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Json;
import hansard.wire.Artifact;
import hansard.wire.CallEvent;
import hansard.wire.Rejected;
import hansard.wire.RetentionOrder;
import hansard.wire.Topics;
import hansard.wire.Utterance;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.apache.lucene.document.Document;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ScoreDoc;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns records of the topics into documents. Belongs to the journal thread. Offsets and documents are committed together, so
 * that what was not committed is read again, and what was is not.
 */
final class Indexer {
    private static final Logger log = LoggerFactory.getLogger(Indexer.class);
    private static final String PURGES = "purges";
    private static final int CALLS_IN_MEMORY = 10_000;
    /** An unfinished utterance older than this is history and interests nobody. */
    private static final long LIVE_MICROS = Duration.ofSeconds(60).toNanos() / 1_000;
    /** A recording sealed longer ago is being read again, and when this replica got it says nothing about the call. */
    private static final long TIMELY_MICROS = Duration.ofMinutes(10).toNanos() / 1_000;

    private static final int AWAITED = 1_000;

    private final LuceneIndex index;
    private final CallCache calls;
    private final TextOpener opener;
    private final LiveFeed live;
    private final Purges purges;
    private final LongSupplier nowMicros;
    private final MeterRegistry meters;
    private final Map<String, Long> offsets = new LinkedHashMap<>();
    private final WaitingUtterances waiting = new WaitingUtterances();
    private final Set<String> restamp = new LinkedHashSet<>();
    private final Set<String> awaited = new LinkedHashSet<>();
    private final Set<String> changed = new LinkedHashSet<>();
    private final Set<String> ended = new LinkedHashSet<>();
    private int uncommitted;

    Indexer(
            LuceneIndex index,
            TextOpener opener,
            LiveFeed live,
            String replica,
            LongSupplier nowMicros,
            MeterRegistry meters) {
        this.index = index;
        this.calls = new CallCache(index, CALLS_IN_MEMORY);
        this.opener = opener;
        this.live = live;
        this.purges = new Purges(index, replica, nowMicros);
        this.nowMicros = nowMicros;
        this.meters = meters;
        index.facts().forEach((key, value) -> {
            if (key.equals(PURGES)) {
                purges.restore(value);
            } else if (WaitingUtterances.isFact(key)) {
                waiting.restore(key, value);
            } else {
                offsets.put(key, Long.valueOf(value));
            }
        });
    }

    /** Where to read on in a partition; 0 for one never read. */
    long offset(String topic, int partition) {
        return offsets.getOrDefault(topic + "-" + partition, 0L);
    }

    /** How many records were applied since the last commit. */
    int uncommitted() {
        return uncommitted;
    }

    /**
     * Applies one record. One that cannot be read is reported and passed over.
     *
     * @param writtenMicros when it was written to the topic
     * @throws HansardException VAULT_UNAVAILABLE: nothing was applied, try again later. What is of a tenant whose keys are refused
     *     is passed over, and read again when there is leave
     */
    void apply(String topic, int partition, long offset, long writtenMicros, byte @Nullable [] value) {
        try {
            if (value == null) {
                throw new HansardException(ErrorCode.MALFORMED, "a record without a value");
            }
            switch (topic) {
                case Topics.CALLS -> call(CallEvent.fromBytes(value));
                case Topics.RECORDING_ARTIFACTS -> artifact(Artifact.fromBytes(value));
                case Topics.MEDIA_REJECTED -> rejected(Rejected.fromBytes(value));
                case Topics.TRANSCRIPTS ->
                    utterance(Utterance.fromBytes(value), waiting.in(partition), offset, writtenMicros);
                case Topics.RETENTION_ORDERS -> order(RetentionOrder.fromBytes(value), offset);
                default -> throw new IllegalArgumentException("not a topic of the index: " + topic);
            }
        } catch (HansardException e) {
            if (e.code().isRetriable()) {
                throw e;
            }
            meters.counter("hansard.index.skipped", "reason", e.code().name()).increment();
            if (e.code() != ErrorCode.KEY_GONE) { // a purged track's words: as it should be
                log.warn("{}-{} at {} is skipped: {}", topic, partition, offset, e.getMessage());
            }
        }
        offsets.put(
                topic + "-" + partition,
                topic.equals(Topics.TRANSCRIPTS) ? waiting.in(partition).after(offset) : offset + 1);
        uncommitted++;
    }

    /** Whose utterances wait for leave. */
    WaitingUtterances waiting() {
        return waiting;
    }

    /** Notes who has caught up in a partition of {@code transcripts}. @param next offset of the record that is applied next */
    void settle(int partition, long next) {
        if (waiting.settle(partition, next)) {
            uncommitted++;
        }
    }

    private void call(CallEvent event) {
        update(event.tenant(), event.callId(), c -> c.apply(event));
    }

    private void artifact(Artifact artifact) {
        CallRecord after = update(artifact.tenant(), artifact.callId(), c -> c.apply(artifact));
        if (after.state().equals("sealed") && after.at(Moment.INDEXED) == 0) {
            awaited.add(after.callId());
            if (awaited.size() > AWAITED) {
                awaited.remove(awaited.iterator().next());
            }
        }
    }

    private void rejected(Rejected rejected) {
        update(rejected.tenant(), rejected.callId(), c -> c.apply(rejected));
    }

    private void order(RetentionOrder order, long offset) {
        CallRecord after = update(order.tenant(), order.callId(), c -> c.apply(order, offset));
        if (order instanceof RetentionOrder.PurgeOrdered purge && after.purged()) {
            purges.add(purge); // also when it is repeated: what may have come since is erased again
            ended.add(purge.callId());
        }
    }

    private void utterance(Utterance u, AwaitedLeave leave, long offset, long writtenMicros) {
        if (leave.passesOver(u.tenant(), offset)) {
            return;
        }
        try {
            utterance(u, writtenMicros);
        } catch (HansardException e) {
            if (e.code() != ErrorCode.KEY_REFUSED) {
                throw e;
            }
            log.warn("utterances of tenant {} wait from {} on: {}", u.tenant(), offset, e.getMessage());
            leave.refused(u.tenant(), offset, String.valueOf(e.getMessage()));
        }
    }

    private void utterance(Utterance u, long writtenMicros) {
        CallRecord call = known(u.tenant(), u.callId());
        boolean history = writtenMicros + LIVE_MICROS < nowMicros.getAsLong()
                || call.state().equals("sealed");
        boolean superseded = u.generation() < call.generationOf(u.streamId());
        if (call.purged()
                || superseded
                || u.partial() && (history || !u.hearing().isFirst())) {
            return;
        }
        byte[] json = opener.open(
                KeyRef.told(u.tenant(), u.callId(), u.streamId()), Topics.TRANSCRIPTS, u.utteranceId(), u.sealed());
        Spoken spoken = Spoken.of(u, text(u, json));
        CallRecord after = update(u.tenant(), u.callId(), c -> c.spoken(u.startMicros()));
        if (u.partial() && spoken.text().isEmpty()) { // what seemed to be words was none
            live.finished(u.callId(), u.streamId());
        } else if (u.partial()) {
            live.partial(u.streamId(), spoken);
        } else {
            index.put(Documents.utteranceTerm(u.utteranceId()), Documents.of(spoken, after));
            live.finished(u.callId(), u.streamId());
            meters.counter("hansard.index.utterances").increment();
        }
        if (live.isWatched(u.callId()) && u.hearing().isFirst()) {
            live.publish(u.callId(), new LiveFeed.Event("utterance", UtteranceView.of(spoken, after, u.partial())));
        }
    }

    private static Utterance.Text text(Utterance u, byte[] json) {
        try {
            return Json.read(json, Utterance.Text.class);
        } catch (HansardException e) { // its message may quote what was said
            throw new HansardException(
                    ErrorCode.MALFORMED, "utterance " + u.utteranceId() + " opens, and is not JSON of a text");
        }
    }

    private CallRecord known(String tenant, String callId) {
        CallRecord call = calls.get(tenant, callId);
        if (!call.tenant().equals(tenant)) {
            throw new HansardException(
                    ErrorCode.MALFORMED, "call " + callId + " is another tenant's than the record says");
        }
        return call;
    }

    private CallRecord update(String tenant, String callId, UnaryOperator<CallRecord> change) {
        CallRecord before = known(tenant, callId);
        CallRecord after = change.apply(before);
        if (after.equals(before)) {
            return before;
        }
        calls.put(after);
        after.tracks().forEach((streamId, track) -> {
            if (track.generation() > before.generationOf(streamId)) {
                index.deleteUtterances(callId, streamId, track.generation());
            }
        });
        if (before.firstSpeechMicros() != 0 && !after.purged() && !after.stamp().equals(before.stamp())) {
            restamp.add(callId);
        }
        if (!after.state().equals("live") && !after.state().equals("closed")) {
            live.forget(callId);
        }
        if (!after.looksLike(before)) {
            changed.add(callId);
        }
        return after;
    }

    /**
     * Makes everything applied so far findable, and proves what purges are due.
     *
     * @return true when something is left that a later flush must do though nothing new was applied
     */
    boolean flush(Purges.Receipts receipts) {
        if (calls.unwritten() > 0) {
            calls.flush();
        }
        if (!restamp.isEmpty()) {
            calls.refresh();
            restamp.forEach(this::rewriteUtterances);
            restamp.clear();
        }
        calls.refresh();
        if (!purges.none()) {
            erase(receipts);
        }
        awaited.removeIf(this::settled);
        tellWatchers();
        return calls.unwritten() > 0 || !purges.none();
    }

    /** Only now: who reads the call again because of an event must find what the event says. */
    private void tellWatchers() {
        for (String callId : changed) {
            if (live.isWatched(callId)) {
                live.publish(callId, new LiveFeed.Event("state", StateView.of(calls.get("", callId))));
            }
        }
        changed.clear();
        ended.forEach(live::end);
        ended.clear();
    }

    private void erase(Purges.Receipts receipts) {
        purges.delete();
        for (int attempt = 1; attempt <= 3 && !purges.none(); attempt++) {
            commit();
            index.settle();
            calls.refresh(); // lets go of the segments that were rewritten
            if (purges.proven()) {
                purges.receipt(receipts);
                commit();
                return;
            }
        }
    }

    /** Makes what was flushed durable, with the offsets it goes up to. */
    void commit() {
        Map<String, String> facts = new LinkedHashMap<>();
        offsets.forEach((partition, next) -> facts.put(partition, Long.toString(next)));
        waiting.addTo(facts);
        if (!purges.none()) {
            facts.put(PURGES, purges.facts());
        }
        index.commit(facts);
        uncommitted = 0;
    }

    private void rewriteUtterances(String callId) {
        List<Spoken> all = index.read(s -> utterances(s, callId));
        for (Spoken spoken : all) {
            CallRecord call = calls.get(spoken.tenant(), callId);
            index.put(Documents.utteranceTerm(spoken.utteranceId()), Documents.of(spoken, call));
        }
    }

    private static List<Spoken> utterances(IndexSearcher searcher, String callId) throws java.io.IOException {
        int most = Math.max(1, searcher.count(LuceneIndex.utterancesOf(callId)));
        List<Spoken> all = new java.util.ArrayList<>();
        for (ScoreDoc hit : searcher.search(LuceneIndex.utterancesOf(callId), most).scoreDocs) {
            Document doc = searcher.storedFields().document(hit.doc);
            all.add(Documents.spoken(doc));
        }
        return all;
    }

    /** Whether it is known when the call's last utterance became findable, or nobody will want to know. */
    private boolean settled(String callId) {
        CallRecord call = calls.get("", callId);
        long now = nowMicros.getAsLong();
        if (call.purged() || call.at(Moment.SEALED) + TIMELY_MICROS < now) {
            return true;
        }
        long found = index.read(s -> s.count(LuceneIndex.currentUtterancesOf(callId)));
        if (found < call.expectedUtterances()) {
            return false;
        }
        calls.put(call.indexed(now));
        return true;
    }
}
