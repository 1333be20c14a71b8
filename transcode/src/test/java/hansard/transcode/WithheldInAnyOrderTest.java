package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.runtime.Json;
import hansard.wire.Artifact;
import hansard.wire.CallEvent;
import hansard.wire.Redaction;
import hansard.wire.StreamAccount;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The assembly of a call of two withheld tracks, whatever comes first and however often: the topics have no order between them, and who is
 * killed says again what it said.
 */
class WithheldInAnyOrderTest {
    private static final Assembly.Awaited AWAITED = new Assembly.Awaited(
            true, true, new SoundPolicy(new SoundPolicy.Wish(SoundPolicy.KEEP_ORIGINAL, "withheld"), Map.of()));
    private static final Artifact.StoredObject OBJECT = new Artifact.StoredObject("default/c/o", "00", 1, "audio/webm");
    private static final Redaction CARD = new Redaction(150, 300, Redaction.Kind.CARD_NUMBER);

    private static Artifact.TrackStored track(String streamId) {
        return new Artifact.TrackStored(
                "default",
                "c",
                5,
                TestMedia.stream("c", streamId, "opus"),
                0,
                StreamAccount.EMPTY,
                100,
                500,
                0,
                OBJECT,
                List.of(),
                true);
    }

    private static Artifact.TranscriptStored transcript(String streamId, List<Redaction> redactions) {
        return new Artifact.TranscriptStored("default", "c", 6, streamId, 0, 1, OBJECT, redactions);
    }

    /** What RedactedTracks answers. */
    private static Artifact.RedactionStored made(Artifact.RedactionDue due) {
        return new Artifact.RedactionStored(
                "default",
                "c",
                7,
                due.track().stream().streamId(),
                0,
                due.policy(),
                due.silent(),
                List.of(new Artifact.Segment("opus", 2, 100, 500, OBJECT, null)),
                "");
    }

    @Test
    void noMixIsOrderedOfWhatNobodyHasLookedAt() {
        for (long seed = 0; seed < 400; seed++) {
            Random random = new Random(seed);
            List<Object> coming = new ArrayList<>(List.of(
                    new CallEvent.StreamAnnounced("a", "default", "c", 1, TestMedia.stream("c", "a", "opus"), ""),
                    new CallEvent.StreamAnnounced("b", "default", "c", 1, TestMedia.stream("c", "b", "opus"), ""),
                    new CallEvent.CallClosed("z", "default", "c", 9, "", List.of("a", "b")),
                    track("a"),
                    track("b"),
                    transcript("a", List.of(CARD)),
                    transcript("b", List.of())));
            for (int i = random.nextInt(4); i > 0; i--) {
                coming.add(coming.get(random.nextInt(coming.size())));
            }
            Collections.shuffle(coming, random);
            List<Artifact.TracksComplete> ordered = run(coming, random);
            assertEquals(1, ordered.size(), "seed " + seed);
        }
    }

    private static List<Artifact.TracksComplete> run(List<Object> coming, Random random) {
        Assembly assembly = Assembly.NEW;
        List<Artifact.TracksComplete> ordered = new ArrayList<>();
        while (!coming.isEmpty()) {
            Object next = coming.removeFirst();
            assembly = next instanceof CallEvent event ? assembly.with(event) : assembly.with((Artifact) next);
            Assembly.Step step = assembly.step("default", "c", AWAITED, 77);
            for (Artifact said : step.says()) {
                coming.add(random.nextInt(coming.size() + 1), said);
                if (said instanceof Artifact.RedactionDue due) {
                    coming.add(random.nextInt(coming.size() + 1), made(due));
                } else if (said instanceof Artifact.TracksComplete complete) {
                    assertEquals(2, complete.redactions().size());
                    assertFalse(complete.redactions().get(0).files().isEmpty(), "of a, on which a card was read out");
                    assertTrue(complete.redactions().get(1).nothingRemoved());
                    ordered.add(complete);
                }
            }
            assembly = Json.read(Json.bytes(step.next()), Assembly.class); // as it is kept
        }
        return ordered;
    }
}
