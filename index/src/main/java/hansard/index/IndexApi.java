package hansard.index;

import hansard.access.Access;
import hansard.access.Caller;
import hansard.access.Role;
import hansard.audit.AuditLog;
import hansard.runtime.HttpApi;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** The routes. Each says who asks, asks {@link Recordings} as them, and writes down what they saw. */
final class IndexApi {
    private final Access access;
    private final AuditLog audit;
    private final Recordings recordings;
    private final LiveFeed live;
    private final MediaApi media;
    private final ReadingAudit readings;
    private final CompositeOrders composites;
    private final TranscriptOrders transcripts;
    private final RecordProof proof;
    private final PressedKeys pressedKeys;
    private final EventsApi events;
    private final LongSupplier nowMicros;

    IndexApi(
            Access access,
            AuditLog audit,
            Recordings recordings,
            LiveFeed live,
            MediaApi media,
            ReadingAudit readings,
            CompositeOrders composites,
            TranscriptOrders transcripts,
            RecordProof proof,
            PressedKeys pressedKeys,
            LongSupplier nowMicros) {
        this.access = access;
        this.audit = audit;
        this.recordings = recordings;
        this.live = live;
        this.media = media;
        this.readings = readings;
        this.composites = composites;
        this.transcripts = transcripts;
        this.proof = proof;
        this.pressedKeys = pressedKeys;
        this.events = new EventsApi(live);
        this.nowMicros = nowMicros;
    }

    record SearchAnswer(String query, long total, long tookMs, List<SearchHit> hits) {}

    record ListAnswer(long total, List<RecordingView> recordings) {}

    /** @param version the one whose words these are; 0 for the first */
    record TranscriptAnswer(String callId, int version, List<UtteranceView> utterances) {}

    record PressedAnswer(String callId, List<PressedKeys.Pressed> keys) {}

    void routes(HttpRouting.Builder routing) {
        routing.register("/v1/session", new SessionApi(access, audit));
        routing.get("/v1/search", this::search);
        routing.get("/v1/recordings", this::list);
        routing.get("/v1/recordings/{callId}", this::recording);
        routing.get("/v1/recordings/{callId}/transcript", this::transcript);
        routing.get("/v1/recordings/{callId}/transcripts", this::transcripts);
        routing.post("/v1/recordings/{callId}/transcripts", this::transcriptAgain);
        routing.get("/v1/recordings/{callId}/keys", this::keys);
        routing.get("/v1/recordings/{callId}/report", this::report);
        routing.get("/v1/recordings/{callId}/completeness", this::completeness);
        routing.get("/v1/recordings/{callId}/verification", this::verification);
        routing.get("/v1/recordings/{callId}/events", this::events);
        routing.post("/v1/recordings/{callId}/composite", this::composite);
        routing.get("/v1/recordings/{callId}/media/{track}", this::media);
        routing.head("/v1/recordings/{callId}/media/{track}", this::media);
    }

    private void search(ServerRequest req, ServerResponse res) {
        Caller caller = reader(req);
        long started = System.nanoTime();
        SearchRequest request = request(req);
        Recordings.Found found = recordings.search(caller, request);
        Map<String, String> detail = new LinkedHashMap<>();
        detail.put("query", request.text());
        detail.put("speaker", request.speaker());
        detail.put("department", request.department());
        detail.put("client", request.client());
        detail.values().removeIf(String::isEmpty);
        detail.put("total", Long.toString(found.total()));
        note(caller, "search", "", detail);
        HttpApi.json(
                res,
                new SearchAnswer(
                        request.text(), found.total(), (System.nanoTime() - started) / 1_000_000, found.hits()));
    }

    private void list(ServerRequest req, ServerResponse res) {
        Recordings.Listed listed = recordings.list(reader(req), request(req));
        long now = nowMicros.getAsLong();
        HttpApi.json(
                res,
                new ListAnswer(
                        listed.total(),
                        listed.calls().stream()
                                .map(c -> RecordingView.brief(c, now))
                                .toList()));
    }

    private void recording(ServerRequest req, ServerResponse res) {
        Caller caller = reader(req);
        CallRecord call = recordings.call(caller, callId(req));
        readings.note(caller, call.callId(), "recording");
        boolean searchable = recordings.isSearchable(caller, call);
        HttpApi.json(res, RecordingView.full(call, searchable, nowMicros.getAsLong()));
    }

    private void transcript(ServerRequest req, ServerResponse res) {
        Caller caller = reader(req);
        CallRecord latest = recordings.call(caller, callId(req));
        CallRecord call = transcripts.asOf(latest, req.query().first("version").orElse(""));
        if (req.query().contains("format")) {
            export(res, caller, call, TranscriptFile.named(req.query().get("format")));
            return;
        }
        List<UtteranceView> utterances = new ArrayList<>();
        for (Spoken spoken : recordings.transcript(caller, call)) {
            utterances.add(UtteranceView.of(spoken, call, false));
        }
        Set<String> finished =
                utterances.stream().map(UtteranceView::utteranceId).collect(Collectors.toSet());
        for (Spoken unfinished : live.partials(call.callId())) {
            if (!finished.contains(unfinished.utteranceId())) {
                utterances.add(UtteranceView.of(unfinished, call, true));
            }
        }
        readings.note(caller, call.callId(), "transcript");
        HttpApi.json(res, new TranscriptAnswer(call.callId(), call.currentVersion(), utterances));
    }

