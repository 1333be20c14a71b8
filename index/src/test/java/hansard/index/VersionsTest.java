package hansard.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.wire.Artifact;
import hansard.wire.Hearing;
import hansard.wire.Redaction;
import hansard.wire.StreamAccount;
import hansard.wire.Topics;
import hansard.wire.Unheard;
import hansard.wire.Utterance;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The words of a sealed recording are made again: all versions are kept, and one is shown and found. */
class VersionsTest {
    private static final Hearing SECOND = new Hearing(1, "order-1", "large");
    private static final Hearing THIRD = new Hearing(2, "order-2", "larger");
    private static final Artifact.StoredObject OBJECT =
            new Artifact.StoredObject("default/c1/t", "00", 1, "application/json");

    @TempDir
    Path directory;

    private Desk desk;

    @BeforeEach
    void open() {
        desk = new Desk(directory);
    }

    @AfterEach
    void close() {
        desk.index.close();
    }

    private record Put(String topic, byte[] value) {}

    private static Put utterance(String participant, String text, Hearing hearing) {
        Utterance u = Desk.utteranceOf("c1", participant, 1, text, false);
        return new Put(
                Topics.TRANSCRIPTS,
                new Utterance(
                                u.utteranceId() + hearing.suffix(),
                                u.tenant(),
                                u.callId(),
                                u.streamId(),
                                0,
                                participant,
                                u.startMicros(),
                                u.endMicros(),
                                false,
                                hearing.model(),
                                u.sealed(),
                                hearing)
                        .toBytes());
    }

    private static Put artifact(Artifact artifact) {
        return new Put(Topics.RECORDING_ARTIFACTS, artifact.toBytes());
    }

    private static Put stored(String participant, long utterances, Hearing hearing, Unheard... unheard) {
        return artifact(new Artifact.TranscriptStored(
                Desk.TENANT,
                "c1",
                Desk.START + 60_000_000,
                "c1-" + participant,
                0,
                utterances,
                OBJECT,
                List.of(),
                List.of(unheard),
                hearing));
    }

    private static Put heardAgain(Hearing hearing, String failure) {
        return artifact(new Artifact.HeardAgain(
                Desk.TENANT,
                "c1",
                Desk.START + 70_000_000,
                hearing,
                "olga",
                "a better model",
                List.of("c1-alice", "c1-bob"),
                failure));
    }

    private void put(Put... all) {
        for (Put each : all) {
            desk.put(each.topic, each.value);
        }
        desk.flush();
    }

    private void sealed() {
        desk.opened("c1", "trading", "Meier");
        desk.joined("c1", "alice", "Alice", "alice");
        desk.joined("c1", "bob", "Bob", "bob");
        put(
                utterance("alice", "good mourning", Hearing.FIRST),
                utterance("bob", "hollow there", Hearing.FIRST),
                stored("alice", 1, Hearing.FIRST),
                stored("bob", 1, Hearing.FIRST),
                artifact(new Artifact.RecordingSealed(
                        Desk.TENANT,
                        "c1",
                        Desk.START + 60_000_000,
                        Desk.START + 59_000_000,
                        Desk.START,
                        Desk.START + 9)));
    }

    private CallRecord call() {
        return desk.recordings.call(Desk.OFFICER, "c1");
    }

    private List<String> words(CallRecord call) {
        return desk.recordings.transcript(Desk.OFFICER, call).stream()
                .map(Spoken::text)
                .sorted()
                .toList();
    }

    private long found(String text) {
        return desk.recordings
                .search(Desk.OFFICER, SearchRequest.from(name -> name.equals("q") ? text : null))
                .total();
    }

    private List<String> states() {
        return VersionView.of(call(), desk.now).stream()
                .map(v -> v.version() + " " + v.state())
                .toList();
    }

    @Test
    void aVersionIsShownAndFoundOnceAllOfItIsThereAndTheEarlierOneIsKept() {
        sealed();
        put(heardAgain(SECOND, ""), utterance("alice", "good morning", SECOND), stored("alice", 1, SECOND));
        assertEquals(List.of("0 current", "1 waiting"), states());
        assertEquals(List.of("good mourning", "hollow there"), words(call()));
        assertEquals(0, found("morning"));

        put(utterance("bob", "hello there", SECOND), stored("bob", 1, SECOND));
        assertEquals(List.of("0 kept", "1 current"), states());
        assertEquals(List.of("good morning", "hello there"), words(call()));
        assertEquals(1, found("morning"));
        assertEquals(0, found("mourning"));
        assertEquals(1, found("there AND hello"));
        assertEquals(List.of("good mourning", "hollow there"), words(call().upTo(0)));
        assertTrue(desk.recordings.isSearchable(Desk.OFFICER, call()));

        desk.indexer.commit();
        desk.killAndRestart();
        assertEquals(List.of("good morning", "hello there"), words(call()));
        assertEquals(1, found("morning"));
        assertEquals(List.of("good mourning", "hollow there"), words(call().upTo(0)));
    }

