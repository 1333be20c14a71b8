package hansard.index;

import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.miscellaneous.PerFieldAnalyzerWrapper;
import org.apache.lucene.analysis.standard.StandardTokenizer;

/**
 * How words become terms. No stop words: "to be or not to be" must be findable as said. {@code text} is stemmed, so
 * that "share" finds "shares" (the gentler KStem does not: both are words of its lexicon); {@code exact} is not and serves phrases, prefixes and fuzzy words.
 */
final class Analyzers {
    static final Analyzer STEMMED = chain(true);
    static final Analyzer EXACT = chain(false);
    static final Analyzer BY_FIELD = new PerFieldAnalyzerWrapper(EXACT, Map.of(Documents.TEXT, STEMMED));

    private Analyzers() {}

    private static Analyzer chain(boolean stem) {
        return new Analyzer() {
            @Override
            protected TokenStreamComponents createComponents(String field) {
                Tokenizer words = new StandardTokenizer();
                TokenStream terms = new ASCIIFoldingFilter(new LowerCaseFilter(words));
                if (stem) {
                    terms = new PorterStemFilter(new EnglishPossessiveFilter(terms));
                }
                return new TokenStreamComponents(words, terms);
            }

            @Override
            protected TokenStream normalize(String field, TokenStream in) {
                return new ASCIIFoldingFilter(new LowerCaseFilter(in));
            }
        };
    }
}
