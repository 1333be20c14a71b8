package hansard.app;

import hansard.broker.EmbeddedBroker;

/** Free ports for the stages of one test. */
final class Ports {
    private Ports() {}

    /** YAML to append to a configuration: a port for each stage, {@code ingest} as a key of its own last. */
    static String yaml() {
        StringBuilder yaml = new StringBuilder();
        for (Stage stage : Stage.values()) {
            yaml.append(stage.label())
                    .append(".http.port: ")
                    .append(EmbeddedBroker.freePort())
                    .append('\n');
        }
        return yaml.toString();
    }
}
