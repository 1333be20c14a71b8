package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.wire.Artifact;
import hansard.wire.CallEvent;
import hansard.wire.CallEvent.Change;
import hansard.wire.Completeness;
import hansard.wire.Completeness.Reason;
import hansard.wire.Completeness.Span;
import hansard.wire.Completeness.State;
import hansard.wire.Frame;
import hansard.wire.MediaKind;
import hansard.wire.Observation;
import hansard.wire.Octets;
import hansard.wire.Redaction;
import hansard.wire.RejectReason;
import hansard.wire.StreamAccount;
import hansard.wire.StreamDescription;
import hansard.wire.TrackCoverage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** What is said of a call's time, given what arrived and what was announced. Seconds are of the call. */
class ReconciliationTest {
    private static final long START = TestMedia.EPOCH_MICROS;
    private static final int LOUD = 20;
    private static final int QUIET = 90;

    private final List<CallEvent> history = new ArrayList<>();
    private final List<Artifact> parts = new ArrayList<>();
    private final Map<String, TrackCoverage> coverages = new HashMap<>();
    private int events;

    private static long at(double seconds) {
        return START + Math.round(seconds * 1e6);
    }

    private String id() {
        return "e" + events++;
    }

    private void joined(String participant, double seconds) {
        history.add(new CallEvent.ParticipantJoined(id(), "default", "c", at(seconds), participant, participant, ""));
    }

    private StreamDescription announced(String streamId, String codec, double seconds) {
        StreamDescription stream = TestMedia.stream("c", streamId, codec);
        history.add(new CallEvent.StreamAnnounced(id(), "default", "c", at(seconds), stream, ""));
        return stream;
    }

    private void closed(double seconds) {
        history.add(new CallEvent.CallClosed(id(), "default", "c", at(seconds), "over", List.of()));
    }

    private void changed(String streamId, Change change, double seconds) {
        history.add(new CallEvent.ParticipantChanged(
                id(), "default", "c", at(seconds), "participant-of-" + streamId, change, null));
    }

    /** A sender of 20 ms packets, of which some are lost. */
    private final class Sender {
        private final StreamDescription stream;
        private final CoverageLog log;
        private long sequence = 1;
        private long lastMedia;
        private long timestamp;
        private long lost;
        private long sent;
        private boolean gap;
        private long firstLost;

        Sender(StreamDescription stream) {
            this.stream = stream;
            this.log = new CoverageLog(stream);
        }

        Sender speaks(double from, double to, int level) {
            for (long t = at(from); t < at(to); t += 20_000) {
                if (gap) {
                    log.observed(List.of(new Observation.Missing(0, firstLost, sequence - 1, lastMedia, t + 3_000)));
                    gap = false;
                }
                log.sound(frame(t), 20_000, level);
                lastMedia = t;
                sequence++;
                sent++;
                timestamp += 960;
            }
            return this;
        }

        /** Its packets were sent and did not arrive. */
        Sender loses(int packets) {
            firstLost = gap ? firstLost : sequence;
            gap = true;
            sequence += packets;
            timestamp += 960L * packets;
            lost += packets;
            return this;
        }

        Sender sendsNothingFor(double seconds) { // DTX: the timestamp runs on
            timestamp += Math.round(seconds * 48_000);
            return this;
        }

        private Frame frame(long mediaMicros) {
            return new Frame(mediaMicros, timestamp, mediaMicros, 1, true, false, -1, Octets.of(new byte[40]));
        }

        void ends(double seconds, StreamAccount account) {
            coverages.put(stream.streamId(), log.finish(stream.streamId(), 0, at(seconds), Map.of(), log.mended(0, 0)));
            parts.add(new Artifact.TrackStored(
                    "default",
                    "c",
                    1,
                    stream,
                    0,
                    account,
                    START,
                    1,
                    0,
                    new Artifact.StoredObject("default/c/" + stream.streamId(), "00", 1, "audio/webm")));
        }

        void ends(double seconds) {
            ends(seconds, new StreamAccount(sent, sent, Map.of(), 0, sent + lost, lost));
        }
    }

    private void empty(StreamDescription stream, StreamAccount account, String reason) {
        parts.add(new Artifact.TrackEmpty("default", "c", 1, stream, 0, account, reason));
    }

    private Completeness stated() {
        Completeness stated = new Reconciliation(
                        new Artifact.PartsComplete("default", "c", 1, 0, history, parts), coverages)
                .completeness(2);
        assertEquals(List.of(), stated.faults());
        assertEquals(stated, Completeness.fromBytes(stated.toBytes()));
        return stated;
    }

