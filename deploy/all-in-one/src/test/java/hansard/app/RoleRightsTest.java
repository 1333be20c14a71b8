package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.broker.EmbeddedBroker;
import hansard.broker.Listener;
import hansard.runtime.HansardException;
import hansard.runtime.KafkaSettings;
import hansard.runtime.KafkaTls;
import hansard.wire.RightsAdmin;
import hansard.wire.Role;
import hansard.wire.TopicAdmin;
import hansard.wire.Topics;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real clients of each role try, on a real broker, what they may and what they may not. */
class RoleRightsTest {
    private static final byte[] SOMETHING = "something".getBytes(StandardCharsets.UTF_8);
    private static final Path TOPICS_PAGE = Path.of("../../docs/topics.md");

    @TempDir
    static Path directory;

    private static EmbeddedBroker broker;

    @BeforeAll
    static void start() throws Exception {
        SecuredKafka.identities(certificates(), List.of());
        broker = EmbeddedBroker.start(
                directory.resolve("kafka"), Listener.secured(certificates()), 0, (where, cause) -> {
                    throw new AssertionError(where, cause);
                });
        SecuredKafka.setUp(broker.bootstrap(), certificates(), 1, 1);
        try (KafkaProducer<byte[], byte[]> producer = producer(Role.ADMIN, Map.of())) {
            for (String topic : Topics.ALL) {
                producer.send(new ProducerRecord<>(topic, SOMETHING, SOMETHING)).get(20, TimeUnit.SECONDS);
            }
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private static Path certificates() {
        return directory.resolve("kafka-tls");
    }

    private static KafkaSettings of(Role role) {
        return new KafkaSettings(broker.bootstrap(), "", 1, 1, KafkaTls.client(certificates(), role.label()));
    }

    private static KafkaProducer<byte[], byte[]> producer(Role role, Map<String, Object> more) {
        Map<String, Object> p = of(role).producer();
        p.putAll(more);
        return new KafkaProducer<>(p, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static KafkaConsumer<byte[], byte[]> consumer(Map<String, Object> properties) {
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ADMIN")
    void roleReadsItsTopicsAndNoOther(Role role) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(of(role).reader())) {
            for (String topic : Topics.ALL) {
                if (role.mayRead(topic)) {
                    assertTrue(reads(consumer, topic), role + " reads " + topic);
                } else {
                    assertThrows(
                            TopicAuthorizationException.class, () -> reads(consumer, topic), role + " reads " + topic);
                }
            }
        }
    }

    private static boolean reads(KafkaConsumer<byte[], byte[]> consumer, String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        ConsumerRecords<byte[], byte[]> records = ConsumerRecords.empty();
        for (int tries = 0; tries < 20 && records.isEmpty(); tries++) {
            records = consumer.poll(Duration.ofSeconds(1));
        }
        return !records.isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ADMIN")
    void roleWritesItsTopicsAndNoOther(Role role) throws Exception {
        for (String topic : Topics.ALL) {
            try (KafkaProducer<byte[], byte[]> producer = producer(role, Map.of())) {
                Future<?> sent = producer.send(new ProducerRecord<>(topic, SOMETHING, SOMETHING));
                if (role.mayWrite(topic)) {
                    sent.get(20, TimeUnit.SECONDS);
                } else {
                    refused(TopicAuthorizationException.class, sent, role + " writes " + topic);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ADMIN")
    void roleIsInItsOwnGroupsAndBeginsItsOwnTransactionsOnly(Role role) {
        Set<TopicPartition> readable = Set.of(new TopicPartition(
                Topics.ALL.stream().filter(role::mayRead).findFirst().orElseThrow(), 0));
        for (Role other : Role.STAGES) {
            String group = other.commonName() + "-mine";
            try (KafkaConsumer<byte[], byte[]> consumer = consumer(of(role).consumer(group))) {
                if (other == role) {
                    assertEquals(readable, consumer.committed(readable).keySet());
                } else {
                    assertThrows(
                            GroupAuthorizationException.class,
                            () -> consumer.committed(readable),
                            role + " in the group " + group);
                }
            }
        }
        for (Role other : List.of(Role.DECRYPT_WORKER, Role.RETENTION)) {
            if (other != role) {
                try (KafkaProducer<byte[], byte[]> producer =
                        producer(role, Map.of("transactional.id", other.commonName() + "-1"))) {
                    assertThrows(TransactionalIdAuthorizationException.class, producer::initTransactions);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "ADMIN")
    void roleMakesNoTopicAndNoRule(Role role) throws Exception {
        try (Admin admin = Admin.create(of(role).common())) {
            refused(
                    AuthorizationException.class,
                    admin.createTopics(List.of(new NewTopic("another", 1, (short) 1)))
                            .all(),
                    role + " makes a topic");
            refused(
                    AuthorizationException.class,
                    admin.deleteTopics(List.of(Topics.AUDIT_EVENTS)).all(),
                    role + " deletes the audit");
            refused(
                    AuthorizationException.class,
                    admin.createAcls(List.of(mayRead(role, Topics.SESSION_KEYS)))
                            .all(),
                    role + " gives itself a right");
            assertEquals(
                    role.topics().size(),
                    admin.listTopics().names().get(20, TimeUnit.SECONDS).size(),
                    "it sees its own topics");
        }
        TopicAdmin.ensure(of(role), role); // what each stage does at its start finds them and asks for nothing
    }

    @Test
    void onlyDecryptWorkersReadSessionKeys() {
        assertEquals(
                List.of(Role.DECRYPT_WORKER),
                Role.STAGES.stream().filter(r -> r.mayRead(Topics.SESSION_KEYS)).toList());
    }

    @Test
    void clientWithoutCertificateOrOfAnotherAuthorityIsNotLetIn() throws Exception {
        Map<String, Object> noCertificate = new HashMap<>(of(Role.ADMIN).common());
        noCertificate.keySet().removeIf(key -> key.startsWith("ssl.keystore"));
        shutOut(noCertificate, SslAuthenticationException.class);

        Path theirs = directory.resolve("another-authority");
        SecuredKafka.identities(theirs, List.of());
        Map<String, Object> another = new HashMap<>(of(Role.ADMIN).common());
        another.put(
                "ssl.keystore.location",
                KafkaTls.identity(theirs, Role.ADMIN.label()).toString());
        shutOut(another, SslAuthenticationException.class);

        Map<String, Object> plain = new HashMap<>(Map.of("bootstrap.servers", broker.bootstrap()));
        shutOut(plain, org.apache.kafka.common.errors.TimeoutException.class);

        Map<String, Object> impostor = new HashMap<>(of(Role.ADMIN).common());
        impostor.put("ssl.truststore.location", KafkaTls.authority(theirs).toString());
        shutOut(impostor, SslAuthenticationException.class); // here the client refuses the broker
    }

    private static void shutOut(Map<String, Object> properties, Class<? extends Exception> why) throws Exception {
        properties.put("default.api.timeout.ms", 6_000);
        properties.put("request.timeout.ms", 3_000);
        try (Admin admin = Admin.create(properties)) {
            refused(why, admin.listTopics().names(), "a stranger lists the topics");
        }
    }

    @Test
    void missingCertificateIsNamedWithTheSetting() {
        KafkaSettings nobody = new KafkaSettings(
                broker.bootstrap(), "", 1, 1, KafkaTls.client(directory.resolve("nowhere"), Role.INGEST.label()));
        HansardException refusal = assertThrows(HansardException.class, () -> TopicAdmin.ensure(nobody, Role.INGEST));
        assertTrue(refusal.getMessage().contains("nowhere/ingest.pem"), refusal.getMessage());
        assertTrue(refusal.getMessage().contains("kafka.tls.directory"), refusal.getMessage());
    }

    @Test
    void strangerOfOurAuthorityMayNothing() throws Exception {
        hansard.keys.KafkaIdentities.ensure(certificates(), Listener.BROKER, List.of(), List.of("somebody"));
        KafkaSettings somebody =
                new KafkaSettings(broker.bootstrap(), "", 1, 1, KafkaTls.client(certificates(), "somebody"));
        try (Admin admin = Admin.create(somebody.common())) {
            assertEquals(Set.of(), admin.listTopics().names().get(20, TimeUnit.SECONDS));
        }
        HansardException refusal = assertThrows(HansardException.class, () -> TopicAdmin.ensure(somebody, Role.INGEST));
        assertTrue(refusal.getMessage().contains("secure-kafka"), refusal.getMessage());
    }

    @Test
    void rightThatARoleShouldNotHaveIsTakenFromItAndOthersAreLeftAlone() throws Exception {
        AclBinding stray = mayRead("User:CN=somebody-else", Topics.SESSION_KEYS);
        try (Admin admin = Admin.create(of(Role.ADMIN).common())) {
            admin.createAcls(List.of(mayRead(Role.INGEST, Topics.SESSION_KEYS), stray))
                    .all()
                    .get(20, TimeUnit.SECONDS);
            assertEquals(new RightsAdmin.Change(0, 1), SecuredKafka.setUp(broker.bootstrap(), certificates(), 1, 1));
            assertEquals(new RightsAdmin.Change(0, 0), SecuredKafka.setUp(broker.bootstrap(), certificates(), 1, 1));
            assertTrue(admin.describeAcls(AclBindingFilter.ANY)
                    .values()
                    .get(20, TimeUnit.SECONDS)
                    .contains(stray));
        }
    }

    private static AclBinding mayRead(Role role, String topic) {
        return mayRead(role.principal(), topic);
    }

    private static AclBinding mayRead(String principal, String topic) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                new AccessControlEntry(principal, "*", AclOperation.READ, AclPermissionType.ALLOW));
    }

    private static void refused(Class<? extends Exception> why, Future<?> answer, String what) throws Exception {
        ExecutionException e = assertThrows(ExecutionException.class, () -> answer.get(20, TimeUnit.SECONDS), what);
        assertInstanceOf(why, e.getCause(), what);
    }

    private static void refused(Class<? extends Exception> why, KafkaFuture<?> answer, String what) throws Exception {
        refused(why, answer.toCompletionStage().toCompletableFuture(), what);
    }

    @Test
    void pageOfTopicsTellsTheSameRights() throws IOException {
        List<String> table = new ArrayList<>();
        table.add("| | "
                + String.join(" | ", Role.STAGES.stream().map(Role::label).toList()) + " |");
        table.add("|---|" + "---|".repeat(Role.STAGES.size()));
        for (String topic : Topics.ALL) {
            StringBuilder row = new StringBuilder("| `" + topic + "` |");
            for (Role role : Role.STAGES) {
                String may = (role.mayRead(topic) ? "read" : "")
                        + (role.mayRead(topic) && role.mayWrite(topic) ? ", " : "")
                        + (role.mayWrite(topic) ? "write" : "");
                row.append(may.isEmpty() ? " |" : " " + may + " |");
            }
            table.add(row.toString());
        }
        assertTrue(
                Files.readString(TOPICS_PAGE).contains(String.join("\n", table)),
                TOPICS_PAGE + " must have this table:\n" + String.join("\n", table));
    }
}
