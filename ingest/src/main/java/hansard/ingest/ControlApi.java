package hansard.ingest;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import hansard.access.Access;
import hansard.access.Caller;
import hansard.access.Role;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.HttpApi;
import hansard.wire.SealedSessionKeys.FrameKey;
import hansard.wire.SealedSessionKeys.MasterKey;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/** The control API: HTTP on one side, {@link CallControl} on the other. Every request needs the role CONNECTOR. */
final class ControlApi {
    private static final int MAX_TEXT = 200;
    private static final String CALL = "/v1/calls/{callId}";

    private final IngestConfig config;
    private final Access access;
    private final Calls calls;
    private final CallControl control;
    private final LongSupplier nowMicros;
    private final Recipients recipients;

    ControlApi(IngestConfig config, Access access, Calls calls, CallControl control, LongSupplier nowMicros) {
        this.config = config;
        this.access = access;
        this.calls = calls;
        this.control = control;
        this.nowMicros = nowMicros;
        this.recipients = new Recipients(config.recipients());
    }

    void routes(HttpRouting.Builder routing) {
        routing.get("/v1/recipients", this::recipients)
                .get("/v1/calls", this::list)
                .post("/v1/calls", this::open)
                .get(CALL, this::show)
                .post(CALL + "/participants", this::join)
                .delete(CALL + "/participants/{participantId}", this::leave)
                .post(CALL + "/participants/{participantId}/frame-keys", this::release)
                .post(CALL + "/participants/{participantId}/events", this::changed)
                .post(CALL + "/streams", this::announce)
                .post(CALL + "/streams/{streamId}/keys", this::rekey)
                .post(CALL + "/streams/{streamId}/end", this::endStream)
                .post(CALL + "/pause", this::pause)
                .post(CALL + "/resume", this::resume)
                .post(CALL + "/notice", this::notice)
                .post(CALL + "/end", this::end);
    }

    private void recipients(ServerRequest req, ServerResponse res) {
        actor(req);
        res.header(HeaderNames.CONTENT_TYPE, "text/plain; charset=us-ascii");
        res.send(recipients.pem());
    }

    private void list(ServerRequest req, ServerResponse res) {
        CallControl.Actor actor = actor(req);
        String state = req.query().first("state").orElse("open");
        if (!Set.of("open", "closed", "all").contains(state)) {
            throw new HansardException(
                    ErrorCode.BAD_REQUEST, "state is not one of open (paused ones too), closed, all");
        }
        List<CallView> views = calls.all().stream()
                .filter(c -> c.tenant().equals(actor.tenant()))
                .filter(c -> state.equals("all") || c.closed() == state.equals("closed"))
                .map(CallView::of)
                .toList();
        HttpApi.json(res, Map.of("calls", views));
    }

    private void show(ServerRequest req, ServerResponse res) {
        CallControl.Actor actor = actor(req);
        HttpApi.json(res, CallView.of(calls.require(actor.tenant(), callId(req))));
    }

    private void open(ServerRequest req, ServerResponse res) {
        CallControl.Actor actor = actor(req);
        Fields f = fields(req);
        String callId = f.optionalId("callId");
        String tenant = f.optionalId("tenant");
        String title = f.text("title", MAX_TEXT);
        String department = f.text("department", MAX_TEXT);
        String client = f.text("client", MAX_TEXT);
        Map<String, String> labels = f.texts("labels", MAX_TEXT);
        f.check();
        if (tenant != null && !tenant.equals(actor.tenant())) {
            throw new HansardException(
                    ErrorCode.FORBIDDEN,
                    "tenant is '" + tenant + "': this account opens calls of " + actor.tenant() + " only");
        }
        CallControl.Done<Call> done = control.open(actor, callId, title, department, client, labels);
        answer(res, done.created(), Map.of("callId", done.value().callId()));
    }

    private void join(ServerRequest req, ServerResponse res) {
        CallControl.Actor actor = actor(req);
        Fields f = fields(req);
        String participantId = f.id("participantId");
        String displayName = f.requiredText("displayName", MAX_TEXT);
        String user = f.text("user", MAX_TEXT);
        f.check();
        boolean created = control.join(actor, callId(req), participantId, displayName, user);
        answer(res, created, Map.of("callId", callId(req), "participantId", participantId));
    }

    private void leave(ServerRequest req, ServerResponse res) {
        CallControl.Actor actor = actor(req);
        control.leave(actor, callId(req), req.path().pathParameters().get("participantId"));
        res.status(Status.NO_CONTENT_204).send();
    }