    private static List<String> told(Completeness.TrackTime track) {
        return track.spans().stream()
                .map(s -> s.reason() + " " + (s.startMicros() - START) / 1_000 + "-" + (s.endMicros() - START) / 1_000)
                .toList();
    }

    private static Span first(Completeness.TrackTime track, Reason reason) {
        return track.spans().stream()
                .filter(s -> s.reason() == reason)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no span of " + reason + " in " + told(track)));
    }

    @Test
    void aTrackWithoutAnythingAmissIsComplete() {
        Sender sender = new Sender(announced("a", "opus", -0.2));
        sender.speaks(0, 2, LOUD).speaks(2, 5, QUIET).ends(5);
        closed(5.1);
        Completeness stated = stated();
        assertEquals(
                List.of("SPEECH 0-2500", "SILENCE 2500-5000"),
                told(stated.tracks().getFirst()));
        assertEquals("complete", stated.verdict().sentence());
        assertEquals(1000, stated.verdict().percentCaptured());
        assertEquals(State.COMPLETE, stated.verdict().state());
    }

    @Test
    void whatIsLostIsToldWithItsNumbersAndItsTime() {
        Sender sender = new Sender(announced("a", "opus", 0));
        sender.speaks(0, 2, LOUD)
                .loses(50)
                .speaks(3, 4, LOUD)
                .loses(1)
                .speaks(4.02, 5, LOUD)
                .ends(5);
        closed(5);
        Completeness stated = stated();
        Completeness.TrackTime track = stated.tracks().getFirst();
        assertEquals(
                List.of("SPEECH 0-2000", "LOST 2000-3000", "SPEECH 3000-4000", "LOST 4000-4020", "SPEECH 4020-5000"),
                told(track));
        Span lost = first(track, Reason.LOST);
        assertEquals(List.of(50L, 101L, 150L), List.of(lost.lost(), lost.fromSequence(), lost.toSequence()));
        assertEquals("complete but for 1.0 s lost in 2 gaps", stated.verdict().sentence());
        assertEquals(1_000_000, stated.verdict().longestGapMicros());
        assertEquals(796, stated.verdict().percentCaptured());
    }

    @Test
    void aPacketThatCameAfterAllIsNotLost() {
        CoverageLog log = new CoverageLog(TestMedia.stream("c", "a", "opus"));
        log.observed(List.of(new Observation.Missing(0, 10, 14, 0, 1), new Observation.Found(0, 12)));
        log.observed(List.of(new Observation.Found(0, 14), new Observation.Found(1, 10), new Observation.Found(0, 99)));
        assertEquals(
                List.of("10-11", "13-13"),
                log.finish("a", 0, 5, Map.of(), log.mended(0, 0)).losses().stream()
                        .map(l -> l.fromSequence() + "-" + l.toSequence())
                        .toList());
    }

    /** Of a sender who is too fast, or what a network held for too long. */
    @Test
    void whatArrivedAndHasNoPlaceInTimeIsNoneOfTheRecording() {
        Sender sender = new Sender(announced("a", "opus", 0)).speaks(0, 2, LOUD).loses(50);
        sender.speaks(3, 4, LOUD);
        sender.log.observed(List.of(new Observation.Found(0, 101), new Observation.Found(0, 102)));
        sender.log.late(sender.frame(at(2.003)));
        sender.log.late(sender.frame(at(2.023)));
        for (int i = 0; i < 25; i++) { // half a second once more, where there is sound
            sender.log.unplaced(sender.frame(at(3 + i * 0.02)), 20_000);
        }
        sender.log.trimmed(10_000);
        sender.ends(4, new StreamAccount(152, 152, Map.of(), 0, 200, 48));
        closed(4);
        Completeness stated = stated();
        Completeness.TrackTime track = stated.tracks().getFirst();
        assertEquals(
                "complete but for 1.0 s lost in 1 gap and 540 ms that arrived and has no place in time",
                stated.verdict().sentence());
        assertEquals(540_000, track.verdict().unplacedMicros());
        assertEquals(1_540_000, track.verdict().missedMicros());
        assertEquals(State.GAPS, track.verdict().state());
        assertEquals(27, track.spans().stream().mapToLong(Span::unplaced).sum());
        assertEquals(10_000, track.mended().trimmedMicros());
    }

