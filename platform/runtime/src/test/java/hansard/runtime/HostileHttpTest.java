package hansard.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a stage's HTTP server does with requests that no client of ours would send. Each test ends with one that must be answered. */
@Timeout(60)
class HostileHttpTest {
    private final AtomicInteger bodies = new AtomicInteger();
    private HttpApi api;

    @BeforeEach
    void start() {
        api = HttpApi.start("test", "127.0.0.1", 0, new Health(), new SimpleMeterRegistry(), routes -> routes.post(
                        "/v1/things", (req, res) -> {
                            ObjectNode body = HttpApi.body(req, ObjectNode.class);
                            bodies.incrementAndGet();
                            HttpApi.json(res, Map.of("fields", body.size()));
                        })
                .get(
                        "/v1/things/{id}",
                        (req, res) -> HttpApi.json(
                                res, Map.of("id", req.path().pathParameters().get("id")))));
    }

    @AfterEach
    void stop() {
        api.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** The first line of the answer; empty when the connection was closed without one. */
    private static String status(Socket socket) throws IOException {
        StringBuilder line = new StringBuilder();
        try {
            for (int c = socket.getInputStream().read();
                    c >= 0 && c != '\n';
                    c = socket.getInputStream().read()) {
                line.append((char) c);
            }
        } catch (SocketException e) {
            return ""; // reset: it did not want the rest
        }
        return line.toString();
    }

    private String ask(String request) throws IOException {
        try (Socket socket = connect()) {
            write(socket, request);
            return status(socket);
        } catch (SocketException e) {
            return ""; // hung up on while it was still sending
        }
    }

    private static String post(String body) {
        return "POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length()
                + "\r\nConnection: close\r\n\r\n" + body;
    }

    private void answersOthers() throws IOException {
        long before = System.nanoTime();
        assertTrue(ask(post("{\"a\":1}")).contains(" 200 "));
        long millis = Duration.ofNanos(System.nanoTime() - before).toMillis();
        assertTrue(millis < 5_000, "an honest client waited " + millis + " ms");
    }

    @Test
    void connectionsThatSendNothingBlockNobody() throws Exception {
        List<Socket> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 300; i++) {
                Socket socket = connect();
                silent.add(socket);
                if (i % 3 == 1) {
                    write(socket, "POST /v1/thi");
                } else if (i % 3 == 2) {
                    write(socket, "POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{\"a\"");
                }
            }
            answersOthers();
            assertEquals(1, bodies.get(), "half a body is no request");
        } finally {
            for (Socket socket : silent) {
                socket.close();
            }
        }
    }

    @Test
    void aBodyOverTheLimitIsRefusedWithoutBeingRead() throws Exception {
        String head = "POST /v1/things HTTP/1.1\r\nHost: x\r\nContent-Length: ";
        String told = ask(head + "9000000000\r\n\r\n");
        assertTrue(told.contains(" 413 "), told);
        String whileSending = ask(head + "9000000000\r\n\r\n{\"a\":\"" + "x".repeat(1 << 20));
        assertTrue(whileSending.isEmpty() || whileSending.contains(" 413 "), whileSending);
        String whole = ask(post("{\"a\":\"" + "x".repeat(1 << 20) + "\"}"));
        assertTrue(whole.isEmpty() || whole.contains(" 413 "), whole);
        assertEquals(0, bodies.get());
        answersOthers();
    }

    @Test
    void chunksWithoutEndAreRefusedAtTheLimit() throws Exception {
        try (Socket socket = connect()) {
            write(socket, "POST /v1/things HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
            OutputStream out = socket.getOutputStream();
            byte[] chunk = ("10000\r\n" + " ".repeat(0x10000) + "\r\n").getBytes(StandardCharsets.ISO_8859_1);
            int sent = 0;
            try {
                for (; sent < 4_000; sent++) { // 250 MiB
                    out.write(chunk);
                }
            } catch (SocketException e) {
                // the server hung up, as it should
            }
            assertTrue(sent < 4_000, "the server read it all");
        }
        assertEquals(0, bodies.get());
        answersOthers();
    }

    @Test
    void bombsOfHeadersAreRefused() throws Exception {
        StringBuilder many = new StringBuilder("GET /v1/things/1 HTTP/1.1\r\nHost: x\r\n");
        for (int i = 0; i < 100_000; i++) {
            many.append("X-").append(i).append(": ").append(i).append("\r\n");
        }
        assertRefused(many.append("\r\n").toString());
        assertRefused("GET /v1/things/1 HTTP/1.1\r\nHost: x\r\nX: " + "y".repeat(4 << 20) + "\r\n\r\n");
        assertRefused("GET /v1/things/" + "z".repeat(4 << 20) + " HTTP/1.1\r\nHost: x\r\n\r\n");
        answersOthers();
    }

    private void assertRefused(String request) throws IOException {
        String status = "";
        try (Socket socket = connect()) {
            try {
                write(socket, request);
            } catch (SocketException e) {
                return; // hung up on
            }
            status = status(socket);
        }
        assertTrue(status.isEmpty() || status.contains(" 4"), status);
    }

    @Test
    void randomBytesAreNoRequestAndHurtNobody() throws Exception {
        Random random = new Random(3);
        for (int i = 0; i < 200; i++) {
            byte[] bytes = new byte[1 + random.nextInt(3_000)];
            random.nextBytes(bytes);
            try (Socket socket = connect()) {
                socket.getOutputStream().write(bytes);
                if (i % 2 == 0) {
                    write(socket, "\r\n\r\n");
                }
            }
        }
        answersOthers();
    }

    @Test
    void twoLengthsOrALengthAndChunksAreNotOneRequest() throws Exception {
        for (String lengths : List.of(
                "Content-Length: 7\r\nContent-Length: 40\r\n",
                "Content-Length: 7\r\nTransfer-Encoding: chunked\r\n",
                "Content-Length: -1\r\n",
                "Content-Length: 0x7\r\n")) {
            String smuggled = "POST /v1/things HTTP/1.1\r\nHost: x\r\n" + lengths + "\r\n{\"a\":1}";
            String status = ask(smuggled + "GET /v1/things/smuggled HTTP/1.1\r\nHost: x\r\n\r\n");
            assertTrue(status.isEmpty() || status.contains(" 4") || status.contains(" 5"), lengths + " → " + status);
        }
        assertEquals(0, bodies.get());
        answersOthers();
    }

    @Test
    void deeplyNestedJsonIsABadRequest() throws Exception {
        assertTrue(ask(post("[".repeat(500_000))).contains(" 400 "));
        assertTrue(ask(post("{\"a\":".repeat(100_000))).contains(" 400 "));
        answersOthers();
    }
}
