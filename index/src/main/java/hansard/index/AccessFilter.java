package hansard.index;

import hansard.access.Caller;
import hansard.access.Role;
import java.util.List;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermInSetQuery;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.util.BytesRef;

/** {@link Caller#maySee} as a query over the access fields: what it does not match does not exist for the caller. */
final class AccessFilter {
    private AccessFilter() {}

    static Query of(Caller caller) {
        BooleanQuery.Builder reasons = new BooleanQuery.Builder();
        if (caller.has(Role.COMPLIANCE_OFFICER)) {
            reasons.add(overseen(caller.departments()), Occur.SHOULD);
        }
        if (caller.has(Role.KNOWLEDGE_WORKER) && !caller.user().isEmpty()) {
            reasons.add(new TermQuery(new Term(Documents.USER, caller.user())), Occur.SHOULD);
        }
        // a required clause without alternatives matches nothing: no role, no documents
        return new BooleanQuery.Builder()
                .add(new TermQuery(new Term(Documents.TENANT, caller.tenant())), Occur.FILTER)
                .add(reasons.build(), Occur.FILTER)
                .build();
    }

    private static Query overseen(List<String> departments) {
        return departments.isEmpty()
                ? new MatchAllDocsQuery()
                : new TermInSetQuery(
                        Documents.DEPARTMENT,
                        departments.stream().map(BytesRef::new).toList());
    }
}
