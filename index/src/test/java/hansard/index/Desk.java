package hansard.index;

import hansard.access.Caller;
import hansard.access.Role;
import hansard.keys.KeyRef;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Json;
import hansard.wire.Artifact;
import hansard.wire.CallEvent;
import hansard.wire.MediaKind;
import hansard.wire.Octets;
import hansard.wire.Receipt;
import hansard.wire.RetentionOrder;
import hansard.wire.StreamAccount;
import hansard.wire.StreamDescription;
import hansard.wire.Topics;
import hansard.wire.Utterance;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An index on disk without a broker: records go straight to the indexer, at offsets counted here. Utterances are not sealed. */
final class Desk implements AutoCloseable {
    static final String TENANT = "default";
    static final long START = 1_790_000_000_000_000L;

    static final Caller OFFICER =
            new Caller(TENANT, "olga", "Olga Officer", Set.of(Role.COMPLIANCE_OFFICER), List.of());
    static final Caller TRADING_OFFICER =
            new Caller(TENANT, "otto", "Otto Officer", Set.of(Role.COMPLIANCE_OFFICER), List.of("trading"));
    static final Caller ALICE = worker("alice");
    static final Caller MALLORY = worker("mallory");

    final Path directory;
    final LiveFeed live = new LiveFeed();
    final List<Receipt> receipts = new ArrayList<>();
    final Set<String> destroyed = new HashSet<>();
    boolean vaultAway;
    long now = START + 100_000_000;
    private final Map<String, Long> offsets = new HashMap<>();
    LuceneIndex index;
    Indexer indexer;
    Recordings recordings;

    Desk(Path directory) {
        this.directory = directory;
        open();
    }

    private void open() {
        index = LuceneIndex.open(directory);
        indexer = new Indexer(index, this::plain, live, "1", () -> now, new SimpleMeterRegistry());
        recordings = new Recordings(index);
    }

    /** As SIGKILL would leave it: what was not committed is gone. */
    void killAndRestart() {
        index.close();
        open();
    }

    static Caller worker(String user) {
        return new Caller(TENANT, user, user, Set.of(Role.KNOWLEDGE_WORKER), List.of());
    }

    Map<String, Long> offsets() {
        return Map.copyOf(offsets);
    }

    /** Reads on from where the index says. */
    void rewind() {
        offsets.replaceAll((topic, next) -> indexer.offset(topic, 0));
    }

    private byte[] plain(KeyRef expected, String purpose, String subject, Octets sealed) {
        if (vaultAway) {
            throw new HansardException(ErrorCode.VAULT_UNAVAILABLE, "the vault is away");
        }
        if (destroyed.contains(expected.callId())) {
            throw new HansardException(ErrorCode.KEY_GONE, "the keys of " + expected + " were destroyed");
        }
        return sealed.array();
    }

    void put(String topic, byte[] value) {
        long offset = offsets.merge(topic, 1L, Long::sum) - 1;
        indexer.apply(topic, 0, offset, now, value);
    }

    void event(CallEvent event) {
        put(Topics.CALLS, event.toBytes());
    }

    void artifact(Artifact artifact) {
        put(Topics.RECORDING_ARTIFACTS, artifact.toBytes());
    }

    void flush() {
        indexer.flush(receipts::add);
    }

    void opened(String call, String department, String client) {
        event(new CallEvent.CallOpened(call + "-o", TENANT, call, START, "Call " + call, department, client, Map.of()));
    }

    void joined(String call, String participant, String name, String user) {
        event(new CallEvent.ParticipantJoined(call + participant + name, TENANT, call, START, participant, name, user));
    }

    void said(String call, String participant, int second, String text) {
        utterance(call, participant, second, text, false);
    }

    void utterance(String call, String participant, int second, String text, boolean partial) {
        put(
                Topics.TRANSCRIPTS,
                utteranceOf(call, participant, second, text, partial).toBytes());
    }

    static Utterance utteranceOf(String call, String participant, int second, String text, boolean partial) {
        long start = START + second * 1_000_000L;
        List<Utterance.Word> words = new ArrayList<>();
        long at = start;
        for (String word : text.split(" ")) {
            words.add(new Utterance.Word(word, at, at + 400_000, 0.9));
            at += 500_000;
        }
        byte[] plain = Json.bytes(new Utterance.Text(text, 0.9, words));
        return new Utterance(
                call + "-" + participant + "-" + second,
                TENANT,
                call,
                call + "-" + participant,
                0,
                participant,
                start,
                at,
                partial,
                "test",
                Octets.of(plain));
    }

    void purge(String call) {
        put(
                Topics.RETENTION_ORDERS,
                new RetentionOrder.PurgeOrdered("order-" + call, TENANT, call, now, "trading, 7 years").toBytes());
    }

    static StreamDescription stream(String call, String participant) {
        return new StreamDescription(
                call + "-" + participant,
                call,
                TENANT,
                participant,
                MediaKind.AUDIO,
                "opus",
                48_000,
                2,
                Map.of(111, "opus"),
                Map.of(),
                StreamDescription.Srtp.fresh("AES_CM_128_HMAC_SHA1_80"),
                null,
                5000,
                false,
                "",
                "");
    }

    void stored(String call, String participant, StreamAccount account, int second, int seconds) {
        artifact(new Artifact.TrackStored(
                TENANT,
                call,
                now,
                stream(call, participant),
                0,
                account,
                START + second * 1_000_000L,
                seconds * 1_000_000L,
                0,
                new Artifact.StoredObject(
                        TENANT + "/" + call + "/" + call + "-" + participant + ".webm", "ab12", 1000, "audio/webm")));
    }

    Recordings.Found search(Caller caller, String query) {
        return search(caller, Map.of("q", query));
    }

    Recordings.Found search(Caller caller, Map<String, String> parameters) {
        return recordings.search(caller, SearchRequest.from(parameters::get));
    }

    List<String> texts(Caller caller, String query) {
        return search(caller, query).hits().stream().map(SearchHit::text).toList();
    }

    Recordings.Listed list(Caller caller) {
        return recordings.list(caller, SearchRequest.from(Map.<String, String>of()::get));
    }

    @Override
    public void close() {
        index.close();
    }
}
