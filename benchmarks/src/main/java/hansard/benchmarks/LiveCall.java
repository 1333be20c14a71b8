package hansard.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.rtp.Pcap;
import hansard.runtime.Json;
import hansard.sealer.KeySealer;
import hansard.testkit.Captures;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A captured call of the testkit, announced and sent as if it were held now: its datagrams arrive when they are sent. */
final class LiveCall {
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI api;
    private final String token;
    private final Captures.Capture capture;
    private final Map<Integer, InetSocketAddress> targets = new HashMap<>();
    private String callId = "";

    LiveCall(URI api, String token, Captures.Capture capture) {
        this.api = api;
        this.token = token;
        this.capture = capture;
    }

    String callId() {
        return callId;
    }

    void announce() throws IOException, InterruptedException {
        callId = Json.mapper()
                .readTree(send("POST", "/v1/calls", Map.of("title", capture.name())))
                .path("callId")
                .asText();
        List<X509Certificate> recipients = certificates(send("GET", "/v1/recipients", null));
        for (JsonNode party : capture.sidecar().path("participants")) {
            String id = "p" + party.path("index").asInt();
            String unused = send(
                    "POST",
                    "/v1/calls/" + callId + "/participants",
                    Map.of("participantId", id, "displayName", id, "user", id));
        }
        for (JsonNode stream : capture.sidecar().path("streams")) {
            if (!stream.path("kind").asText().equals("audio")) {
                continue; // nobody waits for words of a picture
            }
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("participantId", "p" + stream.path("participant").asInt());
            body.put("kind", "audio");
            body.put("codec", stream.path("codec").asText());
            body.put("clockRate", stream.path("clock_rate").asInt());
            body.put("channels", stream.path("channels").asInt());
            body.put(
                    "payloadTypes",
                    Map.of(
                            stream.path("payload_type").asText(),
                            stream.path("encoding_name").asText()));
            body.put("suite", stream.path("srtp_suite").asText());
            body.put("initialRoc", stream.path("initial_roc").asLong());
            byte[] keyAndSalt = Base64.getDecoder()
                    .decode(stream.path("srtp_key_salt_base64").asText());
            body.put("sealedKey", Base64.getEncoder().encodeToString(KeySealer.seal(keyAndSalt, recipients)));
            JsonNode answer = Json.mapper().readTree(send("POST", "/v1/calls/" + callId + "/streams", body));
            targets.put(
                    stream.path("port").asInt(),
                    new InetSocketAddress(
                            answer.path("host").asText(), answer.path("port").asInt()));
        }
    }

    /** Sends it in real time, again and again for as long. @param began told the moment of the first datagram, once */
    void send(Duration atMost, Runnable began) throws IOException {
        List<Pcap.Datagram> media = capture.datagrams().stream()
                .filter(d -> targets.containsKey(d.destinationPort()))
                .toList();
        long first = media.getFirst().timeMicros();
        long start = System.nanoTime();
        began.run();
        try (DatagramChannel socket = DatagramChannel.open()) {
            for (Pcap.Datagram d : media) {
                long due = (d.timeMicros() - first) * 1_000;
                if (due > atMost.toNanos()) {
                    return;
                }
                for (long left = start + due - System.nanoTime(); left > 0; left = start + due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                socket.send(ByteBuffer.wrap(d.payload()), targets.get(d.destinationPort()));
            }
        }
    }

    void end() throws IOException, InterruptedException {
        String unused = send("POST", "/v1/calls/" + callId + "/end", Map.of("reason", "the capture is over"));
    }

    /** Lines of the call's event stream, as they come. @throws IOException also while the index does not know the call yet */
    Stream<String> events() throws IOException, InterruptedException {
        HttpResponse<Stream<String>> response = http.send(
                request("GET", "/v1/recordings/" + callId + "/events", null), HttpResponse.BodyHandlers.ofLines());
        if (response.statusCode() != 200) {
            response.body().close();
            throw new IOException("events of " + callId + ": HTTP " + response.statusCode());
        }
        return response.body();
    }

    JsonNode search(String query) throws IOException, InterruptedException {
        String escaped = java.net.URLEncoder.encode(query, StandardCharsets.UTF_8);
        return Json.mapper().readTree(send("GET", "/v1/search?q=" + escaped, null));
    }

    /** @param path of the API, from {@code /v1} on, or {@code /metrics} */
    String get(String path) throws IOException, InterruptedException {
        return send("GET", path, null);
    }

    String post(String path, Object body) throws IOException, InterruptedException {
        return send("POST", path, body);
    }

    private HttpRequest request(String method, String path, @Nullable Object body) {
        return HttpRequest.newBuilder(api.resolve(path))
                .header("Authorization", "Bearer " + token)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))
                .build();
    }

    private String send(String method, String path, @Nullable Object body) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request(method, path, body), HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IOException(method + " " + path + ": HTTP " + response.statusCode() + " " + response.body());
        }
        return response.body();
    }

    private static List<X509Certificate> certificates(String pem) throws IOException {
        try {
            return CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (CertificateException e) {
            throw new IOException("/v1/recipients are not certificates", e);
        }
    }
}
