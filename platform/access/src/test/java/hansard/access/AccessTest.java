package hansard.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class AccessTest {
    private static final Caller ANNA =
            new Caller("acme", "anna", "Anna Ek", Set.of(Role.COMPLIANCE_OFFICER), List.of("trading"));
    private static final Caller BEN = new Caller("acme", "ben", "Ben Oy", Set.of(Role.KNOWLEDGE_WORKER), List.of());

    @TempDir
    Path directory;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-23T10:00:00Z"));
    private Access access;

    @BeforeEach
    void open() {
        access = Access.open(directory, now::get);
        access.putUser(ANNA, "anna's: password ä");
        access.putUser(BEN, "ben");
    }

    private static String refused(ErrorCode code, Executable action) {
        HansardException refusal = assertThrows(HansardException.class, action);
        assertEquals(code, refusal.code(), refusal.getMessage());
        return String.valueOf(refusal.getMessage());
    }

    private static String basic(String user, String password) {
        return "Basic " + Base64.getEncoder().encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
    }

    private Caller who(@Nullable String authorization) {
        return access.authenticate(Credentials.of(authorization, List.of()), null);
    }

    private Caller localAs(@Nullable String user) {
        return access.authenticate(
                Credentials.of("Bearer " + access.localToken().reveal(), List.of()), user);
    }

    @Test
    void aPasswordSaysWhoItIs() {
        assertEquals(ANNA, who(basic("anna", "anna's: password ä")));
        assertEquals(ANNA, who(basic("anna", "anna's: password ä"))); // remembered
        refused(ErrorCode.UNAUTHENTICATED, () -> who(basic("anna", "anna's: password a")));
        refused(ErrorCode.UNAUTHENTICATED, () -> who(basic("anna", "")));
        refused(ErrorCode.UNAUTHENTICATED, () -> who(basic("ben", "anna's: password ä")));
    }

    @Test
    void anUnknownUserIsRefusedWithTheSameWords() {
        String wrong = refused(ErrorCode.UNAUTHENTICATED, () -> access.login("anna", "wrong"));
        assertEquals(wrong, refused(ErrorCode.UNAUTHENTICATED, () -> access.login("nobody", "wrong")));
    }

    @Test
    void aSessionHoldsForTwelveHours() {
        String token = access.login("ben", "ben");
        assertEquals(BEN, who("Bearer " + token));
        now.updateAndGet(t -> t.plus(Duration.ofHours(12)).minusSeconds(1));
        assertEquals(BEN, who("bearer " + token));
        now.updateAndGet(t -> t.plusSeconds(1));
        refused(ErrorCode.UNAUTHENTICATED, () -> who("Bearer " + token));
    }

    @Test
    void aForgedSessionIsRefused() {
        String token = access.login("ben", "ben");
        String mac = token.substring(token.indexOf('.') + 1);
        String anna = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"user\":\"anna\",\"expires\":99999999999}".getBytes(StandardCharsets.UTF_8));
        for (String forged : List.of(
                anna + "." + mac,
                anna + ".",
                anna,
                "." + mac,
                "",
                ".",
                "x".repeat(5000) + ".x",
                token + "A",
                "bnVsbA.AAAA")) {
            refused(ErrorCode.UNAUTHENTICATED, () -> who("Bearer " + forged));
        }
        for (int i = 0; i < token.length(); i++) {
            char other = token.charAt(i) == 'A' ? 'B' : 'A';
            String altered = token.substring(0, i) + other + token.substring(i + 1);
            // the last character of base64 may hold bits of no meaning
            if (i != token.length() - 1) {
                refused(ErrorCode.UNAUTHENTICATED, () -> who("Bearer " + altered));
            }
        }
    }

    @Test
    void aNewPasswordEndsTheSessionsOfTheOld() {
        String token = access.login("ben", "ben");
        access.putUser(BEN, "new");
        refused(ErrorCode.UNAUTHENTICATED, () -> who("Bearer " + token));
        refused(ErrorCode.UNAUTHENTICATED, () -> who(basic("ben", "ben")));
        assertEquals(BEN, who(basic("ben", "new")));
    }

    @Test
    void aSessionMayComeAsACookie() {
        String token = access.login("ben", "ben");
        for (String cookie : List.of(
                "hansard_session=" + token,
                "a=b; hansard_session=\"" + token + "\"; c",
                " hansard_session = " + token)) {
            assertEquals(BEN, access.authenticate(Credentials.of(null, List.of("x=y", cookie)), null));
        }
        refused(
                ErrorCode.UNAUTHENTICATED,
                () -> access.authenticate(
                        Credentials.of(null, List.of("xhansard_session=" + token, "hansard_session")), null));
    }

    @Test
    void strangeAuthorizationIsRefused() {
        for (String strange : List.of("", "Basic", "Basic !", "Basic YQ==", "Digest x", "Bearer", "Bearer  ")) {
            refused(ErrorCode.UNAUTHENTICATED, () -> who(strange));
        }
        refused(ErrorCode.UNAUTHENTICATED, () -> who(null));
    }

    @Test
    void theLocalTokenActsAsAnyUserOrAsItself() {
        assertEquals(ANNA.byLocalToken(), localAs("anna"));
        assertEquals("local as anna", localAs("anna").actor(), "the audit names both");
        assertEquals("anna", ANNA.actor());
        Caller local = localAs(null);
        assertEquals("local", local.actor());
        assertEquals("default", local.tenant());
        assertEquals(EnumSet.allOf(Role.class), local.roles());
        String message = refused(ErrorCode.FORBIDDEN, () -> localAs("carla"));
        assertTrue(message.contains("'carla'") && message.contains("hansard users"), message);
        assertFalse(refused(ErrorCode.FORBIDDEN, () -> localAs("a\nb")).contains("\n"));
    }

    @Test
    void nobodyElseActsAsAnother() {
        String token = access.login("anna", "anna's: password ä");
        for (String authorization : List.of("Bearer " + token, basic("anna", "anna's: password ä"))) {
            refused(ErrorCode.FORBIDDEN, () -> access.authenticate(Credentials.of(authorization, List.of()), "ben"));
        }
        refused(ErrorCode.UNAUTHENTICATED, () -> access.authenticate(Credentials.of("Bearer wrong", List.of()), "ben"));
    }

    @Test
    void aRoleIsNeeded() {
        assertEquals(ANNA, Access.withRole(ANNA, Role.OPERATOR, Role.COMPLIANCE_OFFICER));
        String message =
                refused(ErrorCode.FORBIDDEN, () -> Access.withRole(BEN, Role.OPERATOR, Role.COMPLIANCE_OFFICER));
        assertTrue(message.contains("operator or compliance-officer"), message);
    }

    @Test
    void everyProcessSeesTheSameSecretsAndChanges() {
        Access other = Access.open(directory, now::get);
        assertEquals(access.localToken().reveal(), other.localToken().reveal());
        assertEquals(BEN, other.authenticate(Credentials.of("Bearer " + access.login("ben", "ben"), List.of()), null));
        Caller carla = new Caller("acme", "carla", "Carla", Set.of(Role.CONNECTOR), List.of());
        other.putUser(carla, "c");
        assertEquals(List.of(ANNA, BEN, carla), access.users());
        assertEquals(carla, who(basic("carla", "c")));
    }

    @Test
    void aUserOfAnotherTenantIsNotReplaced() {
        Caller thief = new Caller("other", "anna", "Anna Two", Set.of(Role.COMPLIANCE_OFFICER), List.of());
        refused(ErrorCode.CONFLICT, () -> access.putUser(thief, "x"));
        refused(ErrorCode.BAD_REQUEST, () -> access.putUser(new Caller("acme", "a:b", "", Set.of(), List.of()), "x"));
        refused(ErrorCode.BAD_REQUEST, () -> access.putUser(new Caller("acme", "local", "", Set.of(), List.of()), "x"));
        refused(ErrorCode.BAD_REQUEST, () -> access.putUser(BEN, ""));
    }

    @Test
    void aBrokenFileStopsTheStartAndIsPassedOverLater() throws IOException {
        Path users = directory.resolve("users.json");
        Files.writeString(users, "{\"users\":[{\"tenant\":\"acme\"");
        assertEquals(List.of(ANNA, BEN), access.users());
        String message = refused(ErrorCode.BAD_CONFIGURATION, () -> Access.open(directory));
        assertTrue(message.contains(users.toString()), message);
        Files.writeString(users, "{\"users\":[{\"tenant\":\"acme\",\"user\":\"dan\",\"roles\":[\"operator\"]}]}");
        assertEquals(List.of(new Caller("acme", "dan", "dan", Set.of(Role.OPERATOR), List.of())), access.users());
        refused(ErrorCode.UNAUTHENTICATED, () -> access.login("dan", "")); // has no password, so no password holds
        refused(ErrorCode.UNAUTHENTICATED, () -> access.login("dan", "x"));
    }

    @Test
    void onlyTheOwnerMayReadTheFilesAndNoPasswordIsInThem() throws IOException {
        Path fresh = directory.resolve("deep/access");
        Access.open(fresh).putUser(ANNA, "anna's: password ä");
        try (var files = Files.walk(fresh)) {
            for (Path file : files.toList()) {
                boolean isDirectory = Files.isDirectory(file);
                assertEquals(
                        isDirectory ? "rwx------" : "rw-------",
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
                assertFalse(!isDirectory && Files.readString(file).contains("password ä"), file.toString());
            }
        }
    }

    @Test
    void nothingPrintsASecret() {
        String token = access.login("ben", "ben");
        for (Object printed : List.of(
                access.localToken(),
                Credentials.of("Bearer " + token, List.of()),
                Credentials.of(basic("ben", "secret word"), List.of()),
                PasswordHash.of("secret word"))) {
            assertFalse(printed.toString().contains(token), printed.toString());
            assertFalse(printed.toString().contains("secret word"), printed.toString());
        }
        assertNotEquals(access.toString(), access.localToken().reveal());
    }

    @Test
    void aCallIsSeenByThoseWhoMay() {
        assertTrue(ANNA.maySee("acme", "trading", Set.of()));
        assertFalse(ANNA.maySee("acme", "sales", Set.of("anna")));
        assertFalse(ANNA.maySee("other", "trading", Set.of("anna")));
        assertTrue(BEN.maySee("acme", "trading", Set.of("anna", "ben")));
        assertFalse(BEN.maySee("acme", "trading", Set.of("anna")));
    }
}
