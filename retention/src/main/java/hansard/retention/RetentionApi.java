package hansard.retention;

import hansard.access.Access;
import hansard.access.Caller;
import hansard.access.Role;
import hansard.audit.AuditLog;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.HttpApi;
import hansard.wire.Receipt;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The HTTP routes. Everything about calls, holds, receipts and the audit is for compliance officers. */
final class RetentionApi {
    private static final int MAX_CALLS = 1_000;

    private final Access access;
    private final Disposition disposition;
    private final CallStates states;
    private final HoldDesk holds;
    private final Ledger ledger;
    private final AuditReader auditReader;
    private final AuditLog audit;
    private final InstantSource clock;

    RetentionApi(
            Access access,
            Disposition disposition,
            CallStates states,
            HoldDesk holds,
            Ledger ledger,
            AuditLog audit,
            InstantSource clock) {
        this.access = access;
        this.disposition = disposition;
        this.states = states;
        this.holds = holds;
        this.ledger = ledger;
        this.auditReader = new AuditReader(ledger);
        this.audit = audit;
        this.clock = clock;
    }

    void routes(HttpRouting.Builder routing) {
        routing.get("/v1/policies", this::policies)
                .get("/v1/retention/{callId}", this::retention)
                .post("/v1/holds", this::placeHold)
                .delete("/v1/holds/{holdId}", this::releaseHold)
                .get("/v1/receipts", this::receipts)
                .get("/v1/audit", this::audit);
    }

    private void policies(ServerRequest req, ServerResponse res) {
        access.authenticate(req);
        HttpApi.json(
                res,
                new Answers.PoliciesAnswer(disposition.policies().all().stream()
                        .map(Answers.PolicyAnswer::of)
                        .toList()));
    }

    private void retention(ServerRequest req, ServerResponse res) {
        CallState call = holds.visible(officer(req), req.path().pathParameters().get("callId"));
        HttpApi.json(res, Answers.RetentionAnswer.of(call, disposition, clock.instant()));
    }

    private void placeHold(ServerRequest req, ServerResponse res) {
        Caller caller = officer(req);
        Answers.HoldRequest request = HttpApi.body(req, Answers.HoldRequest.class);
        String callId = Objects.requireNonNullElse(request.callId(), "");
        if (callId.isBlank()) {
            throw new HansardException(ErrorCode.BAD_REQUEST, "callId is missing: which call is to be held?");
        }
        String holdId = holds.place(caller, callId, Objects.requireNonNullElse(request.reason(), ""));
        res.status(Status.CREATED_201);
        HttpApi.json(res, new Answers.HoldAnswer(holdId));
    }

    private void releaseHold(ServerRequest req, ServerResponse res) {
        Caller caller = officer(req);
        holds.release(caller, req.path().pathParameters().get("holdId"), query(req, "reason"));
        res.status(Status.NO_CONTENT_204);
        res.send();
    }

    private void receipts(ServerRequest req, ServerResponse res) {
        Caller caller = officer(req);
        String callId = query(req, "callId");
        Stream<CallState> calls = callId.isEmpty()
                ? states.where(c -> !c.receipts().isEmpty() && HoldDesk.maySee(caller, c), MAX_CALLS).stream()
                : Stream.of(holds.visible(caller, callId));
        List<Answers.ReceiptShown> shown = calls.flatMap(c -> c.receipts().stream())
                .sorted(Comparator.comparingLong(Receipt::atMicros).reversed())
                .map(Answers.ReceiptShown::of)
                .toList();
        HttpApi.json(res, new Answers.ReceiptsAnswer(shown));
    }

    private void audit(ServerRequest req, ServerResponse res) {
        Caller caller = officer(req);
        String callId = query(req, "callId");
        if (!caller.departments().isEmpty()) {
            overseesThatCall(caller, callId);
        }
        var events = auditReader.newest(caller.tenant(), callId, limit(req));
        var chain = Answers.ChainShown.of(ledger.verify());
        audit.note(audit.event(
                caller.tenant(), caller.actor(), "audit.read", callId, "ok", Map.of("events", "" + events.size())));
        HttpApi.json(res, new Answers.AuditAnswer(events, chain));
    }

    /** Who oversees some departments only reads the audit call by call. */
    private void overseesThatCall(Caller caller, String callId) {
        if (callId.isEmpty()) {
            throw new HansardException(
                    ErrorCode.FORBIDDEN, "an officer of some departments reads the audit of one call: give callId");
        }
        holds.visible(caller, callId);
    }

    private Caller officer(ServerRequest req) {
        return access.authenticate(req, Role.COMPLIANCE_OFFICER);
    }

    private static int limit(ServerRequest req) {
        String text = query(req, "limit");
        try {
            int limit = text.isEmpty() ? 100 : Integer.parseInt(text);
            if (limit >= 1 && limit <= 1_000) {
                return limit;
            }
        } catch (NumberFormatException e) {
            throw badLimit(text);
        }
        throw badLimit(text);
    }

    private static HansardException badLimit(String text) {
        return new HansardException(ErrorCode.BAD_REQUEST, "limit is '" + text + "': must be 1 to 1000");
    }

    private static String query(ServerRequest req, String name) {
        return req.query().first(name).orElse("");
    }
}
