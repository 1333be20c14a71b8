package hansard.output;

import static org.junit.jupiter.api.Assertions.assertEquals;

import hansard.testkit.SecretSearch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The search finds what it is to find: planted secrets, in every form and place. */
class SecretSearchTest {
    private static final byte[] SECRET = HexFormat.of().parseHex("f2a5a7ee3f1cf47962652ce5819ec8b7");

    @TempDir
    Path directory;

    private final SecretSearch search = new SecretSearch().add("key", SECRET).addText("password", "correct horse");

    private List<String> forms(byte[] bytes) {
        return search.in("planted", bytes).stream().map(SecretSearch.Hit::form).toList();
    }

    private static byte[] around(String text) {
        return ("<system-out>k=" + text + " end</system-out>").getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void secretIsFoundInEveryForm() {
        byte[] raw = new byte[100];
        System.arraycopy(SECRET, 0, raw, 50, SECRET.length);
        assertEquals(List.of("bytes"), forms(raw));
        assertEquals(List.of("hex"), forms(around(HexFormat.of().formatHex(SECRET))));
        assertEquals(List.of("hex"), forms(around(HexFormat.of().withUpperCase().formatHex(SECRET))));
        assertEquals(List.of("text"), forms(around("correct horse")));
        assertEquals(List.of(), forms(around("correct hors")));
    }

    @Test
    void secretIsFoundInBase64WhereverItBegins() {
        for (int before = 0; before < 7; before++) {
            for (int after = 0; after < 4; after++) {
                byte[] all = new byte[before + SECRET.length + after];
                Arrays.fill(all, (byte) 0x5a);
                System.arraycopy(SECRET, 0, all, before, SECRET.length);
                assertEquals(List.of("base64"), forms(around(Base64.getEncoder().encodeToString(all))));
                assertEquals(
                        List.of("base64"),
                        forms(around(Base64.getUrlEncoder().withoutPadding().encodeToString(all))));
            }
        }
    }

    @Test
    void secretIsFoundWhereverItLiesInALongFile() throws IOException {
        byte[] noise = new byte[(3 << 20) + 100];
        new Random(1).nextBytes(noise);
        for (int at : new int[] {0, (1 << 20) - 8, (1 << 20) + 3, (2 << 20) - 1, noise.length - SECRET.length}) {
            byte[] planted = noise.clone();
            System.arraycopy(SECRET, 0, planted, at, SECRET.length);
            Path file = Files.write(directory.resolve("heap.hprof"), planted);
            assertEquals(List.of(new SecretSearch.Hit("key", "bytes", file.toString(), at)), search.in(file));
        }
    }

    @Test
    void secretInAnOutputFailsTheBuildAndInACopyDoesNot() throws IOException {
        Path module = Files.createDirectories(directory.resolve("deploy/app"));
        Files.writeString(module.resolve("pom.xml"), "<project/>");
        for (String copy : List.of("classes/captures", "test-classes", "app/lib", "models")) {
            plant(module.resolve("target").resolve(copy).resolve("call.json"));
        }
        plant(module.resolve("target/app-0.1.jar"));
        plant(module.resolve("src/main/resources/target/call.json"));
        Path report = plant(module.resolve("target/surefire-reports/TEST-x.xml"));
        Path log = plant(module.resolve("target/launched/classes/ingest.out"));
        List<Path> found = BuildOutput.files(directory).stream()
                .filter(file -> !search.in(file).isEmpty())
                .sorted()
                .toList();
        assertEquals(List.of(log, report), found);
    }

    private static Path plant(Path file) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, "key " + HexFormat.of().formatHex(SECRET));
    }
}
