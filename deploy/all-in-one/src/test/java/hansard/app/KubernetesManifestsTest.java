package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.Gson;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.kubernetes.client.openapi.JSON;
import io.kubernetes.client.openapi.models.V1ConfigMapVolumeSource;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1EnvVar;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1ServicePort;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V1Volume;
import io.kubernetes.client.openapi.models.V1VolumeMount;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** The manifests, read with the model classes of the Kubernetes API; no cluster is asked. */
class KubernetesManifestsTest {
    private static final Path FOLDER =
            Path.of("..", "..", "deploy", "kubernetes").toAbsolutePath().normalize();
    private static final long MEBIBYTE = 1 << 20;

    /** What a JVM of ours takes besides its heap: code, classes, threads, buffers; measured at up to 200 MiB. */
    private static final long BESIDES_THE_HEAP = 200 * MEBIBYTE;

    @Test
    void everyManifestIsOneThatTheApiKnows() throws IOException {
        assertEquals(Stage.values().length, all(V1StatefulSet.class).size());
        assertEquals(Stage.values().length, all(V1Service.class).size());
        assertEquals(4, all(V1PersistentVolumeClaim.class).size());
        assertEquals(2, all(V1NetworkPolicy.class).size());
        assertEquals(1, all(V1Namespace.class).size());
    }

    @Test
    void aMisspeltFieldIsRefused() {
        JsonObject good = json(Map.of("apiVersion", "v1", "kind", "Service", "spec", Map.of("ports", List.of())));
        assertEquals(V1Service.class, read(good).getClass());
        JsonObject bad = json(Map.of("apiVersion", "v1", "kind", "Service", "spec", Map.of("port", List.of())));
        assertThrows(IllegalArgumentException.class, () -> read(bad));
    }

    @Test
    void everyVolumeThatIsMountedIsThere() throws IOException {
        Set<String> claims = all(V1PersistentVolumeClaim.class).stream()
                .map(claim -> claim.getMetadata().getName())
                .collect(Collectors.toSet());
        for (V1StatefulSet stage : all(V1StatefulSet.class)) {
            Set<String> volumes = new HashSet<>();
            for (V1Volume volume : stage.getSpec().getTemplate().getSpec().getVolumes()) {
                volumes.add(volume.getName());
                if (volume.getPersistentVolumeClaim() != null) {
                    assertTrue(claims.contains(volume.getPersistentVolumeClaim().getClaimName()), volume::toString);
                }
                V1ConfigMapVolumeSource settings = volume.getConfigMap();
                assertTrue(settings == null || "hansard".equals(settings.getName()), volume::toString);
            }
            if (stage.getSpec().getVolumeClaimTemplates() != null) {
                stage.getSpec()
                        .getVolumeClaimTemplates()
                        .forEach(claim -> volumes.add(claim.getMetadata().getName()));
            }
            Set<String> mounted = container(stage).getVolumeMounts().stream()
                    .map(V1VolumeMount::getName)
                    .collect(Collectors.toSet());
            assertEquals(volumes, mounted, name(stage));
        }
    }

    @Test
    void everyServiceLeadsToAPortOfItsStage() throws IOException {
        Map<String, V1StatefulSet> stages = all(V1StatefulSet.class).stream()
                .collect(Collectors.toMap(KubernetesManifestsTest::name, stage -> stage));
        for (V1Service service : all(V1Service.class)) {
            V1StatefulSet stage = Objects.requireNonNull(
                    stages.get(service.getSpec().getSelector().get("app")));
            assertEquals(service.getMetadata().getName(), stage.getSpec().getServiceName());
            for (V1ServicePort port : service.getSpec().getPorts()) {
                assertTrue(
                        container(stage).getPorts().stream()
                                .anyMatch(open -> open.getName()
                                                .equals(port.getTargetPort().getStrValue())
                                        && open.getContainerPort().equals(port.getPort())),
                        service::toString);
            }
        }
    }