    @Test
    void whicheverTopicIsReadFirstTheIndexIsTheSame() {
        List<Put> words = List.of(
                utterance("alice", "good mourning", Hearing.FIRST),
                utterance("bob", "hollow there", Hearing.FIRST),
                utterance("alice", "good morning", SECOND),
                utterance("bob", "hello there", SECOND));
        List<Put> artifacts = List.of(
                stored("alice", 1, Hearing.FIRST),
                stored("bob", 1, Hearing.FIRST),
                heardAgain(SECOND, ""),
                stored("alice", 1, SECOND),
                heardAgain(SECOND, ""),
                stored("bob", 1, SECOND));
        for (int seed = 0; seed < 12; seed++) {
            try (Turn turn = new Turn(directory.resolve("turn-" + seed))) {
                List<Boolean> order = new ArrayList<>(Collections.nCopies(words.size(), true));
                order.addAll(Collections.nCopies(artifacts.size(), false));
                Collections.shuffle(order, new Random(seed));
                int word = 0;
                int artifact = 0;
                for (boolean isWord : order) {
                    Put next = isWord ? words.get(word++) : artifacts.get(artifact++);
                    turn.desk.put(next.topic, next.value);
                    if (seed % 2 == 0) {
                        turn.desk.flush();
                    }
                }
                turn.desk.opened("c1", "trading", "Meier");
                turn.desk.flush();
                desk.index.close();
                desk = turn.desk;
                assertEquals(List.of("good morning", "hello there"), words(call()), "seed " + seed);
                assertEquals(1, found("morning"), "seed " + seed);
                assertEquals(0, found("mourning"), "seed " + seed);
                assertEquals(List.of("good mourning", "hollow there"), words(call().upTo(0)), "seed " + seed);
            }
        }
        desk = new Desk(directory.resolve("last"));
    }

    private record Turn(Desk desk) implements AutoCloseable {
        Turn(Path directory) {
            this(new Desk(directory));
        }

        @Override
        public void close() {}
    }

    @Test
    void aVersionWithoutAModelOrThatCouldNotBeMadeChangesNothing() {
        sealed();
        Unheard none = new Unheard(1, 2, "no model 'large'; there are small");
        put(heardAgain(SECOND, ""), stored("alice", 0, SECOND, none), stored("bob", 0, SECOND, none));
        assertEquals(List.of("0 current", "1 failed"), states());
        assertEquals(
                "no model 'large'; there are small",
                VersionView.of(call(), desk.now).getLast().why());
        put(heardAgain(THIRD, ""), heardAgain(THIRD, "the store has no object"));
        assertEquals(List.of("0 current", "1 failed", "2 failed"), states());
        assertEquals(List.of("good mourning", "hollow there"), words(call()));
        assertEquals(1, found("mourning"));
    }

    @Test
    void anOrderThatNothingIsHeardOfIsLostAndOneOfTheSameNumberIsNotHeeded() {
        sealed();
        desk.now = Desk.START + 71_000_000;
        put(heardAgain(SECOND, ""));
        assertEquals(List.of("0 current", "1 waiting"), states());
        desk.now += 23 * 3_600_000_000L;
        assertEquals(List.of("0 current", "1 waiting"), states(), "a long call takes its time");
        desk.now += 2 * 3_600_000_000L;
        assertEquals(List.of("0 current", "1 failed"), states());
        Hearing other = new Hearing(1, "order-x", "other");
        put(heardAgain(other, ""), stored("alice", 1, other), stored("bob", 1, other));
        assertEquals(List.of("0 current", "1 failed"), states());
        put(
                utterance("alice", "good morning", SECOND),
                utterance("bob", "hello there", SECOND),
                stored("alice", 1, SECOND),
                stored("bob", 1, SECOND));
        assertEquals(List.of("0 kept", "1 current"), states(), "it came late, and came");
    }

