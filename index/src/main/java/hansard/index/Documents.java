package hansard.index;

import hansard.runtime.Json;
import java.util.Locale;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.LongPoint;
import org.apache.lucene.document.NumericDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.Term;
import org.apache.lucene.util.BytesRef;

/**
 * What is in the index: one document for each call and one for each final utterance of each version. Both carry the same access fields. A call
 * of which {@code CallOpened} was not read yet has none, and its documents are found by nobody.
 */
final class Documents {
    static final String ID = "id";
    static final String TYPE = "type";
    static final String CALL = "call";
    static final String UTTERANCE = "utterance";
    /** An utterance of a version whose words are not the current ones: kept, and found by no search. */
    static final String KEPT = "kept";

    static final String CALL_ID = "callId";
    static final String TENANT = "tenant";
    static final String DEPARTMENT = "department";
    static final String USER = "user";
    /** Department and client as people type them: lower case. For choosing, not for access. */
    static final String DEPARTMENT_KEY = "departmentKey";

    static final String CLIENT_KEY = "clientKey";
    static final String DATE = "date";
    static final String SPEAKER = "speaker";
    static final String PARTICIPANT = "participantId";
    static final String STREAM = "streamId";
    static final String GENERATION = "generation";
    static final String TEXT = "text";
    static final String EXACT = "exact";
    /** The record itself, stored. */
    static final String JSON = "json";

    private Documents() {}

    static Term callTerm(String callId) {
        return new Term(ID, "call:" + callId);
    }

    static Term utteranceTerm(String utteranceId) {
        return new Term(ID, "utt:" + utteranceId);
    }

    static String key(String text) {
        return text.strip().toLowerCase(Locale.ROOT);
    }

    static Document of(CallRecord call) {
        Document doc = new Document();
        doc.add(new StringField(ID, callTerm(call.callId()).text(), Field.Store.NO));
        doc.add(new StringField(TYPE, CALL, Field.Store.NO));
        doc.add(new StringField(CALL_ID, call.callId(), Field.Store.NO));
        addAccess(doc, call);
        doc.add(new StoredField(JSON, Json.bytes(call)));
        return doc;
    }

    static Document of(Spoken spoken, CallRecord call) {
        Document doc = new Document();
        doc.add(new StringField(ID, utteranceTerm(spoken.utteranceId()).text(), Field.Store.NO));
        boolean current = call.hearingOf(spoken.streamId()).equals(spoken.hearing());
        doc.add(new StringField(TYPE, current ? UTTERANCE : KEPT, Field.Store.NO));
        doc.add(new StringField(CALL_ID, spoken.callId(), Field.Store.NO));
        addAccess(doc, call);
        doc.add(new StringField(PARTICIPANT, spoken.participantId(), Field.Store.NO));
        doc.add(new StringField(STREAM, spoken.streamId(), Field.Store.NO));
        doc.add(new LongPoint(GENERATION, spoken.generation()));
        doc.add(new TextField(SPEAKER, call.nameOf(spoken.participantId()), Field.Store.NO));
        doc.add(new TextField(TEXT, spoken.text(), Field.Store.NO));
        doc.add(new TextField(EXACT, spoken.text(), Field.Store.NO));
        doc.add(new StoredField(JSON, Json.bytes(spoken)));
        return doc;
    }

    private static void addAccess(Document doc, CallRecord call) {
        Opening opening = call.opening();
        if (opening == null) {
            return;
        }
        doc.add(new StringField(TENANT, call.tenant(), Field.Store.NO));
        doc.add(new StringField(DEPARTMENT, opening.department(), Field.Store.NO));
        for (String user : call.users()) {
            doc.add(new StringField(USER, user, Field.Store.NO));
        }
        doc.add(new StringField(DEPARTMENT_KEY, key(opening.department()), Field.Store.NO));
        doc.add(new StringField(CLIENT_KEY, key(opening.client()), Field.Store.NO));
        doc.add(new LongPoint(DATE, call.zeroMicros()));
        doc.add(new NumericDocValuesField(DATE, call.zeroMicros()));
    }

    static CallRecord call(Document doc) {
        return Json.read(json(doc), CallRecord.class);
    }

    static Spoken spoken(Document doc) {
        return Json.read(json(doc), Spoken.class);
    }

    private static byte[] json(Document doc) {
        BytesRef bytes = doc.getBinaryValue(JSON);
        return java.util.Arrays.copyOfRange(bytes.bytes, bytes.offset, bytes.offset + bytes.length);
    }
}