    @Test
    void theHeapFitsIntoTheMemoryOfItsPod() throws IOException {
        for (V1StatefulSet stage : all(V1StatefulSet.class)) {
            V1Container container = container(stage);
            String jvm = container.getEnv().stream()
                    .filter(variable -> variable.getName().equals("HANSARD_JVM"))
                    .map(V1EnvVar::getValue)
                    .findFirst()
                    .orElseThrow(() -> new AssertionError(name(stage) + " has the launcher's own heap"));
            long heap = Long.parseLong(jvm.replaceAll("-Xmx([0-9]+)m", "$1")) * MEBIBYTE;
            long limit = container
                    .getResources()
                    .getLimits()
                    .get("memory")
                    .getNumber()
                    .longValueExact();
            assertTrue(heap + BESIDES_THE_HEAP <= limit, () -> name(stage) + ": " + jvm + " of " + limit + " bytes");
        }
    }

    @Test
    void onlyTheZonesThatOpenKeysMountTheVault() throws IOException {
        Set<String> withVault = all(V1StatefulSet.class).stream()
                .filter(stage -> container(stage).getVolumeMounts().stream()
                        .anyMatch(mount -> mount.getName().equals("vault")))
                .map(KubernetesManifestsTest::name)
                .collect(Collectors.toSet());
        assertEquals(Set.of("decrypt-worker", "transcode", "transcribe", "index", "retention"), withVault);
    }

    private static String name(V1StatefulSet stage) {
        return stage.getMetadata().getName();
    }

    private static V1Container container(V1StatefulSet stage) {
        List<V1Container> containers = stage.getSpec().getTemplate().getSpec().getContainers();
        assertEquals(1, containers.size(), () -> name(stage));
        return containers.getFirst();
    }

    private static <T> List<T> all(Class<T> type) throws IOException {
        List<T> found = new ArrayList<>();
        JsonObject kustomization =
                documents(FOLDER.resolve("kustomization.yaml")).getFirst();
        for (JsonElement file : kustomization.getAsJsonArray("resources")) {
            for (JsonObject document : documents(FOLDER.resolve(file.getAsString()))) {
                Object read = read(document);
                if (type.isInstance(read)) {
                    found.add(type.cast(read));
                }
            }
        }
        return found;
    }

    private static List<JsonObject> documents(Path file) throws IOException {
        List<JsonObject> documents = new ArrayList<>();
        new Yaml().loadAll(Files.readString(file)).forEach(document -> documents.add(json(document)));
        return documents;
    }

    private static JsonObject json(Object yaml) {
        return new Gson().toJsonTree(yaml).getAsJsonObject();
    }

    /** @throws IllegalArgumentException when the class of its kind has not such fields */
    private static Object read(JsonObject document) {
        String kind = document.get("apiVersion").getAsString() + " "
                + document.get("kind").getAsString();
        try {
            return switch (kind) {
                case "v1 Namespace" -> {
                    V1Namespace.validateJsonElement(document);
                    yield JSON.getGson().fromJson(document, V1Namespace.class);
                }
                case "v1 PersistentVolumeClaim" -> {
                    V1PersistentVolumeClaim.validateJsonElement(document);
                    yield JSON.getGson().fromJson(document, V1PersistentVolumeClaim.class);
                }
                case "v1 Service" -> {
                    V1Service.validateJsonElement(document);
                    yield JSON.getGson().fromJson(document, V1Service.class);
                }
                case "apps/v1 StatefulSet" -> {
                    V1StatefulSet.validateJsonElement(document);
                    yield JSON.getGson().fromJson(document, V1StatefulSet.class);
                }
                case "networking.k8s.io/v1 NetworkPolicy" -> {
                    V1NetworkPolicy.validateJsonElement(document);
                    yield JSON.getGson().fromJson(document, V1NetworkPolicy.class);
                }
                default -> throw new IllegalArgumentException("no kind that is shipped: " + kind);
            };
        } catch (IOException e) {
            throw new IllegalArgumentException(kind, e);
        }
    }
}
