package hansard.index;

import hansard.access.Caller;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.Sort;
import org.apache.lucene.search.SortField;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.jspecify.annotations.Nullable;

/**
 * The recordings, as one caller may see them. The only way of the API to the index: every query is made by {@link
 * #visible}, so that counts, pages and lookups hold nothing that {@link AccessFilter} does not let through.
 */
final class Recordings {
    private final LuceneIndex index;

    Recordings(LuceneIndex index) {
        this.index = index;
    }

    /** Found utterances, best first, or newest first when there is no text to rank by. */
    record Found(long total, List<SearchHit> hits) {}

    /** Calls, newest first. */
    record Listed(long total, List<CallRecord> calls) {}

    private static BooleanQuery.Builder visible(Caller caller, String type) {
        return new BooleanQuery.Builder()
                .add(AccessFilter.of(caller), Occur.FILTER)
                .add(new TermQuery(new Term(Documents.TYPE, type)), Occur.FILTER);
    }

    Found search(Caller caller, SearchRequest request) {
        Query text = QueryText.parse(request.text());
        BooleanQuery.Builder query = visible(caller, Documents.UTTERANCE);
        request.addFilters(query);
        if (!request.speaker().isEmpty()) {
            query.add(request.speakerQuery(), Occur.FILTER);
        }
        if (text != null) {
            query.add(text, Occur.MUST);
        }
        return index.read(s -> {
            Page page = page(
                    s,
                    query.build(),
                    text != null ? new Sort(SortField.FIELD_SCORE, NEWEST) : new Sort(NEWEST),
                    request);
            List<SearchHit> hits = new ArrayList<>();
            Map<String, CallRecord> calls = new HashMap<>();
            for (ScoreDoc found : page.docs()) {
                Spoken spoken = Documents.spoken(s.storedFields().document(found.doc));
                CallRecord call = calls.get(spoken.callId());
                if (call == null) {
                    call = find(s, caller, spoken.callId()).orElseThrow(); // they carry the same access fields
                    calls.put(spoken.callId(), call);
                }
                hits.add(hit(spoken, call, text, found));
            }
            return new Found(page.total(), hits);
        });
    }

    private static final SortField NEWEST = new SortField(Documents.DATE, SortField.Type.LONG, true);

    private record Page(long total, List<ScoreDoc> docs) {}

    private static Page page(IndexSearcher s, Query query, Sort sort, SearchRequest request) throws IOException {
        int total = s.count(query);
        TopDocs top = s.search(query, request.offset() + request.limit(), sort, true);
        List<ScoreDoc> docs = List.of(top.scoreDocs);
        return new Page(total, docs.subList(Math.min(request.offset(), docs.size()), docs.size()));
    }

    private static SearchHit hit(Spoken spoken, CallRecord call, @Nullable Query text, ScoreDoc found)
            throws IOException {
        UtteranceView utterance = UtteranceView.of(spoken, call, false);
        Matches matches = Matches.of(text, spoken.text());
        Opening opening = call.opening();
        return new SearchHit(
                call.callId(),
                opening == null ? "" : opening.title(),
                Times.iso(call.zeroMicros()),
                opening == null ? "" : opening.department(),
                opening == null ? "" : opening.client(),
                spoken.utteranceId(),
                utterance.participant(),
                utterance.participantId(),
                utterance.startMs(),
                utterance.endMs(),
                Times.onClock(matches.playFromMicros(spoken), call.zeroMicros()),
                spoken.text(),
                matches.snippet(),
                Float.isNaN(found.score) ? 0 : found.score,
                spoken.confidence());
    }

    Listed list(Caller caller, SearchRequest request) {
        BooleanQuery.Builder query = visible(caller, Documents.CALL);
        request.addFilters(query);
        return index.read(s -> {
            Page page = page(s, query.build(), new Sort(NEWEST), request);
            List<CallRecord> calls = new ArrayList<>();
            for (ScoreDoc found : page.docs()) {
                calls.add(Documents.call(s.storedFields().document(found.doc)));
            }
            return new Listed(page.total(), calls);
        });
    }

    /** @throws HansardException NOT_FOUND when there is no such call, or none for this caller: the two look the same */
    CallRecord call(Caller caller, String callId) {
        return index.read(s -> find(s, caller, callId))
                .orElseThrow(() -> new HansardException(ErrorCode.NOT_FOUND, "no recording " + callId));
    }

    /** A call's final utterances, of the version that is current, in the order they were spoken. */
    List<Spoken> transcript(Caller caller, CallRecord call) {
        List<Spoken> all = new ArrayList<>();
        for (String type : List.of(Documents.UTTERANCE, Documents.KEPT)) {
            all.addAll(utterances(caller, call, type));
        }
        all.removeIf(spoken -> !spoken.hearing().equals(call.hearingOf(spoken.streamId())));
        all.sort(Comparator.comparingLong(Spoken::startMicros).thenComparing(Spoken::utteranceId));
        return all;
    }

    private List<Spoken> utterances(Caller caller, CallRecord call, String type) {
        Query query = visible(caller, type)
                .add(new TermQuery(new Term(Documents.CALL_ID, call.callId())), Occur.FILTER)
                .build();
        return index.read(s -> {
            List<Spoken> all = new ArrayList<>();
            for (ScoreDoc found : s.search(query, Math.max(1, s.count(query))).scoreDocs) {
                all.add(Documents.spoken(s.storedFields().document(found.doc)));
            }
            return all;
        });
    }

    /** Whether every utterance of a sealed recording is in the index; the topics have no order between them. */
    boolean isSearchable(Caller caller, CallRecord call) {
        if (!call.state().equals("sealed")) {
            return false;
        }
        Query query = visible(caller, Documents.UTTERANCE)
                .add(new TermQuery(new Term(Documents.CALL_ID, call.callId())), Occur.FILTER)
                .build();
        return index.read(s -> s.count(query)) >= call.expectedUtterances();
    }

    private static Optional<CallRecord> find(IndexSearcher s, Caller caller, String callId) throws IOException {
        Query query = visible(caller, Documents.CALL)
                .add(new TermQuery(new Term(Documents.CALL_ID, callId)), Occur.FILTER)
                .build();
        TopDocs found = s.search(query, 1);
        return found.scoreDocs.length == 0
                ? Optional.empty()
                : Optional.of(Documents.call(s.storedFields().document(found.scoreDocs[0].doc)));
    }
}
