package hansard.transcribe;

import java.util.ArrayList;
import java.util.List;

/** Whether digits are a card number: ISO/IEC 7812-1, 13 to 19 digits with a check digit by Luhn's formula at the end. */
final class CheckDigits {
    private static final int SHORTEST = 13;
    private static final int LONGEST = 19;
    /** Of so many words that are a filler or a digit both readings are tried. */
    private static final int MOST_FAINT = 4;

    private CheckDigits() {}

    /** In any reading of the words that are either a filler or a digit. */
    static boolean ofCard(List<Figure> figures) {
        return readings(figures).stream()
                .anyMatch(digits ->
                        digits.length() >= SHORTEST && digits.length() <= LONGEST && luhn(digits, 0, digits.length()));
    }

    /**
     * Longer than a card number: one may be followed by its expiry date and code, or be said twice. With a window anywhere some window
     * would always fit, so only the first and the last 15 or 16 digits are looked at, and only as the large schemes number them (2 to 6).
     */
    static boolean ofMoreThanCard(List<Figure> figures) {
        return readings(figures).stream().anyMatch(CheckDigits::isMoreThanCard);
    }

    private static boolean isMoreThanCard(String digits) {
        int length = digits.length();
        return length > LONGEST
                && (isSchemes(digits, 0, 15)
                        || isSchemes(digits, 0, 16)
                        || isSchemes(digits, length - 15, length)
                        || isSchemes(digits, length - 16, length));
    }

    private static List<String> readings(List<Figure> figures) {
        List<Figure> faint = figures.stream()
                .filter(figure -> figure.part() == NumberWords.Part.FAINT)
                .limit(MOST_FAINT)
                .toList();
        List<String> readings = new ArrayList<>();
        for (int left = 0; left < 1 << faint.size(); left++) {
            StringBuilder digits = new StringBuilder();
            int at = 0;
            for (Figure figure : figures) {
                boolean unsure = at < faint.size() && figure.equals(faint.get(at));
                if (!unsure || (left >> at & 1) == 0) {
                    digits.append(figure.digits());
                }
                at += unsure ? 1 : 0;
            }
            readings.add(digits.toString());
        }
        return readings;
    }

    private static boolean isSchemes(String digits, int from, int to) {
        return digits.charAt(from) >= '2' && digits.charAt(from) <= '6' && luhn(digits, from, to);
    }

    /** ISO/IEC 7812-1, annex B. */
    static boolean luhn(String digits, int from, int to) {
        int sum = 0;
        for (int i = to - 1; i >= from; i--) {
            int digit = digits.charAt(i) - '0';
            int doubled = (to - i) % 2 == 0 ? 2 * digit : digit;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        return sum % 10 == 0;
    }
}