    @Test
    void whatComesTooLateInAHoleIsTheHolesReason() {
        Sender sender = new Sender(announced("a", "opus", 0)).speaks(0, 2, LOUD);
        sender.log.observed(List.of(new Observation.Missing(0, 101, 110, at(1.98), at(2.2))));
        sender.sendsNothingFor(0.2).speaks(2.2, 3, LOUD);
        for (int i = 0; i < 10; i++) {
            sender.log.observed(List.of(new Observation.Found(0, 101 + i)));
            sender.log.late(sender.frame(at(2 + i * 0.02)));
        }
        sender.ends(3);
        closed(3);
        Completeness.TrackTime track = stated().tracks().getFirst();
        assertEquals(List.of("SPEECH 0-2000", "UNPLACED 2000-2200", "SPEECH 2200-3000"), told(track));
        assertEquals(
                "complete but for 200 ms that arrived and has no place in time",
                track.verdict().sentence());
        assertEquals(1, track.verdict().gaps());
    }

    @Test
    void silenceThatIsNotSentIsSilenceAndAClockThatStandsStillIsAMute() {
        Sender sender = new Sender(announced("a", "opus", 0));
        sender.speaks(0, 1, QUIET).sendsNothingFor(0.38).speaks(1.38, 2, QUIET); // DTX
        sender.speaks(5, 6, LOUD).ends(6); // three seconds later, with the next timestamp
        closed(6);
        Completeness.TrackTime track = stated().tracks().getFirst();
        assertEquals(List.of("SILENCE 0-2000", "MUTED 2000-5000", "SPEECH 5000-6000"), told(track));
        assertEquals("complete", track.verdict().sentence());
        assertEquals(List.of("muted without the media server saying so"), track.findings());
    }

    @Test
    void aMuteByTheMediaServerIsToldFromALossByTheSamePersonsOtherMedia() {
        Sender audio = new Sender(announced("a", "opus", 0));
        audio.speaks(0, 2, LOUD).loses(150).speaks(5, 6, LOUD).ends(6);
        StreamDescription video = new StreamDescription(
                "v",
                "c",
                "default",
                "participant-of-a",
                MediaKind.VIDEO,
                "vp8",
                90_000,
                0,
                Map.of(),
                Map.of(),
                StreamDescription.Srtp.fresh("AES_CM_128_HMAC_SHA1_80"),
                null,
                0,
                false,
                "",
                "");
        history.add(new CallEvent.StreamAnnounced(id(), "default", "c", at(0), video, ""));
        CoverageLog pictures = new CoverageLog(video);
        for (long t = at(0); t <= at(6); t += 100_000) {
            pictures.picture(new Frame(t, (t - START) * 9 / 100, t, 1, true, false, -1, Octets.of(new byte[9])));
        }
        coverages.put("v", pictures.finish("v", 0, at(6), Map.of(), pictures.mended(0, 0)));
        parts.add(new Artifact.TrackUnopened(
                "default", "c", 1, video, 0, new StreamAccount(61, 61, Map.of(), 0, 61, 0), START, 1, 0));
        closed(6);
        Completeness stated = stated();
        assertEquals(
                List.of("SPEECH 0-2000", "MUTED 2000-5000", "SPEECH 5000-6000"),
                told(stated.tracks().getFirst()));
        assertEquals(150, first(stated.tracks().getFirst(), Reason.MUTED).lost());
        assertEquals(List.of("PICTURE 0-6000"), told(stated.tracks().get(1)));
    }

    @Test
    void anAnnouncedMuteIsToldAndSpeechDuringItIsAFinding() {
        Sender sender = new Sender(announced("a", "opus", 0));
        sender.speaks(0, 2, LOUD).speaks(2, 6, QUIET).speaks(6, 8, LOUD).ends(8);
        changed("a", Change.MUTED, 2);
        changed("a", Change.UNMUTED, 7.5);
        closed(8);
        Completeness.TrackTime track = stated().tracks().getFirst();
        assertEquals(List.of("SPEECH 0-2500", "MUTED 2500-6000", "SPEECH 6000-8000"), told(track));
        assertEquals("announced by the media server", first(track, Reason.MUTED).detail());
        assertEquals(List.of("announced as muted, but spoke for 1.5 s"), track.findings());
    }

