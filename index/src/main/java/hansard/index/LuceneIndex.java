package hansard.index;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.SegmentInfos;
import org.apache.lucene.index.Term;
import org.apache.lucene.index.TieredMergePolicy;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.store.FSDirectory;

/** The directory on disk. One thread writes; any may read through {@link #read}. A Lucene failure is not survivable here. */
final class LuceneIndex implements AutoCloseable {
    private final FSDirectory directory;
    private final IndexWriter writer;
    private final ConcurrentMergeScheduler scheduler;
    private final SearcherManager searchers;

    private LuceneIndex(
            FSDirectory directory, IndexWriter writer, ConcurrentMergeScheduler scheduler, SearcherManager searchers) {
        this.scheduler = scheduler;
        this.directory = directory;
        this.writer = writer;
        this.searchers = searchers;
    }

    interface Reading<T> {
        T of(IndexSearcher searcher) throws IOException;
    }

    static LuceneIndex open(Path path) {
        try {
            FSDirectory directory = FSDirectory.open(path);
            // a purge must leave no segment with a deleted document in it, however few they are
            TieredMergePolicy merges = new TieredMergePolicy();
            merges.setForceMergeDeletesPctAllowed(0);
            ConcurrentMergeScheduler scheduler = new ConcurrentMergeScheduler();
            IndexWriter writer = new IndexWriter(
                    directory,
                    new IndexWriterConfig(Analyzers.BY_FIELD)
                            .setMergePolicy(merges)
                            .setMergeScheduler(scheduler)
                            .setCommitOnClose(false)
                            .setRAMBufferSizeMB(64));
            return new LuceneIndex(directory, writer, scheduler, new SearcherManager(writer, new SearcherFactory()));
        } catch (IOException e) {
            throw new HansardException(
                    ErrorCode.DATA_DIRECTORY,
                    "the index in " + path + " cannot be opened: " + e.getMessage()
                            + ". If no other process has it, move it away: it is made again from the topics.",
                    e);
        }
    }

    void put(Term id, Document doc) {
        run(() -> writer.updateDocument(id, doc));
    }

    /** Deletes a call's utterances. */
    void deleteUtterances(String callId) {
        run(() -> writer.deleteDocuments(utterancesOf(callId)));
    }

    /** Deletes what was heard on earlier generations of a track. */
    void deleteUtterances(String callId, String streamId, long beforeGeneration) {
        Query earlier = new BooleanQuery.Builder()
                .add(utterancesOf(callId), Occur.FILTER)
                .add(new TermQuery(new Term(Documents.STREAM, streamId)), Occur.FILTER)
                .add(LongPoint.newRangeQuery(Documents.GENERATION, 0, beforeGeneration - 1), Occur.FILTER)
                .build();
        run(() -> writer.deleteDocuments(earlier));
    }

    /** Of all versions. */
    static Query utterancesOf(String callId) {
        Query types = new BooleanQuery.Builder()
                .add(new TermQuery(new Term(Documents.TYPE, Documents.UTTERANCE)), Occur.SHOULD)
                .add(new TermQuery(new Term(Documents.TYPE, Documents.KEPT)), Occur.SHOULD)
                .build();
        return new BooleanQuery.Builder()
                .add(types, Occur.FILTER)
                .add(new TermQuery(new Term(Documents.CALL_ID, callId)), Occur.FILTER)
                .build();
    }

    /** Of the current ones. */
    static Query currentUtterancesOf(String callId) {
        return new BooleanQuery.Builder()
                .add(new TermQuery(new Term(Documents.TYPE, Documents.UTTERANCE)), Occur.FILTER)
                .add(new TermQuery(new Term(Documents.CALL_ID, callId)), Occur.FILTER)
                .build();
    }

    /** Makes what was written visible to readers. */
    void refresh() {
        run(searchers::maybeRefreshBlocking);
    }

    <T> T read(Reading<T> reading) {
        try {
            IndexSearcher searcher = searchers.acquire();
            try {
                return reading.of(searcher);
            } finally {
                searchers.release(searcher);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("reading the index in " + directory.getDirectory(), e);
        }
    }

    /** Makes what was written durable, together with facts about it. */
    void commit(Map<String, String> facts) {
        run(() -> {
            writer.setLiveCommitData(facts.entrySet());
            writer.commit();
        });
    }

    /** The facts of the last commit. */
    Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        Iterable<Map.Entry<String, String>> committed = writer.getLiveCommitData();
        if (committed != null) {
            committed.forEach(e -> facts.put(e.getKey(), e.getValue()));
        }
        return facts;
    }

    /** Rewrites every segment that has a deleted document, so that its words are gone from the files of the next commit. */
    void expunge() {
        scheduler.sync(); // a merge under way would carry the document over
        run(() -> writer.forceMergeDeletes(true));
    }

    /** Returns when no segment is being rewritten. */
    void settle() {
        scheduler.sync();
    }

    /** Files that the last commit does not need: they may still hold what was deleted, while somebody reads or merges them. */
    List<String> leftovers() {
        try {
            writer.deleteUnusedFiles();
            Collection<String> needed = SegmentInfos.readLatestCommit(directory).files(true);
            List<String> left = new ArrayList<>(List.of(directory.listAll()));
            left.removeAll(needed);
            left.remove(IndexWriter.WRITE_LOCK_NAME);
            return left;
        } catch (IOException e) {
            throw new UncheckedIOException("listing the index in " + directory.getDirectory(), e);
        }
    }

    /** Leaves the directory as the last commit left it. */
    @Override
    public void close() {
        run(() -> {
            searchers.close();
            writer.rollback();
            directory.close();
        });
    }

    private interface Step {
        void run() throws IOException;
    }

    private void run(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            throw new UncheckedIOException("writing the index in " + directory.getDirectory(), e);
        }
    }
}
