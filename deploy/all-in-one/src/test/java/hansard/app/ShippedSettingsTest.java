package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Settings;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The settings that are shipped for a cluster are settings that each stage takes. */
class ShippedSettingsTest {
    private static Settings shipped(String file, Map<String, String> environment) {
        return Settings.load(Path.of("..", "..").resolve(file).toAbsolutePath().normalize(), Map.of(), environment);
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void composeStartsEveryStage(Stage stage) {
        Stage.Ready ignored = StageCommand.ready(stage, shipped("deploy/compose/hansard.yaml", Map.of()));
    }

    @ParameterizedTest
    @EnumSource(Stage.class)
    void kubernetesStartsEveryStage(Stage stage) {
        Map<String, String> environment =
                stage == Stage.INGEST ? Map.of("HANSARD_INGEST_ADVERTISED_HOST", "10.0.0.1") : Map.of(); // ingest.yaml
        Stage.Ready ignored = StageCommand.ready(stage, shipped("deploy/kubernetes/hansard.yaml", environment));
    }

    @Test
    void whatAnotherStageLacksStopsOnlyThatOne() {
        HansardException e = assertThrows(
                HansardException.class,
                () -> StageCommand.ready(Stage.INGEST, shipped("deploy/kubernetes/hansard.yaml", Map.of())));
        assertEquals(ErrorCode.BAD_CONFIGURATION, e.code());
        assertTrue(String.valueOf(e.getMessage()).contains("ingest.advertised-host"), e.getMessage());
    }
}
