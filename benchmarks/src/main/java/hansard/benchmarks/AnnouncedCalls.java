package hansard.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.runtime.Json;
import hansard.sealer.KeySealer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Two-party calls as a connector announces them, by the public API and with sealed session keys. */
final class AnnouncedCalls implements AutoCloseable {
    private static final int PARTIES = 2;

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI ingest;
    private final String token;
    private final int firstSsrc;
    private final List<String> callIds = new ArrayList<>();
    private final List<PacedSender.Target> targets = new ArrayList<>();

    /** @param firstSsrc of the first stream; the others' follow */
    AnnouncedCalls(URI ingest, String token, int firstSsrc) {
        this.ingest = ingest;
        this.token = token;
        this.firstSsrc = firstSsrc;
    }

    void announce(int streams) throws IOException, InterruptedException {
        List<X509Certificate> recipients = certificates(send("GET", "/v1/recipients", null));
        SecureRandom random = new SecureRandom();
        while (targets.size() < streams) {
            String callId = json(send("POST", "/v1/calls", Map.of("title", "load")))
                    .path("callId")
                    .asText();
            callIds.add(callId);
            for (int party = 0; party < PARTIES && targets.size() < streams; party++) {
                String participant = "p" + party;
                String unused = send(
                        "POST",
                        "/v1/calls/" + callId + "/participants",
                        Map.of("participantId", participant, "displayName", participant, "user", participant));
                byte[] keyAndSalt = new byte[30];
                random.nextBytes(keyAndSalt);
                SendingStream stream = new SendingStream(firstSsrc + targets.size(), keyAndSalt);
                targets.add(
                        new PacedSender.Target(stream, announce(callId, participant, stream, keyAndSalt, recipients)));
            }
        }
    }

    private InetSocketAddress announce(
            String callId,
            String participant,
            SendingStream stream,
            byte[] keyAndSalt,
            List<X509Certificate> recipients)
            throws IOException, InterruptedException {
        JsonNode answer = json(send(
                "POST",
                "/v1/calls/" + callId + "/streams",
                Map.ofEntries(
                        Map.entry("participantId", participant),
                        Map.entry("kind", "audio"),
                        Map.entry("codec", "opus"),
                        Map.entry("clockRate", 48_000),
                        Map.entry("channels", 2),
                        Map.entry("payloadTypes", Map.of(Integer.toString(SendingStream.PAYLOAD_TYPE), "opus")),
                        Map.entry(
                                "headerExtensions",
                                Map.of(
                                        Integer.toString(SendingStream.AUDIO_LEVEL_ID),
                                        "urn:ietf:params:rtp-hdrext:ssrc-audio-level")),
                        Map.entry("suite", "AES_CM_128_HMAC_SHA1_80"),
                        Map.entry("initialRoc", 0),
                        Map.entry("ssrc", stream.ssrc()),
                        Map.entry(
                                "sealedKey",
                                Base64.getEncoder().encodeToString(KeySealer.seal(keyAndSalt, recipients))))));
        return new InetSocketAddress(
                answer.path("host").asText(), answer.path("port").asInt());
    }

    List<PacedSender.Target> targets() {
        return List.copyOf(targets);
    }

    List<String> callIds() {
        return List.copyOf(callIds);
    }

    long sent() {
        return targets.stream().mapToLong(target -> target.stream().sent()).sum();
    }

    /** What the ingest says it has received. */
    long received() throws IOException, InterruptedException {
        long received = 0;
        for (String callId : callIds) {
            for (JsonNode stream :
                    json(send("GET", "/v1/calls/" + callId, null)).path("streams")) {
                received += stream.path("received").asLong();
            }
        }
        return received;
    }

    void end() throws IOException, InterruptedException {
        for (String callId : callIds) {
            String unused = send("POST", "/v1/calls/" + callId + "/end", Map.of("reason", "the load is over"));
        }
    }

    private String send(String method, String path, @org.jspecify.annotations.Nullable Object body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(ingest.resolve(path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + token)
                .method(
                        method,
                        body == null
                                ? HttpRequest.BodyPublishers.noBody()
                                : HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IOException(method + " " + path + ": HTTP " + response.statusCode() + " " + response.body());
        }
        return response.body();
    }

    private static JsonNode json(String text) throws IOException {
        return Json.mapper().readTree(text);
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

    @Override
    public void close() {
        http.shutdownNow();
    }
}
