package hansard.wire;

import static hansard.wire.Topics.AUDIT_EVENTS;
import static hansard.wire.Topics.CALLS;
import static hansard.wire.Topics.MEDIA_FRAMES;
import static hansard.wire.Topics.MEDIA_REJECTED;
import static hansard.wire.Topics.MEDIA_SPEECH;
import static hansard.wire.Topics.MEDIA_SRTP;
import static hansard.wire.Topics.RECORDING_ARTIFACTS;
import static hansard.wire.Topics.RECORDING_ORDERS;
import static hansard.wire.Topics.RETENTION_ORDERS;
import static hansard.wire.Topics.RETENTION_RECEIPTS;
import static hansard.wire.Topics.SESSION_KEYS;
import static hansard.wire.Topics.TRANSCRIPTS;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/**
 * What each stage may do on Kafka, which is what it does and nothing else. The broker's rules, the tests and the table in
 * {@code docs/topics.md} all come from here.
 *
 * <p>A role is a client certificate whose subject is {@code CN=hansard-LABEL}. Nobody but {@link #ADMIN} makes topics or rules; the
 * console is no role, because it has no client.
 */
public enum Role {
    /** Reads back its own calls and how far their media is, after a restart. Cannot read a sealed key, not even its own. */
    INGEST("ingest", List.of(CALLS, MEDIA_SRTP), List.of(CALLS, SESSION_KEYS, MEDIA_SRTP, AUDIT_EVENTS), List.of()),
    /** The only one who reads sealed session keys. */
    DECRYPT_WORKER(
            "decrypt-worker",
            List.of(SESSION_KEYS, MEDIA_SRTP),
            List.of(MEDIA_FRAMES, MEDIA_REJECTED, AUDIT_EVENTS),
            List.of("hansard-decrypt-worker")),
    /** Writes tombstones for session keys. */
    TRANSCODE(
            "transcode",
            List.of(CALLS, MEDIA_FRAMES, RECORDING_ARTIFACTS, RECORDING_ORDERS),
            List.of(SESSION_KEYS, MEDIA_SPEECH, RECORDING_ARTIFACTS, AUDIT_EVENTS),
            List.of("hansard-transcode-assembly")),
    /** Reads back what it wrote of a track before a restart. */
    TRANSCRIBE(
            "transcribe",
            List.of(MEDIA_SPEECH, TRANSCRIPTS),
            List.of(TRANSCRIPTS, RECORDING_ARTIFACTS, AUDIT_EVENTS),
            List.of()),
    INDEX(
            "index",
            List.of(CALLS, MEDIA_REJECTED, TRANSCRIPTS, RECORDING_ARTIFACTS, RETENTION_ORDERS),
            List.of(RECORDING_ORDERS, RETENTION_RECEIPTS, AUDIT_EVENTS),
            List.of()),
    /** Writes tombstones for session keys; alone reads the audit. */
    RETENTION(
            "retention",
            List.of(CALLS, RECORDING_ARTIFACTS, RETENTION_ORDERS, RETENTION_RECEIPTS, AUDIT_EVENTS),
            List.of(SESSION_KEYS, RETENTION_ORDERS, RETENTION_RECEIPTS, AUDIT_EVENTS),
            List.of("hansard-retention")),
    /** Makes topics and rules. A super user of the cluster: its certificate is for set-up, and no stage has it. */
    ADMIN("admin", List.of(), List.of(), List.of());

    /** The stages' roles, in the order of the data. */
    public static final List<Role> STAGES = List.of(INGEST, DECRYPT_WORKER, TRANSCODE, TRANSCRIBE, INDEX, RETENTION);

    private final String label;
    private final List<String> reads;
    private final List<String> writes;
    private final List<String> applications;

    Role(String label, List<String> reads, List<String> writes, List<String> applications) {
        this.label = label;
        this.reads = reads;
        this.writes = writes;
        this.applications = applications;
    }

    /** The name in file names and settings, that of the stage. */
    public String label() {
        return label;
    }

    /** Common name of its client certificate. */
    public String commonName() {
        return "hansard-" + label;
    }

    /** As Kafka names the bearer of the certificate. */
    public String principal() {
        return "User:CN=" + commonName();
    }

    public boolean mayRead(String topic) {
        return reads.contains(topic);
    }

    public boolean mayWrite(String topic) {
        return writes.contains(topic);
    }

    /** The topics that the role reads or writes. */
    public Set<String> topics() {
        Set<String> all = new LinkedHashSet<>(reads);
        all.addAll(writes);
        return all;
    }

    /**
     * The rules that give the role its rights. Consumer groups, transactional ids and the inner topics of Kafka Streams are the
     * role's by the prefix of their names.
     */
    public List<AclBinding> rules() {
        List<AclBinding> rules = new ArrayList<>();
        reads.forEach(topic -> rules.add(rule(ResourceType.TOPIC, topic, PatternType.LITERAL, AclOperation.READ)));
        writes.forEach(topic -> rules.add(rule(ResourceType.TOPIC, topic, PatternType.LITERAL, AclOperation.WRITE)));
        if (this != ADMIN) {
            rules.add(rule(ResourceType.GROUP, commonName(), PatternType.PREFIXED, AclOperation.READ));
        }
        for (String application : applications) {
            rules.add(rule(ResourceType.TRANSACTIONAL_ID, application, PatternType.PREFIXED, AclOperation.WRITE));
            for (AclOperation inner : List.of(AclOperation.CREATE, AclOperation.READ, AclOperation.WRITE)) {
                rules.add(rule(ResourceType.TOPIC, application + "-", PatternType.PREFIXED, inner));
            }
        }
        return List.copyOf(rules);
    }

    private AclBinding rule(ResourceType type, String name, PatternType pattern, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(type, name, pattern),
                new AccessControlEntry(principal(), "*", operation, AclPermissionType.ALLOW));
    }
}
