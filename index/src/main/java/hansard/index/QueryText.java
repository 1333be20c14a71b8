package hansard.index;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.BoostQuery;
import org.apache.lucene.search.FuzzyQuery;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.jspecify.annotations.Nullable;

/**
 * What people type, as a query over the spoken words and nothing else: there is no syntax for fields, so a query cannot name
 * the fields that decide access.
 *
 * <pre>
 * any   = all *( "OR" all )
 * all   = not *( ["AND"] not )
 * not   = ["NOT" / "-" / "+"] one
 * one   = "(" any ")"  /  DQUOTE words DQUOTE ["~" slop]  /  word ["~" [edits]]  /  word "*"
 * </pre>
 *
 * Words match by stem; phrases, prefixes and fuzzy words match as spoken. Of plain words all are required, and utterances that
 * have them as a phrase come first.
 */
final class QueryText {
    private static final int MOST_CHARACTERS = 1_000;
    private static final int MOST_WORDS = 64;
    private static final int DEEPEST = 16;
    private static final int FUZZY_EXPANSIONS = 50;

    private final String text;
    private final List<String> plainWords = new ArrayList<>();
    private boolean plain = true;
    private int at;
    private int words;
    private int depth;

    private QueryText(String text) {
        this.text = text;
    }

    /**
     * @return null when the text is blank
     * @throws HansardException BAD_REQUEST that says at which character (from 1) it is not understood
     */
    static @Nullable Query parse(String text) {
        if (text.isBlank()) {
            return null;
        }
        if (text.length() > MOST_CHARACTERS) {
            throw new HansardException(
                    ErrorCode.BAD_REQUEST,
                    "the query has " + text.length() + " characters, " + MOST_CHARACTERS + " are the most");
        }
        return new QueryText(text).whole();
    }

    private Query whole() {
        Query query = any();
        if (at < text.length()) {
            throw problem("a closing parenthesis without an opening one", at);
        }
        if (query == null) {
            throw problem("there is no word to look for", 0);
        }
        return plain && plainWords.size() > 1 ? phraseFirst(query) : query;
    }

    private Query phraseFirst(Query all) {
        BooleanQuery.Builder ranked = new BooleanQuery.Builder();
        ranked.add(all, Occur.MUST);
        String phrase = String.join(" ", plainWords);
        ranked.add(new BoostQuery(phrase(Documents.TEXT, terms(Analyzers.STEMMED, phrase), 0), 4), Occur.SHOULD);
        ranked.add(new BoostQuery(phrase(Documents.EXACT, terms(Analyzers.EXACT, phrase), 0), 2), Occur.SHOULD);
        return ranked.build();
    }

    private @Nullable Query any() {
        List<Query> alternatives = new ArrayList<>();
        int start = at;
        add(alternatives, all());
        while (keyword("OR")) {
            plain = false;
            int operator = at;
            Query next = all();
            if (next == null) {
                throw problem("OR needs a word on its right", operator);
            }
            if (alternatives.isEmpty()) {
                throw problem("OR needs a word on its left", start);
            }
            alternatives.add(next);
        }
        if (alternatives.size() < 2) {
            return alternatives.isEmpty() ? null : alternatives.getFirst();
        }
        BooleanQuery.Builder query = new BooleanQuery.Builder();
        alternatives.forEach(a -> query.add(a, Occur.SHOULD));
        return query.build();
    }

    private static void add(List<Query> list, @Nullable Query query) {
        if (query != null) {
            list.add(query);
        }
    }

    private @Nullable Query all() {
        List<BooleanClause> clauses = new ArrayList<>();
        int start = at;
        boolean dangling = false;
        while (true) {
            skipSpace();
            if (end() || text.charAt(at) == ')' || peekKeyword("OR")) {
                break;
            }
            if (keyword("AND")) {
                plain = false;
                if (clauses.isEmpty() || dangling) {
                    throw problem("AND needs a word on both sides", at - 3);
                }
                dangling = true;
                continue;
            }
            boolean not = negated();
            int one = at;
            Query query = one();
            if (query == null && not) {
                throw problem("NOT needs a word after it", one);
            }
            if (query != null) {
                clauses.add(new BooleanClause(query, not ? Occur.MUST_NOT : Occur.MUST));
                dangling = false;
            }
        }
        if (dangling) {
            throw problem("AND needs a word on both sides", at);
        }
        return conjunction(clauses, start);
    }

    private @Nullable Query conjunction(List<BooleanClause> clauses, int start) {
        if (clauses.isEmpty()) {
            return null;
        }
        if (clauses.stream().allMatch(BooleanClause::isProhibited)) {
            throw problem("only excluded words: name at least one to look for", start);
        }
        if (clauses.size() == 1) {
            return clauses.getFirst().query();
        }
        BooleanQuery.Builder query = new BooleanQuery.Builder();
        clauses.forEach(query::add);
        return query.build();
    }

    private boolean negated() {
        if (keyword("NOT")) {
            plain = false;
            skipSpace();
            return true;
        }
        char sign = text.charAt(at);
        if ((sign == '-' || sign == '+') && at + 1 < text.length() && !Character.isWhitespace(text.charAt(at + 1))) {
            plain = false;
            at++;
            return sign == '-';
        }
        return false;
    }

