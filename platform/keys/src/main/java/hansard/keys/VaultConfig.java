package hansard.keys;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which vault, and who may use it: the one place where a stage gets its vault from.
 *
 * @param directory the track keys, whatever the kind; shared by all workers
 * @param authority the certificate of the organisation's authority; null for the vault's own
 * @param crl its revocation list; null for the vault's own
 * @param crlGrace how long after its next update the list is still believed
 * @param keeper where the lasting keys are
 */
public record VaultConfig(
        Path directory,
        @Nullable Path authority,
        @Nullable Path crl,
        Duration crlGrace,
        KeyGroups groups,
        KeyKeeperConfig keeper) {
    private static final Duration CRL_GRACE = Duration.ofDays(7);

    /** How long the embedded authority's list holds: nobody is there to renew it. */
    private static final Duration EMBEDDED_CRL_VALIDITY = CertificateAuthority.VALIDITY;

    public static VaultConfig embedded(Path directory) {
        return new VaultConfig(
                directory,
                null,
                null,
                CRL_GRACE,
                new KeyGroups(KeyGroups.DEFAULT, java.util.Map.of()),
                new KeyKeeperConfig.Pkcs12());
    }

    /** Reads {@code vault.*}; what is wrong is noted in the settings, for {@link Settings#check()} to report together. */
    public static VaultConfig from(Settings s) {
        Path directory = s.path(
                "vault.directory", s.path("data.directory", Path.of("data")).resolve("vault"));
        String authority = s.optional("vault.ca");
        String crl = s.optional("vault.crl");
        KeyKeeperConfig keeper = KeyKeeperConfig.from(s);
        if ((authority == null) != (crl == null)) {
            s.problem("vault.ca", "and vault.crl go together: without its list nobody knows what was revoked");
        }
        if (authority == null && !(keeper instanceof KeyKeeperConfig.Pkcs12)) {
            s.problem("vault.ca", "must be set for this vault.kind: its identity is issued by an authority elsewhere");
        }
        return new VaultConfig(
                directory,
                authority == null ? null : Path.of(authority),
                crl == null ? null : Path.of(crl),
                s.duration("vault.crl-grace", CRL_GRACE),
                new KeyGroups(s.string("vault.group", KeyGroups.DEFAULT), s.below("vault.groups")),
                keeper);
    }

    /**
     * Opens the vault.
     *
     * @param stage for the audit
     * @param refusals told of every try that the authorisation ends
     * @throws HansardException VAULT_UNAVAILABLE, or BAD_CONFIGURATION when there is no identity to work with
     */
    public Vault open(String stage, InstantSource clock, RefusalSink refusals) {
        try {
            OwnerFiles.createDirectories(directory);
            WorkerPermits permits = permits(clock);
            KeyKeeper keys = OwnerFiles.locked(TrackKeys.lock(directory), () -> {
                if (keeper instanceof KeyKeeperConfig.Pkcs12) {
                    prepareEmbedded(clock);
                }
                return keeper.open(directory);
            });
            try {
                KeyGroupMembers members = new KeyGroupMembers(directory, permits);
                members.join(keys.identities());
                members.recipients();
                return new DirectoryVault(directory, keys, permits, members, stage, refusals, clock);
            } catch (IOException | RuntimeException e) {
                keys.close();
                throw e;
            }
        } catch (IOException e) {
            throw DirectoryVault.unavailable(directory, e);
        }
    }

    /** Wraps all track keys with a new key, while calls go on. */
    public Rotation rotateWrappingKey(InstantSource clock) {
        return changed(change -> change.rotate(clock));
    }

    /**
     * Drops, for good, the wrapping keys from before the last rotation, while calls go on. Then a copy of track keys that was made
     * before the last rotation opens nothing.
     *
     * @param age how long ago the last rotation must have ended
     * @param announce told which is kept, when nothing is in the way and before anything is dropped; what it throws ends this
     * @throws HansardException CONFLICT when one of them may still be needed, NOT_AUTHENTIC when a track key is damaged
     */
    public Retirement retireWrappingKeys(Duration age, InstantSource clock, Consumer<String> announce) {
        return changed(change -> change.retire(age, clock, announce));
    }

    /** Those that have track keys here, or had. */
    public List<String> tenants() {
        Path all = directory.resolve(TrackKeys.FOLDER);
        if (!Files.isDirectory(all)) {
            return List.of();
        }
        try (Stream<Path> tenants = Files.list(all)) {
            return tenants.map(tenant -> String.valueOf(tenant.getFileName()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw DirectoryVault.unavailable(directory, e);
        }
    }

    private interface Change<T> {
        T apply(WrappingChange change) throws IOException;
    }

    private <T> T changed(Change<T> change) {
        if (!Files.exists(TrackKeys.lock(directory))) {
            throw new HansardException(
                    ErrorCode.BAD_CONFIGURATION,
                    directory.toAbsolutePath()
                            + " is no vault's directory: is it mounted, and is vault.directory right?");
        }
        try (KeyKeeper keys = keeper.open(directory)) {
            return change.apply(new WrappingChange(directory, keys));
        } catch (IOException e) {
            throw DirectoryVault.unavailable(directory, e);
        }
    }

    /** The directory of the vault's own authority. */
    public Path embeddedAuthority() {
        return directory.resolve("ca");
    }

    private WorkerPermits permits(InstantSource clock) {
        return new WorkerPermits(
                authority == null ? embeddedAuthority().resolve("ca.pem") : authority,
                crl == null ? embeddedAuthority().resolve("crl.pem") : crl,
                groups,
                crlGrace,
                clock);
    }

    /** The first start: an authority and an identity of its own, unless the organisation has one. */
    private void prepareEmbedded(InstantSource clock) throws IOException {
        boolean present = Pkcs12Keys.existsIn(directory);
        if (authority != null) {
            if (!present) {
                throw new HansardException(
                        ErrorCode.BAD_CONFIGURATION,
                        "the vault in " + directory.toAbsolutePath()
                                + " has no identity yet, and vault.ca is set: where the authority is, issue one with"
                                + " 'hansard keys issue --ca DIR --config FILE --subject CN=NAME', FILE being this worker's settings");
            }
            return;
        }
        if (present && CertificateAuthority.existsIn(embeddedAuthority())) {
            return;
        }
        CertificateAuthority own = CertificateAuthority.openOrCreate(
                embeddedAuthority(), "CN=Hansard embedded authority", EMBEDDED_CRL_VALIDITY, clock);
        IssuedIdentity identity =
                own.issue(workerRequest("CN=hansard-worker", Set.of(groups.common()), CertificateAuthority.VALIDITY));
        if (present) { // made before vaults had an authority: its identity is nobody's
            Pkcs12Keys.addIdentity(directory, identity);
        } else {
            Pkcs12Keys.make(directory, identity);
        }
    }

    /** What a worker's certificate says. */
    public static CertificateRequest workerRequest(String subject, Set<String> groups, Duration validity) {
        return new CertificateRequest(
                subject,
                List.of(),
                List.of(),
                groups.stream().map(KeyGroups::uri).sorted().toList(),
                Set.of(CertificateRequest.Usage.OPEN_SESSION_KEYS, CertificateRequest.Usage.SIGN),
                validity);
    }
}
