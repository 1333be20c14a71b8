package hansard.transcribe;

import hansard.wire.Utterance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The words that say what a number near them is. */
final class CardWords {

    /** What they speak for. */
    enum Sense {
        CARD,
        /** "number is": a card's only when nothing says another's. */
        SOME_NUMBER,
        SECURITY_CODE,
        EXPIRY,
        /** Of a telephone, an order, an account. */
        OTHER_NUMBER
    }

    /**
     * Words that were said.
     *
     * @param startMicros of the last of them
     * @param utterance ordinal of the utterance that they are in
     */
    record Mark(Sense sense, long startMicros, long utterance) {}

    private record Phrase(Sense sense, List<String> words) {}

    private static final List<Phrase> PHRASES = phrases();

    private CardWords() {}

    /** The marks in one utterance, in order. */
    static List<Mark> in(List<Utterance.Word> words, long utterance) {
        List<Mark> marks = new ArrayList<>();
        for (int last = 0; last < words.size(); last++) {
            for (Phrase phrase : PHRASES) {
                if (endsAt(words, last, phrase.words())) {
                    marks.add(new Mark(phrase.sense(), words.get(last).startMicros(), utterance));
                    break;
                }
            }
        }
        return marks;
    }

    private static boolean endsAt(List<Utterance.Word> words, int last, List<String> phrase) {
        int first = last - phrase.size() + 1;
        if (first < 0) {
            return false;
        }
        for (int i = 0; i < phrase.size(); i++) {
            if (!words.get(first + i).word().equals(phrase.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** The first that fits is taken, so the longer and the more particular come first. */
    private static List<Phrase> phrases() {
        List<Phrase> phrases = new ArrayList<>();
        add(
                phrases,
                Sense.SECURITY_CODE,
                "security code,security number,security digits,card code,verification code,verification value,"
                        + "cvv,cvc,cvv two,c v v,c v c,c v v two,see v v,see v c,on the back,signature strip,signature panel");
        add(
                phrases,
                Sense.EXPIRY,
                "expiry,expires,expire,expired,expiration,valid until,valid from,valid to,good through");
        add(
                phrases,
                Sense.OTHER_NUMBER,
                "phone number,phone is,telephone,telephone number,mobile,mobile number,cell number,call me on,call me at,"
                        + "ring me on,landline,extension,order number,order is,reference,reference number,account number,"
                        + "tracking number,invoice number,policy number,case number,ticket number,booking number,"
                        + "serial number,customer number,sort code,post code,postcode,zip code,iban,imei");
        add(
                phrases,
                Sense.CARD,
                "card,cards,visa,mastercard,master card,amex,american express,maestro,long number,sixteen digits,sixteen digit");
        add(phrases, Sense.SOME_NUMBER, "number is,number's");
        return List.copyOf(phrases);
    }

    private static void add(List<Phrase> phrases, Sense sense, String list) {
        Arrays.stream(list.split(","))
                .map(phrase -> new Phrase(sense, List.of(phrase.split(" "))))
                .forEach(phrases::add);
    }
}