    @Test
    void aPauseSaysWhoAndWhyAndIsNoLoss() {
        StreamDescription stream = announced("a", "opus", 0);
        Sender sender = new Sender(stream);
        sender.speaks(0, 2, LOUD);
        sender.log.observed(
                List.of(new Observation.Paused(at(2.03), at(5), 147), new Observation.Paused(at(2.03), at(5), 2)));
        sender.timestamp += 3 * 48_000;
        sender.speaks(5.02, 6, LOUD)
                .ends(6, new StreamAccount(149 + sender.sent + 49, sender.sent + 49, Map.of(), 0, 149, 0, 149));
        history.add(new CallEvent.RecordingPaused(id(), "default", "c", at(2.01), "anna", "card number"));
        history.add(new CallEvent.RecordingResumed(id(), "default", "c", at(5.01), "anna"));
        closed(6);
        Completeness stated = stated();
        Completeness.TrackTime track = stated.tracks().getFirst();
        Span pause = first(track, Reason.PAUSED);
        assertEquals("card number, by anna", pause.detail());
        assertEquals(149, pause.packets());
        assertEquals("complete; 3.0 s paused by policy", stated.verdict().sentence());
        assertTrue(track.spans().stream().noneMatch(s -> s.reason() == Reason.LOST), told(track)::toString);
    }

    @Test
    void whatIsTakenOutOfTheSoundHasItsReasonAndIsNotMissing() {
        new Sender(announced("a", "opus", 0)).speaks(0, 6, LOUD).ends(6);
        parts.add(new Artifact.RedactionStored(
                "default",
                "c",
                1,
                "a",
                0,
                "keep-original",
                List.of(
                        new Redaction(at(2), at(3), Redaction.Kind.CARD_NUMBER),
                        new Redaction(at(5), at(9), Redaction.Kind.UNHEARD)),
                List.of(),
                ""));
        closed(6);
        Completeness stated = stated();
        Span card = first(stated.tracks().getFirst(), Reason.REDACTED);
        assertEquals(at(2), card.startMicros());
        assertEquals(at(3), card.endMicros());
        assertEquals("card number, by policy keep-original", card.detail());
        assertEquals("complete; 2.0 s redacted by policy", stated.verdict().sentence());
        assertEquals(List.of(), stated.faults());
    }

    @Test
    void aTrackThatStaysWithheldIsAFinding() {
        new Sender(announced("a", "opus", 0)).speaks(0, 2, LOUD).ends(2);
        parts.add(new Artifact.RedactionStored(
                "default", "c", 1, "a", 0, "keep-original", List.of(), List.of(), "it could not be made"));
        closed(2);
        assertEquals(
                List.of("withheld: it could not be made"),
                stated().tracks().getFirst().findings());
    }

    @Test
    void aPauseThatNobodyEndedIsAFinding() {
        new Sender(announced("a", "opus", 0)).speaks(0, 2, LOUD).ends(2);
        history.add(new CallEvent.RecordingPaused(id(), "default", "c", at(2), "anna", "card number"));
        closed(2);
        assertEquals(List.of("paused by anna and not resumed before the call ended"), stated().findings());
    }

    @Test
    void aCallOfWhichNothingCameSaysWhyNot() {
        closed(0);
        assertEquals(
                "nothing captured: no stream was ever announced",
                stated().verdict().sentence());

        history.clear();
        joined("bob", 0);
        StreamDescription audio = announced("a", "opus", 0);
        StreamDescription video = announced("v", "vp8", 0.1);
        empty(audio, StreamAccount.EMPTY, "no datagram arrived");
        empty(video, StreamAccount.EMPTY, "no datagram arrived");
        closed(30);
        Completeness stated = stated();
        assertEquals(
                "nothing captured: no packet ever arrived for 2 of 2 streams",
                stated.verdict().sentence());
        assertEquals(State.NOTHING, stated.verdict().state());
        assertEquals(0, stated.verdict().percentCaptured());
        assertEquals(List.of("NOTHING 0-30000"), told(stated.tracks().getFirst()));
        assertEquals(
                List.of("announced, and never a packet"),
                stated.tracks().getFirst().findings());
        assertEquals(List.of("bob joined, and no stream of theirs was ever announced"), stated.findings());
    }

    @Test
    void packetsWithoutAKeyAreRejectedTimeNotNothing() {
        StreamDescription stream = announced("a", "opus", 0);
        CoverageLog log = new CoverageLog(stream);
        for (int i = 0; i < 100; i++) {
            log.observed(
                    List.of(new Observation.Refused(RejectReason.NO_KEY, 10, at(1 + i * 0.2), at(1 + i * 0.2 + 0.18))));
        }
        coverages.put("a", log.finish("a", 0, at(22), Map.of(), log.mended(0, 0)));
        empty(stream, new StreamAccount(1_000, 0, Map.of(RejectReason.NO_KEY, 1_000L), 0, 0, 0), "no key");
        closed(22);
        Completeness stated = stated();
        assertEquals(
                List.of("NOTHING 0-1000", "REJECTED 1000-20980", "NOTHING 20980-22000"),
                told(stated.tracks().getFirst()));
        assertEquals(
                "nothing captured: 1000 packets rejected, the session key did not open for 1 of 1 stream",
                stated.verdict().sentence());
        assertEquals(1_000, first(stated.tracks().getFirst(), Reason.REJECTED).packets());
    }

