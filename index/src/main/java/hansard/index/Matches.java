package hansard.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.uhighlight.Passage;
import org.apache.lucene.search.uhighlight.PassageFormatter;
import org.apache.lucene.search.uhighlight.UnifiedHighlighter;
import org.apache.lucene.search.uhighlight.WholeBreakIterator;
import org.jspecify.annotations.Nullable;

/** Where in a text a query matches: as a snippet to read, and as the moment to play from. */
final class Matches {
    private static final int SNIPPET = 240;
    private static final long LEAD_MICROS = 300_000;

    private final String text;
    private final List<Span> spans;

    /** Characters {@code start} to {@code end} of the text. */
    private record Span(int start, int end) {}

    private Matches(String text, List<Span> spans) {
        this.text = text;
        this.spans = spans;
    }

    static Matches of(@Nullable Query query, String text) throws IOException {
        List<Span> found = new ArrayList<>();
        if (query != null && !text.isEmpty()) {
            UnifiedHighlighter highlighter = UnifiedHighlighter.builderWithoutSearcher(Analyzers.BY_FIELD)
                    .withBreakIterator(WholeBreakIterator::new)
                    .withMaxNoHighlightPassages(0)
                    .withFormatter(new Spans())
                    .build();
            for (String field : List.of(Documents.TEXT, Documents.EXACT)) {
                if (highlighter.highlightWithoutSearcher(field, query, text, 1) instanceof Span[] spans) {
                    found.addAll(Arrays.asList(spans));
                }
            }
        }
        return new Matches(text, merged(found));
    }

    /** The text around the first match, HTML-escaped, matches in {@code <mark>}. */
    String snippet() {
        int from = 0;
        int to = text.length();
        if (to > SNIPPET) {
            int first = spans.isEmpty() ? 0 : spans.getFirst().start();
            from = wordStart(Math.max(0, first - SNIPPET / 3));
            to = wordEnd(Math.min(text.length(), from + SNIPPET));
        }
        StringBuilder html = new StringBuilder(from > 0 ? "… " : "");
        int at = from;
        for (Span span : spans) {
            if (span.start() >= at && span.end() <= to) {
                escape(html, text.substring(at, span.start()));
                html.append("<mark>");
                escape(html, text.substring(span.start(), span.end()));
                html.append("</mark>");
                at = span.end();
            }
        }
        escape(html, text.substring(at, to));
        return html.append(to < text.length() ? " …" : "").toString();
    }

    /** A moment before the first matching word; the utterance's start when nothing matches or the words have no times. */
    long playFromMicros(Spoken spoken) {
        long start = spoken.startMicros();
        if (!spans.isEmpty()) {
            int searched = 0;
            for (var word : spoken.words()) {
                int at = text.indexOf(word.word(), searched);
                if (at < 0) {
                    continue; // written otherwise in the text than heard
                }
                searched = at + word.word().length();
                if (searched > spans.getFirst().start()) {
                    start = word.startMicros();
                    break;
                }
            }
        }
        return start - LEAD_MICROS;
    }

    private int wordStart(int position) {
        int space = text.lastIndexOf(' ', position);
        return space < 0 ? 0 : space + 1;
    }

    private int wordEnd(int position) {
        int space = text.indexOf(' ', position);
        return space < 0 ? text.length() : space;
    }

    private static List<Span> merged(List<Span> spans) {
        List<Span> merged = new ArrayList<>();
        for (Span span :
                spans.stream().sorted(Comparator.comparingInt(Span::start)).toList()) {
            Span last = merged.isEmpty() ? null : merged.getLast();
            if (last != null && span.start() < last.end()) {
                merged.set(merged.size() - 1, new Span(last.start(), Math.max(last.end(), span.end())));
            } else {
                merged.add(span);
            }
        }
        return List.copyOf(merged);
    }

    private static void escape(StringBuilder html, String raw) {
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            switch (c) {
                case '&' -> html.append("&amp;");
                case '<' -> html.append("&lt;");
                case '>' -> html.append("&gt;");
                case '"' -> html.append("&quot;");
                case '\'' -> html.append("&#39;");
                default -> html.append(c);
            }
        }
    }

    /** Gives the places instead of a text. */
    private static final class Spans extends PassageFormatter {
        @Override
        public Object format(Passage[] passages, String content) {
            List<Span> spans = new ArrayList<>();
            for (Passage passage : passages) {
                for (int i = 0; i < passage.getNumMatches(); i++) {
                    spans.add(new Span(passage.getMatchStarts()[i], passage.getMatchEnds()[i]));
                }
            }
            return spans.toArray(Span[]::new);
        }
    }
}
