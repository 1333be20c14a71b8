package hansard.wire;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.KafkaSettings;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;

/** Gives each {@link Role} its rights on a cluster, and takes from it what it has besides. Rules for others are left alone. */
public final class RightsAdmin {
    private static final long WAIT_SECONDS = 30;
    private static final long RETRY_MILLIS = 50;

    private RightsAdmin() {}

    /**
     * What was done.
     *
     * @param granted rules that were not there
     * @param revoked rules of our roles that should not have been there
     */
    public record Change(int granted, int revoked) {}

    /**
     * @param admin of somebody who may alter the cluster
     * @throws HansardException KAFKA_UNAVAILABLE when no broker answers, or none that has an authorizer
     */
    public static Change apply(KafkaSettings admin) {
        Set<AclBinding> wanted =
                Role.STAGES.stream().flatMap(r -> r.rules().stream()).collect(Collectors.toSet());
        Set<String> principals = Role.STAGES.stream().map(Role::principal).collect(Collectors.toSet());
        try (Admin client = Admin.create(admin.common())) {
            Collection<AclBinding> present =
                    client.describeAcls(AclBindingFilter.ANY).values().get(WAIT_SECONDS, TimeUnit.SECONDS);
            Set<AclBinding> ours = present.stream()
                    .filter(rule -> principals.contains(rule.entry().principal()))
                    .collect(Collectors.toSet());
            Set<AclBinding> missing = new HashSet<>(wanted);
            missing.removeAll(ours);
            Set<AclBinding> excess = new HashSet<>(ours);
            excess.removeAll(wanted);
            // first what must not be: between the two steps a role may do too little, never too much
            List<AclBindingFilter> revoked =
                    excess.stream().map(AclBinding::toFilter).toList();
            client.deleteAcls(revoked).all().get(WAIT_SECONDS, TimeUnit.SECONDS);
            client.createAcls(missing).all().get(WAIT_SECONDS, TimeUnit.SECONDS);
            awaitInForce(client, wanted);
            return new Change(missing.size(), excess.size());
        } catch (ExecutionException | TimeoutException e) {
            throw refused(admin, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refused(admin, e);
        }
    }

    /** The controller has them; until the broker has them too, those they are for are refused. */
    private static void awaitInForce(Admin client, Set<AclBinding> wanted)
            throws ExecutionException, TimeoutException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
        while (!client.describeAcls(AclBindingFilter.ANY)
                .values()
                .get(WAIT_SECONDS, TimeUnit.SECONDS)
                .containsAll(wanted)) {
            if (System.nanoTime() > deadline) {
                throw new TimeoutException("the rules are not in force after " + WAIT_SECONDS + " s");
            }
            Thread.sleep(RETRY_MILLIS);
        }
    }

    private static HansardException refused(KafkaSettings admin, Exception e) {
        Throwable why = e.getCause() == null ? e : e.getCause();
        return new HansardException(
                ErrorCode.KAFKA_UNAVAILABLE,
                "Kafka at " + admin.bootstrap() + " does not take the roles' rights: " + why.getMessage()
                        + ". It needs an authorizer (authorizer.class.name), and the admin's certificate among its"
                        + " super.users.",
                e);
    }
}