    private void announce(ServerRequest req, ServerResponse res) {
        CallControl.Actor actor = actor(req);
        Announcement announcement = Announcement.from(fields(req), config);
        CallControl.Done<CallStream> done = control.announce(actor, callId(req), announcement);
        answer(
                res,
                done.created(),
                Map.of(
                        "streamId", done.value().streamId(),
                        "host", config.advertisedHost(),
                        "port", done.value().description().port(),
                        "warnings", announcement.warnings()));
    }

    private void rekey(ServerRequest req, ServerResponse res) {
        CallControl.Actor actor = actor(req);
        String streamId = req.path().pathParameters().get("streamId");
        Fields f = fields(req);
        MasterKey key = KeyFields.masterKey(f);
        f.check();
        control.rekey(actor, callId(req), streamId, key);
        HttpApi.json(res, Map.of("callId", callId(req), "streamId", streamId));
    }

    private void release(ServerRequest req, ServerResponse res) {
        CallControl.Actor actor = actor(req);
        String participantId = req.path().pathParameters().get("participantId");
        Fields f = fields(req);
        List<FrameKey> keys = KeyFields.frameKeys(f);
        f.check();
        HttpApi.json(
                res,
                Map.of("callId", callId(req), "streams", control.release(actor, callId(req), participantId, keys)));
    }

    private void changed(ServerRequest req, ServerResponse res) {
        CallControl.Actor actor = actor(req);
        String participantId = req.path().pathParameters().get("participantId");
        ParticipantNews news = ParticipantNews.from(fields(req), nowMicros.getAsLong());
        control.changed(actor, callId(req), participantId, news.change(), news.kind(), news.atMicros());
        HttpApi.json(res, Map.of("callId", callId(req), "participantId", participantId));
    }

    private void endStream(ServerRequest req, ServerResponse res) {
        CallControl.Actor actor = actor(req);
        String streamId = req.path().pathParameters().get("streamId");
        control.endStream(actor, callId(req), streamId, reason(req));
        state(actor, req, res);
    }

    private void pause(ServerRequest req, ServerResponse res) {
        CallControl.Actor actor = actor(req);
        Fields f = fields(req);
        String reason = f.requiredText("reason", MAX_TEXT);
        String by = f.text("by", MAX_TEXT);
        List<String> participants = f.ids("participants");
        f.check();
        control.pause(actor, callId(req), reason, by, participants);
        state(actor, req, res);
    }

    private void resume(ServerRequest req, ServerResponse res) {
        CallControl.Actor actor = actor(req);
        Fields f = fields(req);
        String reason = f.text("reason", MAX_TEXT);
        String by = f.text("by", MAX_TEXT);
        List<String> participants = f.ids("participants");
        f.check();
        control.resume(actor, callId(req), reason, by, participants);
        state(actor, req, res);
    }

    private void notice(ServerRequest req, ServerResponse res) {
        CallControl.Actor actor = actor(req);
        Fields f = fields(req);
        String notice = f.requiredText("notice", MAX_TEXT);
        f.check();
        control.notice(actor, callId(req), notice);
        state(actor, req, res);
    }

    private void end(ServerRequest req, ServerResponse res) {
        CallControl.Actor actor = actor(req);
        control.end(actor, callId(req), reason(req));
        state(actor, req, res);
    }

    private static String reason(ServerRequest req) {
        Fields f = fields(req);
        String reason = f.text("reason", MAX_TEXT);
        f.check();
        return reason;
    }

    private void state(CallControl.Actor actor, ServerRequest req, ServerResponse res) {
        Call call = calls.require(actor.tenant(), callId(req));
        HttpApi.json(res, Map.of("callId", call.callId(), "state", call.state()));
    }

    private static void answer(ServerResponse res, boolean created, Map<String, Object> body) {
        res.status(created ? Status.CREATED_201 : Status.OK_200);
        HttpApi.json(res, body);
    }

    private CallControl.Actor actor(ServerRequest req) {
        Caller caller = access.authenticate(req, Role.CONNECTOR);
        return new CallControl.Actor(caller.tenant(), "connector/" + caller.actor());
    }

    private static String callId(ServerRequest req) {
        return req.path().pathParameters().get("callId");
    }

    private static Fields fields(ServerRequest req) {
        return new Fields(
                req.content().hasEntity()
                        ? HttpApi.body(req, ObjectNode.class)
                        : JsonNodeFactory.instance.objectNode());
    }
}
