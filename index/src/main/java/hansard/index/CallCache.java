package hansard.index;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.document.Document;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;

/** The calls as the journal thread knows them: the recent in memory, all others read back from the index. */
final class CallCache {
    private final LuceneIndex index;
    private final int bound;
    private final LinkedHashMap<String, CallRecord> calls = new LinkedHashMap<>(64, 0.75f, true);
    private final Set<String> unwritten = new LinkedHashSet<>();
    /** Written and dropped from memory since the last refresh: a reader would see an older state of these. */
    private final Set<String> unreadable = new HashSet<>();

    CallCache(LuceneIndex index, int bound) {
        this.index = index;
        this.bound = bound;
    }

    CallRecord get(String tenant, String callId) {
        CallRecord known = calls.get(callId);
        if (known == null) {
            if (unreadable.contains(callId)) {
                refresh();
            }
            known = load(tenant, callId);
            calls.put(callId, known);
            evict();
        }
        return known;
    }

    void put(CallRecord call) {
        calls.put(call.callId(), call);
        unwritten.add(call.callId());
    }

    int unwritten() {
        return unwritten.size();
    }

    /** Writes what changed. @return the calls that were written */
    List<CallRecord> flush() {
        List<CallRecord> written = new ArrayList<>();
        for (String callId : unwritten) {
            CallRecord call = calls.get(callId);
            if (call != null) {
                index.put(Documents.callTerm(callId), Documents.of(call));
                written.add(call);
            }
        }
        unwritten.clear();
        evict();
        return written;
    }

    void refresh() {
        index.refresh();
        unreadable.clear();
    }

    private CallRecord load(String tenant, String callId) {
        return index.read(searcher -> {
            TopDocs found = searcher.search(new TermQuery(Documents.callTerm(callId)), 1);
            if (found.scoreDocs.length == 0) {
                return CallRecord.unknown(tenant, callId);
            }
            Document doc = searcher.storedFields().document(found.scoreDocs[0].doc);
            return Documents.call(doc);
        });
    }

    private void evict() {
        Iterator<Map.Entry<String, CallRecord>> oldest = calls.entrySet().iterator();
        while (calls.size() > bound && oldest.hasNext()) {
            String callId = oldest.next().getKey();
            if (!unwritten.contains(callId)) {
                oldest.remove();
                unreadable.add(callId);
            }
        }
    }
}