    private void transcripts(ServerRequest req, ServerResponse res) {
        Caller caller = reader(req);
        CallRecord call = recordings.call(caller, callId(req));
        readings.note(caller, call.callId(), "transcripts");
        HttpApi.json(res, transcripts.versions(call));
    }

    private void transcriptAgain(ServerRequest req, ServerResponse res) {
        Caller caller = access.authenticate(req, Role.COMPLIANCE_OFFICER);
        CallRecord call = recordings.call(caller, callId(req));
        TranscriptOrders.Wish wish = HttpApi.body(req, TranscriptOrders.Wish.class);
        VersionView ordered = transcripts.order(caller, call, wish);
        res.status(Status.ACCEPTED_202);
        HttpApi.json(res, ordered);
    }

    /** Every export is on record before it is given. */
    private void export(ServerResponse res, Caller caller, CallRecord call, TranscriptFile format) {
        TranscriptDocument transcript = TranscriptDocument.of(call, recordings.transcript(caller, call));
        audit.require(audit.event(
                caller.tenant(),
                caller.actor(),
                "export",
                call.callId(),
                "ok",
                Map.of("what", "transcript", "format", format.extension())));
        res.header(HeaderNames.CONTENT_TYPE, format.contentType());
        res.header(
                HeaderNames.CONTENT_DISPOSITION,
                "attachment; filename=\"" + call.callId() + "." + format.extension() + "\"");
        res.send(format.write(transcript).getBytes(StandardCharsets.UTF_8));
    }

    private void keys(ServerRequest req, ServerResponse res) {
        Caller caller = reader(req);
        CallRecord call = recordings.call(caller, callId(req));
        note(caller, "keys", call.callId(), Map.of());
        HttpApi.json(res, new PressedAnswer(call.callId(), pressedKeys.of(call)));
    }

    private void report(ServerRequest req, ServerResponse res) {
        Caller caller = reader(req);
        CallRecord call = recordings.call(caller, callId(req));
        List<Spoken> transcript = recordings.transcript(caller, call);
        note(caller, "report", call.callId(), Map.of());
        boolean stated = call.completeness() != null && call.completeness().object() != null && !call.purged();
        CompletenessView completeness = stated ? CompletenessView.of(call, proof.completeness(call)) : null;
        HttpApi.json(res, ReportView.of(call, transcript, completeness, nowMicros.getAsLong()));
    }

    private void completeness(ServerRequest req, ServerResponse res) {
        Caller caller = reader(req);
        CallRecord call = recordings.call(caller, callId(req));
        CompletenessView view = CompletenessView.of(call, proof.completeness(call));
        readings.note(caller, call.callId(), "completeness");
        HttpApi.json(res, view);
    }

    private void verification(ServerRequest req, ServerResponse res) {
        Caller caller = reader(req);
        CallRecord call = recordings.call(caller, callId(req));
        RecordProof.Finding finding = proof.verify(call);
        note(caller, "record.verified", call.callId(), Map.of("holds", Boolean.toString(finding.holds())));
        HttpApi.json(res, finding);
    }

    private void events(ServerRequest req, ServerResponse res) {
        Caller caller = reader(req);
        CallRecord call = recordings.call(caller, callId(req));
        readings.note(caller, call.callId(), "events");
        events.send(res, call.callId(), () -> recordings.call(caller, call.callId()));
    }

    private void composite(ServerRequest req, ServerResponse res) {
        Caller caller = reader(req);
        CallRecord call = recordings.call(caller, callId(req));
        CompositeView view = composites.order(caller, call);
        res.status(view.state().equals("making") ? Status.ACCEPTED_202 : Status.OK_200);
        HttpApi.json(res, view);
    }

    private void media(ServerRequest req, ServerResponse res) {
        Caller caller = reader(req);
        CallRecord call = recordings.call(caller, callId(req));
        media.send(req, res, caller, call, req.path().pathParameters().get("track"));
    }

    /** Somebody who may read recordings at all; which ones, {@link Recordings} decides. */
    private Caller reader(ServerRequest req) {
        return access.authenticate(req, Role.KNOWLEDGE_WORKER, Role.COMPLIANCE_OFFICER);
    }

    private static String callId(ServerRequest req) {
        return req.path().pathParameters().get("callId");
    }

    private static SearchRequest request(ServerRequest req) {
        return SearchRequest.from(
                name -> req.query().contains(name) ? req.query().get(name) : null);
    }

    private void note(Caller caller, String action, String callId, Map<String, String> detail) {
        audit.note(audit.event(caller.tenant(), caller.actor(), action, callId, "ok", detail));
    }
}
