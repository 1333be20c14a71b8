package hansard.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.Health;
import hansard.runtime.HttpApi;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessHttpTest {
    @TempDir
    Path directory;

    @Test
    void aServerKnowsItsCallers() throws Exception {
        Access access = Access.open(directory);
        access.putUser(new Caller("acme", "ben", "Ben", Set.of(Role.KNOWLEDGE_WORKER), List.of()), "ben");
        try (HttpApi api =
                HttpApi.start("test", "127.0.0.1", 0, new Health(), new SimpleMeterRegistry(), routes -> routes.get(
                                "/who",
                                (req, res) -> res.send(access.authenticate(req).user()))
                        .get(
                                "/officers",
                                (req, res) -> res.send(access.authenticate(req, Role.COMPLIANCE_OFFICER)
                                        .user())))) {
            String local = "Bearer " + access.localToken().reveal();
            assertEquals("200 local", get(api, "/who", "Authorization", local));
            assertEquals("200 local", get(api, "/officers", "Authorization", local));
            assertEquals("200 ben", get(api, "/who", "Authorization", local, "X-Hansard-As", "ben"));
            assertEquals(
                    "200 ben", get(api, "/who", "Cookie", "a=b, c; hansard_session=" + access.login("ben", "ben")));
            assertEquals("200 ben", get(api, "/who", "Authorization", "Basic YmVuOmJlbg=="));
            assertTrue(
                    get(api, "/officers", "Authorization", "Basic YmVuOmJlbg==").startsWith("403"));
            assertTrue(get(api, "/who", "Authorization", local, "X-Hansard-As", "carla")
                    .startsWith("403"));
            assertTrue(get(api, "/who", "X-Hansard-As", "ben").startsWith("401"));
        }
    }

    private static String get(HttpApi api, String path, String... headers) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + path))
                    .headers(headers)
                    .build();
            var response = client.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() + " " + response.body();
        }
    }
}