    private @Nullable Query one() {
        if (end()) {
            return null;
        }
        return switch (text.charAt(at)) {
            case '(' -> group();
            case '"' -> quoted();
            default -> word();
        };
    }

    private @Nullable Query group() {
        plain = false;
        int open = at++;
        if (++depth > DEEPEST) {
            throw problem("parentheses are nested more than " + DEEPEST + " deep", open);
        }
        Query inner = any();
        if (end()) {
            throw problem("this parenthesis is never closed", open);
        }
        at++;
        depth--;
        return inner;
    }

    private @Nullable Query quoted() {
        plain = false;
        int open = at;
        int close = text.indexOf('"', open + 1);
        if (close < 0) {
            throw problem("this quotation mark is never closed", open);
        }
        at = close + 1;
        List<String> terms = terms(Analyzers.EXACT, text.substring(open + 1, close));
        count(terms.size(), open);
        int slop = tilde() ? number(0, 20, "words between, after ~,") : 0;
        return terms.isEmpty() ? null : phrase(Documents.EXACT, terms, slop);
    }

    private @Nullable Query word() {
        int start = at;
        while (!end() && !isEndOfWord(text.charAt(at))) {
            at++;
        }
        String word = text.substring(start, at);
        if (!end() && text.charAt(at) == '*') {
            at++;
            return prefix(word, start);
        }
        if (tilde()) {
            return fuzzy(word, start);
        }
        List<String> stems = terms(Analyzers.STEMMED, word);
        count(stems.size(), start);
        if (stems.isEmpty()) {
            return null; // punctuation alone
        }
        plainWords.add(word);
        return phrase(Documents.TEXT, stems, 0);
    }

    private Query prefix(String word, int start) {
        plain = false;
        List<String> terms = terms(Analyzers.EXACT, word);
        if (terms.size() != 1 || terms.getFirst().length() < 2) {
            throw problem("* goes at the end of a word of which at least two letters are given", start);
        }
        if (!end() && !isEndOfWord(text.charAt(at))) {
            throw problem("* goes at the end of a word", at - 1);
        }
        count(1, start);
        return new PrefixQuery(new Term(Documents.EXACT, terms.getFirst()));
    }

    private Query fuzzy(String word, int start) {
        plain = false;
        List<String> terms = terms(Analyzers.EXACT, word);
        if (terms.size() != 1) {
            throw problem("~ goes at the end of one word", start);
        }
        String term = terms.getFirst();
        int usual = term.length() < 3 ? 0 : term.length() < 6 ? 1 : 2;
        int edits = number(usual, FuzzyQuery.defaultMaxEdits, "changed letters, after ~,");
        count(1, start);
        return new FuzzyQuery(
                new Term(Documents.EXACT, term), edits, Math.min(1, term.length()), FUZZY_EXPANSIONS, true);
    }

    private boolean tilde() {
        if (!end() && text.charAt(at) == '~') {
            at++;
            return true;
        }
        return false;
    }

    private int number(int fallback, int most, String what) {
        int start = at;
        while (!end() && Character.isDigit(text.charAt(at))) {
            at++;
        }
        if (at == start) {
            return fallback;
        }
        if (at - start > 2 || Integer.parseInt(text.substring(start, at)) > most) {
            throw problem("the number of " + what + " is 0 to " + most, start);
        }
        return Integer.parseInt(text.substring(start, at));
    }

    private boolean end() {
        return at >= text.length();
    }

    private static boolean isEndOfWord(char c) {
        return Character.isWhitespace(c) || c == '(' || c == ')' || c == '"' || c == '*' || c == '~';
    }

    private void skipSpace() {
        while (!end() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private boolean peekKeyword(String keyword) {
        int after = at + keyword.length();
        return text.startsWith(keyword, at)
                && (after >= text.length() || Character.isWhitespace(text.charAt(after)) || text.charAt(after) == '(');
    }

    private boolean keyword(String keyword) {
        skipSpace();
        if (!peekKeyword(keyword)) {
            return false;
        }
        at += keyword.length();
        return true;
    }

    private void count(int more, int where) {
        words += more;
        if (words > MOST_WORDS) {
            throw problem("more than " + MOST_WORDS + " words", where);
        }
    }

    private static Query phrase(String field, List<String> terms, int slop) {
        return terms.size() == 1
                ? new TermQuery(new Term(field, terms.getFirst()))
                : new PhraseQuery(slop, field, terms.toArray(String[]::new));
    }

    /** The terms an analyser makes of a text. */
    static List<String> terms(Analyzer analyzer, String text) {
        List<String> terms = new ArrayList<>();
        try (TokenStream stream = analyzer.tokenStream("", text)) {
            CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
            stream.reset();
            while (stream.incrementToken()) {
                terms.add(term.toString());
            }
            stream.end();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // a text in memory
        }
        return terms;
    }

    private static HansardException problem(String what, int position) {
        return new HansardException(ErrorCode.BAD_REQUEST, "query, at character " + (position + 1) + ": " + what);
    }
}
