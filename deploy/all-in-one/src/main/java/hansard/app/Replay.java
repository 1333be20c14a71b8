package hansard.app;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.keys.KeySealer;
import hansard.rtp.Pcap;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * Plays a capture into an ingest, as an SFU and its connector would: seals the keys, announces the call through the public API,
 * sends the datagrams by UDP, ends the call, waits until it is sealed and searchable. Used by one thread.
 */
final class Replay {
    /** How the datagrams are sent. */
    enum Speed {
        /** When they were captured, relative to the first. */
        REALTIME,
        /** As fast as the ingest takes them. */
        MAX
    }

    /** When the end-to-end keys of a call whose participants have any are released. */
    enum FrameKeys {
        /** With the streams. */
        AT_ONCE,
        /** When the recording is sealed. */
        LATE,
        /** The call stays sealed end to end. */
        NEVER
    }

    /** What happens to the call meanwhile. Called on the replay's thread. */
    interface Watcher {
        void announced(String callId, List<String> warnings);

        void sent(long datagrams, long of, long callMicros);

        void waiting(String state);
    }

    /** At most this many datagrams are on their way to the ingest: what its socket buffer surely holds. */
    private static final int WINDOW = 300;

    private static final long SETTLE_NANOS = 3_000_000_000L;

    private final ApiClient api;
    private final Sidecar sidecar;
    private final List<Pcap.Datagram> datagrams;
    private final Map<String, String> call;
    private final boolean captureTimes;
    private final FrameKeys frameKeys;

    /**
     * @param call title, department, client, as the API takes them
     * @param users account of a participant by display name, for those who have one
     * @param captureTimes true to send the capture's arrival times along, so that the record does not depend on when it is played
     * @param frameKeys when the sidecar's end-to-end keys are released
     */
    Replay(
            ApiClient api,
            Sidecar sidecar,
            List<Pcap.Datagram> datagrams,
            Map<String, String> call,
            Map<String, String> users,
            boolean captureTimes,
            FrameKeys frameKeys) {
        this.api = api;
        this.sidecar = sidecar;
        this.datagrams = datagrams;
        this.call = call;
        this.users = users;
        this.captureTimes = captureTimes;
        this.frameKeys = frameKeys;
    }

    /** The same with end-to-end keys, if there are any, released with the streams. */
    Replay(
            ApiClient api,
            Sidecar sidecar,
            List<Pcap.Datagram> datagrams,
            Map<String, String> call,
            Map<String, String> users,
            boolean captureTimes) {
        this(api, sidecar, datagrams, call, users, captureTimes, FrameKeys.AT_ONCE);
    }

    private final Map<String, String> users;

    /**
     * A call that the ingest waits for.
     *
     * @param targets where to send what was captured on a port
     */
    record Announced(String callId, Map<Integer, InetSocketAddress> targets) {
        Announced {
            targets = Map.copyOf(targets);
        }
    }

    /** Plays it all. @return the call's id */
    String run(Speed speed, Watcher watcher) {
        Announced call = announce(watcher);
        long sent = send(call, speed, watcher);
        end(call.callId(), sent, watcher);
        if (frameKeys == FrameKeys.LATE) {
            releaseFrameKeys(call.callId());
            awaitOpened(call.callId(), watcher);
        }
        return call.callId();
    }

    /** Releases the end-to-end keys of every participant that has any. */
    void releaseFrameKeys(String callId) {
        List<X509Certificate> recipients = certificates(api.text("/v1/recipients"));
        Map<String, Map<String, String>> ofParticipant = new TreeMap<>();
        for (Sidecar.ForkedStream stream : sidecar.streams()) {
            if (stream.endToEnd() != null) {
                ofParticipant
                        .computeIfAbsent(stream.participantId(), id -> new TreeMap<>())
                        .putAll(sealed(stream.endToEnd(), recipients));
            }
        }
        ofParticipant.forEach((participant, keys) -> api.post(
                "/v1/calls/" + callId + "/participants/" + participant + "/frame-keys", Map.of("frameKeys", keys)));
    }

    private static Map<String, String> sealed(Sidecar.EndToEnd key, List<X509Certificate> recipients) {
        byte[] cms = KeySealer.seal(key.baseKey().reveal(), recipients).array();
        return Map.of(Long.toUnsignedString(key.kid()), Base64.getEncoder().encodeToString(cms));
    }

    /** Ends a call to which so many datagrams were sent, and waits for its record. */
    void end(String callId, long sent, Watcher watcher) {
        settle(callId, sent);
        api.post("/v1/calls/" + callId + "/end", Map.of("reason", "the capture ended"));
        awaitSealed(callId, watcher);
    }

