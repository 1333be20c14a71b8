package hansard.index;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.access.Caller;
import hansard.access.Role;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchTest {
    @TempDir
    Path directory;

    private Desk desk;

    @BeforeEach
    void twoCalls() {
        desk = new Desk(directory.resolve("index"));
        desk.opened("c1", "trading", "Acme Ltd");
        desk.joined("c1", "p1", "Alice Martin", "alice");
        desk.joined("c1", "p2", "Bob Stone", "");
        desk.said("c1", "p1", 1, "please sell five hundred shares of the company today");
        desk.said("c1", "p2", 9, "the shares were sold in five lots of a hundred");
        desk.opened("c2", "sales", "Zenith");
        desk.joined("c2", "p1", "Carol <b>Jones</b>", "carol");
        desk.said("c2", "p1", 2, "we don't discuss the embargoed merger & its price");
        desk.flush();
    }

    @AfterEach
    void close() {
        desk.close();
    }

    @Test
    void knowledgeWorkerWhoWasNotInTheCallFindsNothingNotEvenACount() {
        for (Caller outsider : List.of(
                Desk.MALLORY,
                Desk.worker(""),
                new Caller("other", "alice", "", Set.of(Role.KNOWLEDGE_WORKER, Role.COMPLIANCE_OFFICER), List.of()),
                new Caller(Desk.TENANT, "alice", "", Set.of(Role.OPERATOR, Role.CONNECTOR), List.of()),
                new Caller(Desk.TENANT, "alice", "", Set.of(), List.of()))) {
            assertEquals(new Recordings.Found(0, List.of()), desk.search(outsider, "shares"));
            assertEquals(new Recordings.Found(0, List.of()), desk.search(outsider, ""));
            assertEquals(new Recordings.Listed(0, List.of()), desk.list(outsider));
            assertTrue(desk.recordings
                    .transcript(outsider, desk.recordings.call(Desk.OFFICER, "c1"))
                    .isEmpty());
            HansardException hidden = assertThrows(HansardException.class, () -> desk.recordings.call(outsider, "c1"));
            HansardException unknown = assertThrows(HansardException.class, () -> desk.recordings.call(outsider, "c9"));
            assertEquals(ErrorCode.NOT_FOUND, hidden.code());
            assertEquals(
                    unknown.getMessage(), String.valueOf(hidden.getMessage()).replace("c1", "c9"));
        }
    }

    @Test
    void participantFindsTheirOwnCallOnly() {
        assertEquals(2, desk.search(Desk.ALICE, "shares").total());
        assertEquals(0, desk.search(Desk.ALICE, "merger").total());
        assertEquals(1, desk.list(Desk.ALICE).total());
    }

    @Test
    void officerFindsIt() {
        SearchHit hit = desk.search(Desk.OFFICER, "merger").hits().getFirst();
        assertEquals("c2", hit.callId());
        assertEquals("Carol <b>Jones</b>", hit.participant());
        assertEquals(2_000, hit.startMs());
        // the fifth word begins 2.5 s after the first, which begins at 2 s
        assertEquals(2_000 + 5 * 500 - 300, hit.playFromMs());
        assertEquals("we don&#39;t discuss the embargoed <mark>merger</mark> &amp; its price", hit.snippet());
    }

    @Test
    void officerOfOneDepartmentSeesThatOneOnly() {
        assertEquals(2, desk.search(Desk.TRADING_OFFICER, "shares").total());
        assertEquals(0, desk.search(Desk.TRADING_OFFICER, "merger").total());
        assertEquals(1, desk.list(Desk.TRADING_OFFICER).total());
    }

    @Test
    void phraseFuzzyPrefixAndFilters() {
        assertEquals(2, desk.texts(Desk.OFFICER, "five hundred").size());
        assertTrue(desk.texts(Desk.OFFICER, "five hundred").getFirst().contains("five hundred"));
        assertEquals(1, desk.texts(Desk.OFFICER, "\"five hundred\"").size());
        assertEquals(2, desk.texts(Desk.OFFICER, "\"five hundred\"~3").size());
        assertEquals(1, desk.texts(Desk.OFFICER, "embargo*").size());
        assertEquals(1, desk.texts(Desk.OFFICER, "embargoad~").size());
        assertEquals(0, desk.texts(Desk.OFFICER, "embargoad").size());
        assertEquals(2, desk.texts(Desk.OFFICER, "share").size());
        assertEquals(1, desk.texts(Desk.OFFICER, "share -company").size());
        assertEquals(1, desk.texts(Desk.OFFICER, "shares NOT company").size());
        assertEquals(
                2,
                desk.texts(Desk.OFFICER, "(merger OR company) AND (embargoed OR sell)")
                        .size());
        assertEquals(
                1,
                desk.search(Desk.OFFICER, Map.of("q", "shares", "speaker", "stone"))
                        .total());
        assertEquals(
                1,
                desk.search(Desk.OFFICER, Map.of("q", "shares", "speaker", "p1"))
                        .total());
        assertEquals(
                2,
                desk.search(Desk.OFFICER, Map.of("q", "shares", "department", "Trading"))
                        .total());
        assertEquals(
                0,
                desk.search(Desk.OFFICER, Map.of("q", "shares", "department", "sales"))
                        .total());
        assertEquals(
                2,
                desk.search(Desk.OFFICER, Map.of("q", "shares", "client", "acme ltd"))
                        .total());
        assertEquals(
                2,
                desk.search(Desk.OFFICER, Map.of("q", "shares", "from", "2026-09-21", "to", "2026-09-21"))
                        .total());
        assertEquals(
                0,
                desk.search(Desk.OFFICER, Map.of("q", "shares", "to", "2026-09-20"))
                        .total());
        assertEquals(
                0,
                desk.search(Desk.OFFICER, Map.of("q", "shares", "from", "2026-09-22"))
                        .total());
        Recordings.Found second = desk.search(Desk.OFFICER, Map.of("q", "shares", "limit", "1", "offset", "1"));
        assertEquals(2, second.total());
        assertEquals(1, second.hits().size());
    }

    @Test
    void queryCannotEscapeTheFilter() {
        for (String attack : List.of(
                "*:*",
                "tenant:default",
                "department:sales",
                "user:carol OR merger",
                "merger OR user:mallory",
                "id:\"call:c2\"",
                "id:\"utt:c2-p1-2\"",
                "callId:c2",
                "-nothing merger",
                "merger) OR (merger",
                "merger\" OR type:call \"",
                "{!lucene}merger",
                "[a TO z]",
                "+tenant:default +text:merger",
                "/.*/",
                "me* OR tenant:def*",
                "_query_:\"merger\"",
                "exact:merger^100")) {
            try {
                assertEquals(0, desk.search(Desk.MALLORY, attack).total(), attack);
                assertTrue(
                        desk.search(Desk.ALICE, attack).hits().stream()
                                .allMatch(h -> h.callId().equals("c1")),
                        attack);
            } catch (HansardException refused) {
                assertEquals(ErrorCode.BAD_REQUEST, refused.code(), attack);
            }
        }
        for (String parameter : List.of("speaker", "department", "client")) {
            assertEquals(
                    0,
                    desk.search(Desk.MALLORY, Map.of(parameter, "*) OR (*:*")).total());
        }
    }

    @Test
    void speakerOfMoreWordsThanAQueryMayHaveIsTheCallersMistake() {
        assertEquals(
                0, desk.search(Desk.OFFICER, Map.of("speaker", "a ".repeat(64))).total());
        for (int words : new int[] {65, 1_500}) {
            HansardException refused = assertThrows(
                    HansardException.class, () -> desk.search(Desk.OFFICER, Map.of("speaker", "a ".repeat(words))));
            assertEquals(ErrorCode.BAD_REQUEST, refused.code());
            assertTrue(String.valueOf(refused.getMessage()).contains(words + " words"));
        }
    }

    @Test
    void malformedQuerySaysWhere() {
        assertRefused("shares \"five hundred", 8);
        assertRefused("(shares", 1);
        assertRefused("shares)", 7);
        assertRefused("shares AND", 11);
        assertRefused("AND shares", 1);
        assertRefused("shares OR", 10);
        assertRefused("OR shares", 1);
        assertRefused("-shares", 1);
        assertRefused("shares a*", 8);
        assertRefused("*", 1);
        assertRefused("shares~9", 8);
        assertRefused("&&", 1);
        assertRefused("x ".repeat(65), 129);
        assertRefused("(".repeat(20) + "x", 17);
        assertThrows(HansardException.class, () -> desk.search(Desk.OFFICER, "x".repeat(1_001)));
        assertThrows(HansardException.class, () -> desk.search(Desk.OFFICER, Map.of("from", "yesterday")));
        assertThrows(HansardException.class, () -> desk.search(Desk.OFFICER, Map.of("limit", "1000")));
    }

    private void assertRefused(String query, int position) {
        HansardException refused = assertThrows(HansardException.class, () -> desk.search(Desk.OFFICER, query), query);
        assertEquals(ErrorCode.BAD_REQUEST, refused.code());
        assertTrue(
                String.valueOf(refused.getMessage()).startsWith("query, at character " + position + ":"),
                query + " -> " + refused.getMessage());
    }

    @Test
    void longUtteranceGivesTheWordsAroundTheMatch() throws Exception {
        String text = "word ".repeat(100) + "needle" + " word".repeat(100);
        String snippet = Matches.of(QueryText.parse("needle"), text).snippet();
        assertTrue(snippet.contains("<mark>needle</mark>") && snippet.length() < 300, snippet);
        assertTrue(snippet.startsWith("… ") && snippet.endsWith(" …"), snippet);
    }
}