    @Test
    void aPurgeLeavesNoVersion() {
        sealed();
        put(
                heardAgain(SECOND, ""),
                utterance("alice", "good morning", SECOND),
                utterance("bob", "hello there", SECOND),
                stored("alice", 1, SECOND),
                stored("bob", 1, SECOND));
        desk.purge("c1");
        desk.flush();
        put(utterance("alice", "good evening", SECOND), utterance("bob", "hollow there", Hearing.FIRST));
        assertEquals(4 + 1, desk.receipts.getLast().count());
        assertEquals(List.of(), call().versions());
        assertEquals(List.of(), words(call()));
        for (String word : List.of("morning", "mourning", "evening", "there")) {
            assertEquals(0, found(word), word);
        }
        assertEquals(0, (long) desk.index.read(s -> s.count(LuceneIndex.utterancesOf("c1"))));
    }

    @Test
    void whatIsAskedForMustBeThere() {
        sealed();
        TranscriptOrders orders = new TranscriptOrders(null, null, () -> desk.now);
        assertEquals(0, orders.asOf(call(), "").currentVersion());
        assertEquals(0, orders.asOf(call(), "0").currentVersion());
        for (Map.Entry<String, ErrorCode> asked : Map.of(
                        "7", ErrorCode.NOT_FOUND, "-1", ErrorCode.BAD_REQUEST, "new", ErrorCode.BAD_REQUEST)
                .entrySet()) {
            HansardException refused = assertThrows(HansardException.class, () -> orders.asOf(call(), asked.getKey()));
            assertEquals(asked.getValue(), refused.code(), asked.getKey());
        }
    }

    private static final long SAID = Desk.START + 5_000_000;

    private static Redaction card(long fromMicros, long toMicros) {
        return new Redaction(SAID + fromMicros, SAID + toMicros, Redaction.Kind.CARD_NUMBER);
    }

    /** The sealed call, of which alice's track is withheld, and silent where the first words had something. */
    private void recorded(List<Redaction> silent) {
        sealed();
        Artifact.StoredObject object = new Artifact.StoredObject("default/c1/c1-alice.webm", "00", 1, "audio/webm");
        List<Artifact.Segment> files = silent.isEmpty()
                ? List.of()
                : List.of(new Artifact.Segment("opus", 2, Desk.START, 9_000_000, object, null));
        put(
                artifact(new Artifact.TrackStored(
                        Desk.TENANT,
                        "c1",
                        Desk.START + 60_000_000,
                        Desk.stream("c1", "alice"),
                        0,
                        new StreamAccount(100, 100, Map.of(), 0, 100, 0),
                        Desk.START,
                        9_000_000,
                        0,
                        object,
                        List.of(),
                        true)),
                artifact(new Artifact.RedactionStored(
                        Desk.TENANT, "c1", Desk.START, "c1-alice", 0, "keep-original", silent, files, "")),
                artifact(new Artifact.MixStored(Desk.TENANT, "c1", Desk.START, 0, Desk.START, 9_000_000, object)));
    }

    private String soundAfter(List<Redaction> found) {
        put(
                heardAgain(SECOND, ""),
                artifact(new Artifact.TranscriptStored(
                        Desk.TENANT,
                        "c1",
                        Desk.START + 80_000_000,
                        "c1-alice",
                        0,
                        1,
                        OBJECT,
                        found,
                        List.of(),
                        SECOND)));
        CallRecord call = call();
        Audible audible = Audible.of(call, Objects.requireNonNull(call.tracks().get("c1-alice")));
        assertEquals(audible instanceof Audible.Withheld, MixView.of(call).media() == null);
        return switch (audible) {
            case Audible.Original ignored -> "original";
            case Audible.Redacted ignored -> "redacted";
            case Audible.Withheld withheld -> withheld.why();
        };
    }

    @Test
    void soundInWhichLaterWordsFindACardNumberIsWithheld() {
        recorded(List.of());
        assertEquals(
                "because version 1 of its words found a card number or security code that can be heard in it",
                soundAfter(List.of(card(0, 4_000_000))));
    }

    @Test
    void whatIsSilentAlreadyIsNotHeardWhateverFindsItOnceMore() {
        recorded(List.of(card(2_000_000, 4_000_000), card(0, 2_000_000)));
        assertEquals("redacted", soundAfter(List.of(card(-140_000, 4_100_000))));
    }

    @Test
    void oneDigitMoreIsEnough() {
        recorded(List.of(card(0, 2_000_000), card(2_200_000, 4_000_000)));
        assertTrue(soundAfter(List.of(card(0, 4_000_000))).contains("version 1"));
    }

    @Test
    void whatLaterWordsDoNotUnderstandChangesNothing() {
        recorded(List.of());
        assertEquals("original", soundAfter(List.of(new Redaction(SAID, SAID + 4_000_000, Redaction.Kind.UNHEARD))));
    }
}