    @Test
    void whoCameLaterAndLeftEarlierIsAbsentAndWhatCameAfterwardsIsAFinding() {
        new Sender(announced("a", "opus", 0)).speaks(0, 20, LOUD).ends(20);
        joined("participant-of-b", 5);
        Sender late = new Sender(announced("b", "opus", 5));
        late.speaks(5.5, 12, LOUD).ends(20);
        history.add(new CallEvent.ParticipantLeft(id(), "default", "c", at(10), "participant-of-b"));
        closed(20);
        Completeness stated = stated();
        assertEquals(
                List.of("ABSENT 0-5000", "NOTHING 5000-5500", "SPEECH 5500-12000", "ABSENT 12000-20000"),
                told(stated.tracks().get(1)));
        assertEquals("complete", stated.tracks().get(1).verdict().sentence());
        assertEquals(
                List.of("packets came for 1.0 s after the participant was said to have left"),
                stated.tracks().get(1).findings());
    }

    @Test
    void mediaThatCameLongAfterItWasAnnouncedLeavesAGap() {
        new Sender(announced("a", "opus", -60)).speaks(0, 10, LOUD).ends(10);
        closed(10);
        Completeness stated = stated();
        assertEquals(
                List.of("NOTHING -60000-0", "SPEECH 0-10000"),
                told(stated.tracks().getFirst()));
        assertEquals(
                "complete but for 1 min in which nothing came", stated.verdict().sentence());
    }

    /** Whatever happens and whatever is said: each moment has one reason, and every lost packet is in a span. */
    @Property(tries = 400)
    void spansAreExhaustiveAndDisjointForAnyHistory(@ForAll long seed) {
        ReconciliationTest call = new ReconciliationTest();
        call.anything(new Random(seed));
        call.stated();
    }

    private void anything(Random random) {
        int streams = random.nextInt(4);
        for (int s = 0; s < streams; s++) {
            String id = "s" + s;
            StreamDescription stream = announced(id, random.nextInt(4) == 0 ? "vp8" : "opus", anytime(random));
            for (int i = random.nextInt(8); i > 0; i--) {
                joined("participant-of-" + id, anytime(random));
                changed(id, Change.values()[random.nextInt(Change.values().length)], anytime(random));
            }
            if (random.nextInt(5) == 0) {
                empty(stream, StreamAccount.EMPTY, "no datagram arrived");
            } else {
                sends(new Sender(stream), random);
            }
            if (random.nextBoolean()) {
                history.add(new CallEvent.ParticipantLeft(
                        id(), "default", "c", at(anytime(random)), "participant-of-" + id));
            }
            if (random.nextBoolean()) {
                history.add(new CallEvent.StreamEnded(id(), "default", "c", at(anytime(random)), id, ""));
            }
        }
        for (int i = random.nextInt(5); i > 0; i--) {
            history.add(new CallEvent.RecordingPaused(id(), "default", "c", at(anytime(random)), "x", "y"));
            history.add(new CallEvent.RecordingResumed(id(), "default", "c", at(anytime(random)), "x"));
        }
        closed(anytime(random));
    }

    private static double anytime(Random random) {
        return random.nextInt(-10_000, 70_000) / 1e3;
    }

    private void sends(Sender sender, Random random) {
        double now = anytime(random);
        for (int i = random.nextInt(20); i > 0; i--) {
            double next = now + random.nextInt(1, 3_000) / 1e3;
            switch (random.nextInt(7)) {
                case 0 -> sender.loses(random.nextInt(1, 200));
                case 1 -> sender.sendsNothingFor(next - now);
                case 2 -> sender.log.observed(List.of(new Observation.Paused(at(now), at(next), random.nextInt(200))));
                case 3 ->
                    sender.log.observed(List.of(new Observation.Refused(
                            RejectReason.values()[random.nextInt(RejectReason.values().length)],
                            random.nextInt(1, 50),
                            at(now),
                            at(next))));
                case 4 -> sender.speaks(now, next, random.nextInt(128));
                case 5 -> sender.log.picture(sender.frame(at(now)));
                default -> now = next; // nothing for a while
            }
            now = random.nextInt(10) == 0 ? now - 1 : next;
        }
        sender.speaks(now, now + 0.04, LOUD); // so that what was lost before is known
        sender.ends(anytime(random));
    }
}