    /** Opens the call and announces its participants and streams, their keys sealed for the workers. */
    Announced announce(Watcher watcher) {
        Map<Integer, InetSocketAddress> targets = new HashMap<>();
        List<X509Certificate> recipients = certificates(api.text("/v1/recipients"));
        Map<String, Object> opening = new LinkedHashMap<>(call);
        String callId = api.post("/v1/calls", opening).path("callId").asText();
        for (Sidecar.Party party : sidecar.parties()) {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("participantId", party.id());
            body.put("displayName", party.display());
            body.put("user", users.getOrDefault(party.display(), party.display()));
            api.post("/v1/calls/" + callId + "/participants", body);
        }
        List<String> warnings = new ArrayList<>();
        for (Sidecar.ForkedStream stream : sidecar.streams()) {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("participantId", stream.participantId());
            body.put("kind", stream.kind());
            body.put("codec", stream.codec());
            body.put("clockRate", stream.clockRate());
            body.put("channels", stream.channels());
            body.put("payloadTypes", payloadTypes(stream));
            body.put("headerExtensions", stream.headerExtensions());
            body.put("suite", stream.suite());
            body.put("initialRoc", stream.initialRoc());
            body.put("sealedKey", KeySealer.seal(stream.keyAndSalt().reveal(), recipients));
            if (stream.ssrc() != null) {
                body.put("ssrc", stream.ssrc());
            }
            body.put("captureTimes", captureTimes);
            body.put("label", stream.mid());
            if (stream.endToEnd() != null) {
                body.put("frameCipher", stream.endToEnd().cipher());
                if (frameKeys == FrameKeys.AT_ONCE) {
                    body.put("frameKeys", sealed(stream.endToEnd(), recipients));
                }
            }
            JsonNode answer = api.post("/v1/calls/" + callId + "/streams", body);
            targets.put(
                    stream.port(),
                    new InetSocketAddress(
                            answer.path("host").asText("127.0.0.1"),
                            answer.path("port").asInt()));
            answer.path("warnings").forEach(w -> warnings.add(w.asText()));
        }
        watcher.announced(callId, warnings);
        return new Announced(callId, targets);
    }

    private static Map<String, String> payloadTypes(Sidecar.ForkedStream stream) {
        return stream.payloadType() < 0
                ? Map.of()
                : Map.of(Integer.toString(stream.payloadType()), stream.encodingName());
    }

    /** Sends the datagrams. @return how many */
    long send(Announced call, Speed speed, Watcher watcher) {
        Map<Integer, InetSocketAddress> targets = call.targets();
        List<Pcap.Datagram> media = datagrams.stream()
                .filter(d -> targets.containsKey(d.destinationPort()))
                .toList();
        if (media.isEmpty()) {
            throw new HansardException(
                    ErrorCode.BAD_REQUEST, "the capture has no datagram to any port that its sidecar names");
        }
        long firstMicros = media.getFirst().timeMicros();
        long startNanos = System.nanoTime();
        long before = received(call.callId());
        long sent = 0;
        long received = 0;
        try (DatagramChannel socket = DatagramChannel.open()) {
            ByteBuffer buffer = ByteBuffer.allocate(8 + 65_535);
            for (Pcap.Datagram d : media) {
                long callMicros = d.timeMicros() - firstMicros;
                if (speed == Speed.REALTIME) {
                    waitUntil(startNanos + callMicros * 1_000);
                }
                while (speed == Speed.MAX && sent - received >= WINDOW) {
                    received = received(call.callId()) - before;
                }
                buffer.clear();
                if (captureTimes) {
                    buffer.putLong(d.timeMicros());
                }
                buffer.put(d.payload()).flip();
                socket.send(buffer, targets.get(d.destinationPort()));
                sent++;
                if (sent % 50 == 0 || sent == media.size()) {
                    watcher.sent(sent, media.size(), callMicros);
                }
            }
        } catch (IOException e) {
            throw new HansardException(ErrorCode.INTERNAL, "cannot send to the ingest by UDP: " + e.getMessage(), e);
        }
        return sent;
    }

    private static void waitUntil(long nanoTime) {
        long left;
        while ((left = nanoTime - System.nanoTime()) > 0) {
            LockSupport.parkNanos(left);
        }
    }

    private long received(String callId) {
        long received = 0;
        for (JsonNode stream : api.get("/v1/calls/" + callId).path("streams")) {
            received += stream.path("received").asLong();
        }
        return received;
    }

    /** Waits until what was sent has reached the ingest, or nothing more comes: UDP may have lost some. */
    void settle(String callId, long sent) {
        long last = -1;
        long since = System.nanoTime();
        while (true) {
            long received = received(callId);
            if (received >= sent) {
                return;
            }
            if (received != last) {
                last = received;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > SETTLE_NANOS) {
                return;
            }
            LockSupport.parkNanos(20_000_000);
        }
    }

    private void awaitSealed(String callId, Watcher watcher) {
        await(callId, watcher, recording -> true);
    }

    /** Waits until all that was released is opened, and the recording is sealed anew. */
    private void awaitOpened(String callId, Watcher watcher) {
        await(callId, watcher, recording -> {
            String endToEnd = recording.path("endToEnd").asText("opened");
            return endToEnd.equals("opened");
        });
    }

    private void await(String callId, Watcher watcher, Predicate<JsonNode> enough) {
        long deadline = System.nanoTime() + 15L * 60 * 1_000_000_000L;
        String last = "";
        while (System.nanoTime() < deadline) {
            String state;
            try {
                JsonNode recording = api.get("/v1/recordings/" + callId);
                state = recording.path("state").asText();
                boolean searchable = recording.path("searchable").asBoolean(true);
                // purged: it was sealed, and its policy kept it for less than the time between two looks
                if (state.equals("purged") || state.equals("sealed") && searchable && enough.test(recording)) {
                    return;
                }
            } catch (HansardException e) {
                if (e.code() != ErrorCode.NOT_FOUND) {
                    throw e;
                }
                state = "not indexed yet";
            }
            if (!state.equals(last)) {
                watcher.waiting(state);
                last = state;
            }
            LockSupport.parkNanos(100_000_000);
        }
        throw new HansardException(
                ErrorCode.INTERNAL,
                "call " + callId + " was not sealed within 15 minutes; its state is '" + last + "'");
    }

    static List<X509Certificate> certificates(String pem) {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (CertificateException e) {
            throw new HansardException(
                    ErrorCode.MALFORMED, "the ingest's /v1/recipients are not certificates: " + e.getMessage(), e);
        }
    }
}
