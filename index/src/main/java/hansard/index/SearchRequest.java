package hansard.index;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.function.Function;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.jspecify.annotations.Nullable;

/**
 * What to look for and which part of the answer is wanted.
 *
 * @param fromMicros first microsecond of the first day, UTC
 * @param toMicros last microsecond of the last day, UTC
 */
record SearchRequest(
        String text,
        String speaker,
        String department,
        String client,
        long fromMicros,
        long toMicros,
        int limit,
        int offset) {
    private static final int MOST = 100;
    private static final int MOST_NAMES = 64;
    private static final int DEEPEST = 10_000;

    /** @param parameter the value of a query parameter, or null */
    static SearchRequest from(Function<String, @Nullable String> parameter) {
        LocalDate from = day("from", parameter.apply("from"));
        LocalDate to = day("to", parameter.apply("to"));
        return new SearchRequest(
                text(parameter.apply("q")),
                text(parameter.apply("speaker")),
                text(parameter.apply("department")),
                text(parameter.apply("client")),
                from == null ? Long.MIN_VALUE : micros(from),
                to == null ? Long.MAX_VALUE : micros(to.plusDays(1)) - 1,
                number("limit", parameter.apply("limit"), 20, 1, MOST),
                number("offset", parameter.apply("offset"), 0, 0, DEEPEST - MOST));
    }

    /** The filters of both calls and utterances. */
    void addFilters(BooleanQuery.Builder query) {
        if (!department.isEmpty()) {
            query.add(new TermQuery(new Term(Documents.DEPARTMENT_KEY, Documents.key(department))), Occur.FILTER);
        }
        if (!client.isEmpty()) {
            query.add(new TermQuery(new Term(Documents.CLIENT_KEY, Documents.key(client))), Occur.FILTER);
        }
        if (fromMicros != Long.MIN_VALUE || toMicros != Long.MAX_VALUE) {
            query.add(LongPoint.newRangeQuery(Documents.DATE, fromMicros, toMicros), Occur.FILTER);
        }
    }

    /** All words of the speaker's name, in any order, or their participant id. */
    Query speakerQuery() {
        List<String> names = QueryText.terms(Analyzers.EXACT, speaker);
        if (names.size() > MOST_NAMES) {
            throw new HansardException(
                    ErrorCode.BAD_REQUEST, "speaker has " + names.size() + " words, " + MOST_NAMES + " are the most");
        }
        BooleanQuery.Builder name = new BooleanQuery.Builder();
        names.forEach(n -> name.add(new TermQuery(new Term(Documents.SPEAKER, n)), Occur.MUST));
        return new BooleanQuery.Builder()
                .add(name.build(), Occur.SHOULD)
                .add(new TermQuery(new Term(Documents.PARTICIPANT, speaker)), Occur.SHOULD)
                .build();
    }

    private static String text(@Nullable String value) {
        return value == null ? "" : value.strip();
    }

    private static long micros(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toEpochSecond() * 1_000_000L;
    }

    private static @Nullable LocalDate day(String name, @Nullable String value) {
        if (value == null || value.isBlank()) {
            return null;
        }
        try {
            LocalDate day = LocalDate.parse(value.strip());
            if (day.getYear() < 1970 || day.getYear() > 9999) {
                throw new HansardException(ErrorCode.BAD_REQUEST, name + " is " + value + ": the year is 1970 to 9999");
            }
            return day;
        } catch (DateTimeParseException e) {
            throw new HansardException(
                    ErrorCode.BAD_REQUEST, name + " is '" + value + "': write a day as 2026-11-23", e);
        }
    }

    private static int number(String name, @Nullable String value, int fallback, int least, int most) {
        if (value == null || value.isBlank()) {
            return fallback;
        }
        try {
            int n = Integer.parseInt(value.strip());
            if (n >= least && n <= most) {
                return n;
            }
        } catch (NumberFormatException e) {
            throw new HansardException(ErrorCode.BAD_REQUEST, name + " is '" + value + "': must be a number", e);
        }
        throw new HansardException(ErrorCode.BAD_REQUEST, name + " is " + value + ": must be " + least + " to " + most);
    }
}
