package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.keys.KeyKeeperProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script as a distribution has it, with a JDK that only says how it was called. */
class LauncherScriptTest {
    @TempDir
    Path directory;

    @BeforeEach
    void distribution() throws Exception {
        Files.createDirectories(directory.resolve("lib/aws"));
        Files.copy(Path.of("../../hansard"), directory.resolve("hansard"));
        Path jdk = Files.createDirectories(directory.resolve("jdk/bin"));
        Files.writeString(directory.resolve("jdk/release"), "JAVA_VERSION=\"25\"\n");
        Path java = Files.writeString(jdk.resolve("java"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
        assertTrue(java.toFile().setExecutable(true));
    }

    @Test
    void onlyThoseWhoOpenVaultsHaveTheClientOfAKeyService() throws Exception {
        String lib = directory.toRealPath().resolve("lib") + "/*";
        for (String stage : List.of("ingest", "console", "broker", "warm-up")) {
            assertEquals(lib, classPath(stage), stage);
        }
        for (String stage :
                List.of("decrypt-worker", "transcode", "transcribe", "index", "retention", "up", "demo", "keys")) {
            assertEquals(lib + ":" + directory.toRealPath().resolve("lib/aws") + "/*", classPath(stage), stage);
        }
    }

    @Test
    void whatWarmUpMadeIsHandedToTheJvmOnceItIsThere() throws Exception {
        String file = directory.toRealPath().resolve("hansard.aot").toString();
        List<String> cold = called("up");
        assertTrue(cold.contains("-Dhansard.aot=" + file), "where it goes: " + cold);
        assertTrue(cold.stream().noneMatch(argument -> argument.startsWith("-XX:AOT")), cold.toString());
        Files.createFile(directory.resolve("hansard.aot"));
        List<String> warm = called("up");
        assertTrue(warm.contains("-XX:AOTCache=" + file), warm.toString());
        assertTrue(warm.contains("-Xlog:aot*=off"), "one that does not fit is nobody's concern: " + warm);
    }

    @Test
    void theClientOfAwsKmsIsAmongWhatIsPackaged() {
        assertEquals(
                List.of("hansard.keys.aws.KmsProvider"),
                ServiceLoader.load(KeyKeeperProvider.class).stream()
                        .map(provider -> provider.type().getName())
                        .toList());
    }

    private String classPath(String command) throws Exception {
        List<String> called = called(command);
        return called.get(called.indexOf("-cp") + 1);
    }

    private List<String> called(String command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        "bash", directory.resolve("hansard").toString(), command, "--config", "x")
                .redirectErrorStream(true);
        builder.environment().put("HANSARD_JAVA_HOME", directory.resolve("jdk").toString());
        Process process = builder.start();
        List<String> called = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertEquals(0, process.waitFor(), called.toString());
        return called;
    }
}
