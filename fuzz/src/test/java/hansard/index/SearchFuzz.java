package hansard.index;

import static hansard.fuzz.Promises.hold;
import static hansard.fuzz.Promises.readOrRefused;

import hansard.fuzz.FuzzTarget;
import hansard.fuzz.Pieces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.MultiReader;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.QueryVisitor;

/** What people type is a query over the spoken words only, or is refused: it cannot name the fields that decide access. */
public final class SearchFuzz implements FuzzTarget {
    private static final List<String> PARAMETERS =
            List.of("q", "speaker", "department", "client", "from", "to", "limit", "offset");
    private static final Set<String> SPOKEN = Set.of(Documents.TEXT, Documents.EXACT);
    private static final IndexReader NOTHING = nothing();

    private static IndexReader nothing() {
        try {
            return new MultiReader();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(
                of("(northern OR southern) AND energy NOT \"gas price\"~3 wor* wrd~1 -noise", "Anna B", "trading"),
                of("\"good morning\"", "", "", "Client & Co", "2026-11-01", "2026-11-30", "10", "20"),
                of("tenant:other department:x"),
                of("energy", "a ".repeat(1_500)));
    }

    private static byte[] of(String... values) {
        List<byte[]> pieces = new ArrayList<>();
        for (String value : values) {
            pieces.add(value.getBytes(StandardCharsets.UTF_8));
        }
        return Pieces.join(0, pieces);
    }

    @Override
    public void run(byte[] input) {
        List<byte[]> values = Pieces.split(input, 1);
        SearchRequest request = readOrRefused(() -> SearchRequest.from(name -> {
            int at = PARAMETERS.indexOf(name);
            return at < values.size() ? new String(values.get(at), StandardCharsets.UTF_8) : null;
        }));
        if (request == null) {
            return;
        }
        hold(request.limit() >= 1 && request.limit() <= 100 && request.offset() >= 0, "the part that is wanted");
        readOrRefused(() -> {
            Query query = QueryText.parse(request.text());
            if (query != null) {
                onlySpokenWords(query);
                rewritten(query);
            }
            rewritten(request.speakerQuery());
            BooleanQuery.Builder filters = new BooleanQuery.Builder();
            request.addFilters(filters);
            return rewritten(filters.build());
        });
    }

    private static void onlySpokenWords(Query query) {
        query.visit(new QueryVisitor() {
            @Override
            public boolean acceptField(String field) {
                hold(SPOKEN.contains(field), "a query over the field " + field);
                return true;
            }
        });
    }

    /** What a search does before it looks at any document: this is where impossible queries fail. */
    private static Query rewritten(Query query) {
        try {
            return new IndexSearcher(NOTHING).rewrite(query);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
