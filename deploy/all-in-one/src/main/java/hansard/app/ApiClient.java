package hansard.app;

import com.fasterxml.jackson.databind.JsonNode;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Json;
import hansard.runtime.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The public API, as a client outside uses it. */
final class ApiClient implements AutoCloseable {
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private final String api;
    private final Secret<String> token;
    private final String as;

    /** @param as the user in whose name requests are made; empty for the service's owner */
    ApiClient(String api, Secret<String> token, String as) {
        this.api = api.replaceAll("/+$", "");
        this.token = token;
        this.as = as;
    }

    ApiClient actingAs(String user) {
        return new ApiClient(api, token, user);
    }

    String api() {
        return api;
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(api + path)).header("Authorization", "Bearer " + token.reveal());
        if (!as.isEmpty()) {
            request.header("X-Hansard-As", as);
        }
        return request;
    }

    JsonNode get(String path) {
        return send(request(path).timeout(Duration.ofSeconds(60)).GET().build());
    }

    String text(String path) {
        return sendForText(request(path).timeout(Duration.ofSeconds(60)).GET().build());
    }

    /** A body as it is, such as a media file. */
    byte[] bytes(String path) {
        HttpRequest request =
                request(path).timeout(Duration.ofSeconds(60)).GET().build();
        return exchange(request, HttpResponse.BodyHandlers.ofByteArray(), b -> new String(b, StandardCharsets.UTF_8));
    }

    JsonNode post(String path, Object body) {
        return send(request(path)
                .timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body)))
                .build());
    }

    /** The lines of a server-sent event stream, as they come. Close the stream to stop. */
    Stream<String> events(String path) throws IOException, InterruptedException {
        HttpResponse<Stream<String>> response = http.send(
                request(path).header("Accept", "text/event-stream").GET().build(), HttpResponse.BodyHandlers.ofLines());
        if (response.statusCode() != 200) {
            response.body().close();
            throw new IOException("HTTP " + response.statusCode());
        }
        return response.body();
    }

    static String query(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
    }

    private JsonNode send(HttpRequest request) {
        String body = sendForText(request);
        try {
            return Json.mapper().readTree(body.isBlank() ? "{}" : body);
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new HansardException(ErrorCode.MALFORMED, request.uri() + " did not answer with JSON", e);
        }
    }

    private String sendForText(HttpRequest request) {
        return exchange(request, HttpResponse.BodyHandlers.ofString(), b -> b);
    }

    private <T> T exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler, Function<T, String> text) {
        try {
            HttpResponse<T> response = http.send(request, handler);
            if (response.statusCode() / 100 != 2) {
                throw refused(request, response.statusCode(), text.apply(response.body()));
            }
            return response.body();
        } catch (IOException e) {
            throw new HansardException(
                    ErrorCode.KAFKA_UNAVAILABLE,
                    "nothing answers at " + api + " (" + e.getClass().getSimpleName()
                            + "): start it with 'hansard up', or give" + " its address with --api",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new HansardException(ErrorCode.INTERNAL, "interrupted", e);
        }
    }

    private static HansardException refused(HttpRequest request, int status, String body) {
        String what = request.method() + " " + request.uri().getPath() + ": ";
        try {
            JsonNode problem = Json.mapper().readTree(body);
            ErrorCode code = ErrorCode.valueOf(problem.path("title").asText());
            return new HansardException(code, problem.path("detail").asText());
        } catch (com.fasterxml.jackson.core.JsonProcessingException | IllegalArgumentException e) {
            return new HansardException(ErrorCode.INTERNAL, what + "HTTP " + status, e);
        }
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
