package hansard.transcode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import hansard.keys.KeyRef;
import hansard.wire.Artifact;
import hansard.wire.CallEvent;
import hansard.wire.Completeness;
import hansard.wire.Frame;
import hansard.wire.KeptFrames;
import hansard.wire.Octets;
import hansard.wire.RecordingOrder;
import hansard.wire.SpeechRecord;
import hansard.wire.StreamAccount;
import hansard.wire.StreamDescription;
import hansard.wire.ToneEvent;
import hansard.wire.Topics;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole stage with a real broker, vault and store. */
class TranscodeServiceTest {
    private static final long START = TestMedia.EPOCH_MICROS;

    @TempDir
    static Path directory;

    private static Recorded recorded;

    @BeforeAll
    static void open() {
        recorded = new Recorded(directory);
    }

    @AfterAll
    static void close() {
        recorded.close();
    }

    @AfterEach
    void nothingFailed() {
        assertTrue(recorded.faults.isEmpty(), () -> "the stage failed: " + recorded.faults);
    }

    @Test
    void aCallBecomesTracksSpeechAMixAndASealedRecording() throws IOException {
        StreamDescription a = TestMedia.stream("whole", "whole-a", "opus");
        StreamDescription b = TestMedia.stream("whole", "whole-b", "opus");
        StreamDescription v = TestMedia.stream("whole", "whole-v", "vp8");
        StreamDescription h = TestMedia.stream("whole", "whole-h", "h264");
        StreamDescription silent = TestMedia.stream("whole", "whole-silent", "opus");
        StreamDescription broken = TestMedia.stream("whole", "whole-broken", "vp8");
        List<Frame> framesA = TestMedia.opus(START, 300, TestMedia.burst(1_000, 1_000, 2_000));
        // begins 700 ms later; its own 2.0 s are the mix's 2.7 s
        List<Frame> framesB = TestMedia.opus(START + 700_000, 300, TestMedia.burst(1_700, 2_000, 3_500));
        List<Frame> framesV = TestMedia.video("libvpx", START + 40_000, 45, 15, 15, 160, 120);
        List<Frame> framesH = TestMedia.video("libopenh264", START + 60_000, 45, 15, 15, 160, 120);
        try (TranscodeService service = recorded.startService()) {
            for (StreamDescription s : List.of(a, b, v, h, silent, broken)) {
                recorded.call(new CallEvent.StreamAnnounced("e-" + s.streamId(), "default", "whole", 1, s, ""));
            }
            recorded.track(a, framesA);
            recorded.track(b, framesB);
            recorded.track(v, framesV);
            recorded.track(h, framesH);
            recorded.opened(silent);
            recorded.ended(silent, 0, "no key was ever sealed for it");
            recorded.track(broken, List.of(TestMedia.frame(START, 0, true, new byte[] {0, 0})));
            recorded.call(new CallEvent.CallClosed(
                    "e-closed", "default", "whole", 99, "", List.of("whole-a", "whole-b", "whole-v", "whole-h")));

            List<Artifact> made = recorded.artifacts("whole", all -> !Recorded.only(all, Artifact.MixStored.class)
                    .isEmpty());
            Map<String, Artifact.TrackStored> stored = Recorded.only(made, Artifact.TrackStored.class).stream()
                    .collect(Collectors.toMap(t -> t.stream().streamId(), t -> t));
            assertEquals(4, stored.size());
            assertTrack(framesA, track(stored, "whole-a"), START, 6_000_000);
            assertTrack(framesB, track(stored, "whole-b"), START + 700_000, 6_000_000);
            assertTrack(framesV, track(stored, "whole-v"), START + 40_000, 3_000_000);
            assertEquals("video/mp4", track(stored, "whole-h").object().contentType());
            assertEquals(
                    "default/whole/whole-h.mp4",
                    track(stored, "whole-h").object().objectKey());
            Map<String, String> empty = Recorded.only(made, Artifact.TrackEmpty.class).stream()
                    .collect(Collectors.toMap(t -> t.stream().streamId(), Artifact.TrackEmpty::reason));
            assertEquals("no key was ever sealed for it", empty.get("whole-silent"));
            assertTrue(empty.getOrDefault("whole-broken", "").contains("VP8"), empty::toString);
            assertEquals(1, Recorded.only(made, Artifact.TracksComplete.class).size());

            assertMix(Recorded.only(made, Artifact.MixStored.class).getFirst());
            assertSpeech(a, framesA, 1_000, 1_000);
            assertSpeech(b, framesB, 1_700, 2_000);
            recorded.await(
                    Topics.AUDIT_EVENTS,
                    all -> all.stream()
                                    .filter(r ->
                                            new String(r.value(), StandardCharsets.UTF_8).contains("\"media.stored\""))
                                    .count()
                            >= 5);

            assertComposite(
                    stored, Recorded.only(made, Artifact.MixStored.class).getFirst());
            recorded.transcribed("whole", "whole-a");
            recorded.transcribed("whole", "whole-b");
            List<Artifact> sealed =
                    recorded.artifacts("whole", all -> !Recorded.only(all, Artifact.RecordingSealed.class)
                            .isEmpty());
            Artifact.RecordingSealed seal =
                    Recorded.only(sealed, Artifact.RecordingSealed.class).getFirst();
            assertEquals(START, seal.firstMediaMicros());
            assertEquals(START + 6_700_000, seal.lastMediaMicros());
            assertEquals(99, seal.closedMicros());
            recorded.await(
                    Topics.SESSION_KEYS, all -> all.size() >= 6 && all.stream().allMatch(r -> r.value() == null));
            assertTrue(service.health().problems().isEmpty());
        }
    }

    private static void assertComposite(Map<String, Artifact.TrackStored> stored, Artifact.MixStored mix) {
        RecordingOrder.Part v = part(track(stored, "whole-v"));
        RecordingOrder.Part sound = new RecordingOrder.Part(
                KeyRef.MIX, mix.startMicros(), mix.durationMicros(), Objects.requireNonNull(mix.object()));
        recorded.order(ordered("o-1", List.of(new RecordingOrder.Tile("V", List.of(v))), sound));
        // a track filed under another's name does not open
        RecordingOrder.Part moved = new RecordingOrder.Part("whole-a", v.startMicros(), v.durationMicros(), v.object());
        recorded.order(ordered("o-2", List.of(new RecordingOrder.Tile("V", List.of(moved))), null));
        List<Artifact> made = recorded.artifacts(
                "whole",
                all -> Recorded.only(all, Artifact.CompositeStored.class).size() == 2);
        Map<String, Artifact.CompositeStored> byOrder = Recorded.only(made, Artifact.CompositeStored.class).stream()
                .collect(Collectors.toMap(Artifact.CompositeStored::orderId, c -> c));
        Artifact.CompositeStored composite = Objects.requireNonNull(byOrder.get("o-1"));
        assertEquals(
                "default/whole/composite.webm",
                Objects.requireNonNull(composite.object()).objectKey());
        assertTrue(Recorded.only(made, Artifact.CompositeProgress.class).size() > 2);
        Artifact.CompositeStored refused = Objects.requireNonNull(byOrder.get("o-2"));
        assertEquals(null, refused.object());
        assertTrue(refused.reason().contains("whole-a"), refused::reason);
    }

    private static RecordingOrder ordered(
            String orderId, List<RecordingOrder.Tile> tiles, RecordingOrder.@Nullable Part sound) {
        return new RecordingOrder.CompositeOrdered(
                orderId, "default", "whole", 1, "olga", START, 6_700_000, tiles, sound);
    }

    private static RecordingOrder.Part part(Artifact.TrackStored track) {
        return new RecordingOrder.Part(
                track.stream().streamId(), track.startMicros(), track.durationMicros(), track.object());
    }

    @Test
    void aTrackLeftInTheMiddleIsMadeAnewAndOthersAreNotMadeAgain() throws IOException {
        StreamDescription longOne = TestMedia.stream("restarted", "restarted-long", "opus");
        List<Frame> frames = TestMedia.opus(START, 1_000, TestMedia.syllables(500));
        List<StreamDescription> shortOnes = new ArrayList<>();
        for (int i = 0; i < 4; i++) { // some on the partition of the long one
            shortOnes.add(TestMedia.stream("restarted", "restarted-short-" + i, "opus"));
        }
        try (TranscodeService first = recorded.startService()) {
            recorded.opened(longOne);
            recorded.frames(longOne, frames.subList(0, 700));
            // speech comes while the track is still being made
            recorded.speech(
                    "restarted-long",
                    all -> Recorded.only(all, SpeechRecord.Speech.class).size() >= 40);
            assertNoPlaintext(frames);
            shortOnes.forEach(s -> recorded.track(s, frames.subList(0, 50)));
            recorded.artifacts(
                    "restarted",
                    all -> Recorded.only(all, Artifact.TrackStored.class).size() >= 4);
            assertTrue(first.health().problems().isEmpty());
        }
        try (TranscodeService second = recorded.startService()) {
            recorded.frames(longOne, frames.subList(700, 1_000));
            recorded.ended(longOne, 1_000, "the call ended");
            List<Artifact> made = recorded.artifacts("restarted", all -> hasTrack(all, "restarted-long"));
            List<Artifact.TrackStored> stored = Recorded.only(made, Artifact.TrackStored.class);
            assertTrack(frames, stored.getLast(), START, 20_000_000);
            assertEquals(5, stored.size(), "short tracks were stored once each");
            List<SpeechRecord> speech =
                    recorded.speech("restarted-long", all -> !Recorded.only(all, SpeechRecord.Ended.class)
                            .isEmpty());
            assertEquals(2, Recorded.only(speech, SpeechRecord.Opened.class).size());
            int again = speech.lastIndexOf(
                    Recorded.only(speech, SpeechRecord.Opened.class).getLast());
            List<SpeechRecord.Speech> anew =
                    Recorded.only(speech.subList(again, speech.size()), SpeechRecord.Speech.class);
            assertEquals(START, anew.getFirst().startMicros());
            assertEquals(
                    320_000,
                    anew.stream().mapToInt(SpeechRecord.Speech::samples).sum(),
                    16);
            assertTrue(second.health().problems().isEmpty());
        }
    }

    private static boolean hasTrack(List<Artifact> all, String streamId) {
        return Recorded.only(all, Artifact.TrackStored.class).stream()
                .anyMatch(t -> t.stream().streamId().equals(streamId));
    }

    @Test
    void aTrackThatNobodyCanOpenIsKeptAndMadeAnewAsAFurtherGeneration() throws IOException {
        StreamDescription stream = TestMedia.endToEnd("e2ee", "e2ee-a", "opus");
        List<Frame> frames = TestMedia.opus(START, 100, TestMedia.tone(700));
        List<Frame> sealed =
                frames.stream().map(f -> f.with(true, true, f.payload())).toList();
        try (TranscodeService first = recorded.startService()) {
            recorded.track(stream, sealed);
            List<Artifact> made = recorded.artifacts("e2ee", all -> !Recorded.only(all, Artifact.TrackUnopened.class)
                    .isEmpty());
            Artifact.TrackUnopened track =
                    Recorded.only(made, Artifact.TrackUnopened.class).getFirst();
            assertEquals(100, track.unopened());
            assertEquals(START, track.startMicros());
            assertEquals(99 * 20_000, track.durationMicros());
            assertEquals(List.of(), Recorded.only(made, Artifact.TrackStored.class));
            assertEquals(sealed, keptFrames(stream, 0));

            // begun, given up, and begun again: half of it stays sealed
            recorded.opened(stream, 5_000);
            recorded.frames(stream, frames.subList(0, 30));
            recorded.abandoned(stream);
            recorded.opened(stream, 6_000);
            recorded.frames(stream, frames.subList(0, 50));
            recorded.frames(stream, sealed.subList(50, 100));
            recorded.ended(stream, 100, "the call ended");
            made = recorded.artifacts("e2ee", all -> hasTrack(all, "e2ee-a"));
            Artifact.TrackStored half =
                    Recorded.only(made, Artifact.TrackStored.class).getFirst();
            assertEquals(6_000, half.generation());
            assertEquals(50, half.unopened());
            assertEquals(1_000_000, half.durationMicros());
            assertEquals(100, keptFrames(stream, 6_000).size());
            assertTrue(first.health().problems().isEmpty());
        }
        try (TranscodeService second = recorded.startService()) {
            recorded.opened(stream, 7_000);
            recorded.frames(stream, frames);
            recorded.ended(stream, 100, "the call ended");
            List<Artifact> made = recorded.artifacts(
                    "e2ee",
                    all -> Recorded.only(all, Artifact.TrackStored.class).size() > 1);
            List<Artifact.TrackStored> stored = Recorded.only(made, Artifact.TrackStored.class);
            assertEquals(2, stored.size(), "what was abandoned was not stored");
            assertEquals(7_000, stored.getLast().generation());
            assertTrack(frames, stored.getLast(), START, 2_000_000);
            assertEquals(List.of(), keptFrames(stream, 7_000), "nothing is left to open");
            List<SpeechRecord> speech = recorded.speech(
                    "e2ee-a",
                    all -> Recorded.only(all, SpeechRecord.Ended.class).size() >= 2);
            assertEquals(
                    7_000,
                    Recorded.only(speech, SpeechRecord.Opened.class).getLast().generation());
            assertTrue(second.health().problems().isEmpty());
        }
    }

    private static List<Frame> keptFrames(StreamDescription stream, long generation) throws IOException {
        List<Frame> kept = new ArrayList<>();
        KeyRef ref = new KeyRef("default", stream.callId(), stream.streamId());
        try (var object = recorded.objects.open(KeptFrames.objectKey(stream), ref)) {
            KeptFrames head = KeptFrames.readFrom(object);
            assertEquals(stream, head.stream());
            assertEquals(generation, head.generation());
            assertEquals(100, head.account().framed());
            for (List<Frame> part = KeptFrames.next(object); part != null; part = KeptFrames.next(object)) {
                kept.addAll(part);
            }
        }
        return kept;
    }

    @Test
    void keysPressedAreSealedBesideTheTrackAndWhatNoBrowserPlaysHasARendition() throws IOException {
        StreamDescription line = TestMedia.telephone("dialled", "dialled-line", "g722");
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            byte[] samples = new byte[160];
            Arrays.fill(samples, (byte) 0xfa);
            frames.add(TestMedia.frame(START + i * 20_000L, i * 160L, true, samples));
        }
        for (int i = 0; i < 5; i++) {
            byte[] event = {7, (byte) (i > 1 ? 0x8a : 0x0a), 3, 32};
            long at = START + 500_000;
            frames.add(new Frame(at, 4_000, at + i * 20_000, 1, true, false, -1, 101, Octets.of(event)));
        }
        try (TranscodeService service = recorded.startService()) {
            recorded.call(new CallEvent.StreamAnnounced("e-dialled", "default", "dialled", 1, line, ""));
            recorded.track(line, frames);
            recorded.call(new CallEvent.CallClosed("e-hung-up", "default", "dialled", 99, "", List.of("dialled-line")));
            List<Artifact> made = recorded.artifacts("dialled", all -> !Recorded.only(all, Artifact.TrackStored.class)
                    .isEmpty());
            Map<Artifact.Part, Artifact.PartStored> parts = Recorded.only(made, Artifact.PartStored.class).stream()
                    .collect(Collectors.toMap(Artifact.PartStored::part, part -> part, (first, again) -> again));
            byte[] tones = object(parts.get(Artifact.Part.TONES).object().objectKey(), "dialled-line");
            assertEquals(
                    List.of(new ToneEvent(7, START + 500_000, 100_000, true)),
                    ToneEvent.OfTrack.fromBytes(tones).events());
            assertEquals(
                    "audio/webm", parts.get(Artifact.Part.PLAYABLE).object().contentType());
            Artifact.TrackStored track =
                    Recorded.only(made, Artifact.TrackStored.class).getFirst();
            assertEquals("default/dialled/dialled-line.mka", track.object().objectKey());
            assertEquals(2_000_000, track.durationMicros());
        }
    }

    @Test
    void whatArrivesAndHasNoPlaceInTimeIsSaid() throws IOException {
        StreamDescription line = TestMedia.telephone("crowded", "crowded-line", "pcmu");
        List<Frame> frames = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            for (int again = i >= 50 && i < 70 ? 2 : 1; again > 0; again--) { // 400 ms where there is sound
                frames.add(TestMedia.frame(START + i * 20_000L, i * 160L, true, new byte[160]));
            }
        }
        frames.add(TestMedia.frame(START + 200_000, 1_600, true, new byte[160])); // and a frame of long ago
        try (TranscodeService service = recorded.startService()) {
            recorded.call(new CallEvent.StreamAnnounced("e-crowded", "default", "crowded", 1, line, ""));
            recorded.track(line, frames);
            recorded.call(new CallEvent.CallClosed("e-c", "default", "crowded", 99, "", List.of("crowded-line")));
            recorded.artifacts(
                    "crowded", a -> !Recorded.only(a, Artifact.MixStored.class).isEmpty());
            recorded.transcribed("crowded", "crowded-line");
            Artifact.CompletenessStored stated = Recorded.only(
                            recorded.artifacts("crowded", a -> !Recorded.only(a, Artifact.CompletenessStored.class)
                                    .isEmpty()),
                            Artifact.CompletenessStored.class)
                    .getFirst();
            assertEquals(
                    "complete but for 420 ms that arrived and has no place in time",
                    stated.verdict().sentence());
            Completeness.TrackTime track = completeness(
                            Objects.requireNonNull(stated.object()).objectKey(), "crowded")
                    .tracks()
                    .getFirst();
            assertEquals(
                    21,
                    track.spans().stream()
                            .mapToLong(Completeness.Span::unplaced)
                            .sum());
            assertEquals(420_000, track.verdict().unplacedMicros());
            assertTrue(service.health().problems().isEmpty());
        }
    }

    /** Both rooms give noise of -50 dBFS all the time: that of who only listens is left out. */
    @Test
    void whoSpeaksInANoisyCallIsInTheMixAsTheyWereSent() throws IOException {
        TestMedia.Signal word = TestMedia.burst(1_000, 5_000, 6_000);
        Random random = new Random(1);
        TestMedia.Signal room = n -> random.nextGaussian() * Math.pow(10, -50 / 20.0);
        List<Frame> speaks = TestMedia.opusWithFec(START, 500, n -> word.at(n) + room.at(n));
        List<Frame> listens = TestMedia.opusWithFec(START, 500, room);
        StreamDescription speaker = TestMedia.stream("noisy", "noisy-speaker", "opus");
        StreamDescription listener = TestMedia.stream("noisy", "noisy-listener", "opus");
        try (TranscodeService service = recorded.startService()) {
            recorded.call(new CallEvent.StreamAnnounced("e-ns", "default", "noisy", 1, speaker, ""));
            recorded.call(new CallEvent.StreamAnnounced("e-nl", "default", "noisy", 1, listener, ""));
            recorded.track(speaker, speaks);
            recorded.track(listener, listens);
            recorded.call(new CallEvent.CallClosed(
                    "e-c", "default", "noisy", 99, "", List.of("noisy-speaker", "noisy-listener")));
            Artifact.MixStored mix = Recorded.only(
                            recorded.artifacts("noisy", a -> !Recorded.only(a, Artifact.MixStored.class)
                                    .isEmpty()),
                            Artifact.MixStored.class)
                    .getFirst();
            List<Demuxer.Packet> packets =
                    read(Objects.requireNonNull(mix.object()).objectKey(), KeyRef.MIX, mix.callId());
            for (int i = 250; i < 480; i++) { // from the word on; one is written before all others
                assertArrayEquals(
                        speaks.get(i).payload().array(), packets.get(i + 1).payload(), "block " + i);
            }
            assertTrue(service.health().problems().isEmpty());
        }
    }

    private static byte[] object(String objectKey, String streamId) throws IOException {
        try (SeekableByteChannel content =
                recorded.objects.open(objectKey, new KeyRef("default", "dialled", streamId))) {
            ByteBuffer bytes = ByteBuffer.allocate((int) content.size());
            while (bytes.hasRemaining() && content.read(bytes) >= 0) {
                // until it is whole
            }
            return bytes.array();
        }
    }

    @Test
    void aVoiceThatChangesItsCodecIsHeardWhole() throws IOException {
        StreamDescription stream =
                TestMedia.changing("changed", "changed-a", "opus", Map.of(111, "opus/48000/2", 0, "pcmu"));
        List<Frame> opus = TestMedia.opus(START, 100, TestMedia.burst(1_000, 500, 1_500));
        List<Frame> telephone = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            byte[] samples = new byte[160];
            for (int n = 0; n < samples.length; n++) {
                long at = i * 160L + n;
                samples[n] = Sound.mulaw(at < 8_000 ? 0 : 0.4 * Math.sin(2 * Math.PI * 1_700 * at / 8_000));
            }
            telephone.add(TestMedia.frame(START + 2_000_000 + i * 20_000L, i * 160L, true, samples));
        }
        try (TranscodeService service = recorded.startService()) {
            recorded.call(new CallEvent.StreamAnnounced("e-changed", "default", "changed", 1, stream, ""));
            List<Frame> all = new ArrayList<>(opus);
            all.addAll(TestMedia.as(0, telephone));
            recorded.track(stream, all);
            recorded.call(new CallEvent.CallClosed("e-c", "default", "changed", 9, "", List.of("changed-a")));
            List<Artifact> made = recorded.artifacts(
                    "changed", a -> !Recorded.only(a, Artifact.MixStored.class).isEmpty());
            Artifact.TrackStored track =
                    Recorded.only(made, Artifact.TrackStored.class).getFirst();
            assertEquals(
                    List.of("opus", "pcmu"),
                    track.segments().stream().map(Artifact.Segment::codec).toList());
            assertEquals(track.object(), track.segments().getFirst().object());
            assertEquals(
                    "default/changed/changed-a.segments/1.wav",
                    track.segments().get(1).object().objectKey());
            assertEquals(START + 2_000_000, track.segments().get(1).startMicros());
            assertEquals(4_000_000, track.durationMicros());
            assertEquals(
                    100,
                    read(track.object().objectKey(), "changed-a", "changed").size());

            Artifact.MixStored mix =
                    Recorded.only(made, Artifact.MixStored.class).getFirst();
            short[] pcm = mixed(mix);
            assertEquals(500, Sound.onsetMs(pcm, 1_000, 48_000, 0), 20);
            assertEquals(3_000, Sound.onsetMs(pcm, 1_700, 48_000, 0), 20);
            assertSpeech(stream, all, 1_700, 3_000);
            assertTrue(service.health().problems().isEmpty());
        }
    }

    @Test
    void whatCannotBeShownIsSaidAndItsNeighbourIsWhole() throws IOException {
        StreamDescription good = TestMedia.stream("unseen", "unseen-good", "vp8");
        StreamDescription unkeyed = TestMedia.stream("unseen", "unseen-unkeyed", "vp8");
        StreamDescription unknown =
                TestMedia.changing("unseen", "unseen-unknown", "opus", Map.of(111, "opus", 98, "lyra/16000"));
        List<Frame> frames = TestMedia.video("libvpx", START, 30, 15, 15, 160, 120);
        List<Frame> later = TestMedia.video("libvpx", START, 30, 15, 100, 160, 120);
        List<Frame> packets = TestMedia.as(98 | Frame.WHOLE_PACKET, TestMedia.opus(START, 50, TestMedia.tone(440)));
        try (TranscodeService service = recorded.startService()) {
            for (StreamDescription s : List.of(good, unkeyed, unknown)) {
                recorded.call(new CallEvent.StreamAnnounced("e-" + s.streamId(), "default", "unseen", 1, s, ""));
            }
            recorded.track(good, frames);
            recorded.track(unkeyed, later.subList(1, 30));
            recorded.track(unknown, packets);
            recorded.call(new CallEvent.CallClosed(
                    "e-u", "default", "unseen", 9, "", List.of("unseen-good", "unseen-unkeyed", "unseen-unknown")));
            List<Artifact> made = recorded.artifacts(
                    "unseen", a -> !Recorded.only(a, Artifact.MixStored.class).isEmpty());
            Artifact.TrackStored stored =
                    Recorded.only(made, Artifact.TrackStored.class).getFirst();
            assertEquals("unseen-good", stored.stream().streamId());
            assertEquals(
                    30,
                    read(stored.object().objectKey(), "unseen-good", "unseen").size());
            Map<String, String> empty = Recorded.only(made, Artifact.TrackEmpty.class).stream()
                    .collect(Collectors.toMap(t -> t.stream().streamId(), Artifact.TrackEmpty::reason));
            assertEquals("no key frame among 29 frames", empty.get("unseen-unkeyed"));
            Artifact.PartStored kept = Recorded.only(made, Artifact.PartStored.class).stream()
                    .filter(p -> p.part() == Artifact.Part.PACKETS)
                    .findFirst()
                    .orElseThrow();
            assertEquals("unseen-unknown", kept.streamId());
            assertEquals(50, kept.count());
            assertEquals("default/unseen/unseen-unknown.packets", kept.object().objectKey());
            Artifact.CompletenessStored stated = Recorded.only(
                            recorded.artifacts("unseen", a -> !Recorded.only(a, Artifact.CompletenessStored.class)
                                    .isEmpty()),
                            Artifact.CompletenessStored.class)
                    .getFirst();
            Completeness completeness =
                    completeness(Objects.requireNonNull(stated.object()).objectKey(), "unseen");
            assertEquals(
                    List.of("codec lyra is not known to this version; 50 packets kept sealed"),
                    completeness.tracks().stream()
                            .filter(t -> t.streamId().equals("unseen-unknown"))
                            .flatMap(t -> t.findings().stream())
                            .filter(f -> f.contains("kept sealed"))
                            .toList());
            assertTrue(service.health().problems().isEmpty());
        }
    }

    private static Completeness completeness(String objectKey, String callId) throws IOException {
        try (SeekableByteChannel content =
                recorded.objects.open(objectKey, new KeyRef("default", callId, KeyRef.COMPLETENESS))) {
            ByteBuffer bytes = ByteBuffer.allocate((int) content.size());
            while (bytes.hasRemaining() && content.read(bytes) >= 0) {
                // until it is whole
            }
            return Completeness.fromBytes(bytes.array());
        }
    }

    @Test
    void aCallWhereNobodySpokeIsSealedWithoutAMix() {
        try (TranscodeService service = recorded.startService()) {
            recorded.call(new CallEvent.CallClosed("e-none", "default", "none", 5, "", List.of()));
            List<Artifact> made = recorded.artifacts("none", all -> !Recorded.only(all, Artifact.RecordingSealed.class)
                    .isEmpty());
            assertEquals(
                    Optional.empty(),
                    Optional.ofNullable(Recorded.only(made, Artifact.MixStored.class)
                            .getFirst()
                            .object()));
            assertTrue(service.health().problems().isEmpty());
        }
    }

    private static Artifact.TrackStored track(Map<String, Artifact.TrackStored> stored, String streamId) {
        return Objects.requireNonNull(stored.get(streamId), streamId + " was not stored");
    }

    private static void assertTrack(List<Frame> frames, Artifact.TrackStored track, long start, long duration)
            throws IOException {
        assertEquals(start, track.startMicros());
        assertEquals(duration, track.durationMicros(), 1_000);
        assertEquals(new StreamAccount(frames.size(), frames.size(), Map.of(), 0, frames.size(), 0), track.account());
        List<Demuxer.Packet> packets =
                read(track.object().objectKey(), track.stream().streamId(), track.callId());
        assertEquals(frames.size(), packets.size());
        for (int i = 0; i < frames.size(); i++) {
            assertArrayEquals(frames.get(i).payload().array(), packets.get(i).payload());
        }
    }

    private static List<Demuxer.Packet> read(String objectKey, String track, String callId) throws IOException {
        List<Demuxer.Packet> packets = new ArrayList<>();
        try (var channel = recorded.objects.open(objectKey, new KeyRef("default", callId, track));
                Demuxer demuxer = new Demuxer(channel)) {
            for (Optional<Demuxer.Packet> p = demuxer.next(); p.isPresent(); p = demuxer.next()) {
                packets.add(p.get());
            }
        }
        return packets;
    }

    /** Tones at their times on the call's timeline, ±20 ms, each in its own stretch and not in the other's. */
    private static void assertMix(Artifact.MixStored mix) throws IOException {
        assertEquals(START, mix.startMicros());
        assertEquals(6_700_000, mix.durationMicros());
        short[] pcm = mixed(mix);
        assertEquals(1_000, Sound.onsetMs(pcm, 1_000, 48_000, 0), 20);
        assertEquals(2_700, Sound.onsetMs(pcm, 1_700, 48_000, 0), 20);
        assertTrue(Sound.toneLevel(pcm, 48 * 1_400, 4_800, 1_000, 48_000) > 0.2);
        assertTrue(Sound.toneLevel(pcm, 48 * 2_300, 4_800, 1_000, 48_000) < 0.01);
        assertTrue(Sound.toneLevel(pcm, 48 * 3_000, 4_800, 1_700, 48_000) > 0.2);
    }

    private static short[] mixed(Artifact.MixStored mix) throws IOException {
        short[] pcm = new short[0];
        try (OpusDecoder decoder = new OpusDecoder(SoundDecoder.TO_PLAY)) {
            for (Demuxer.Packet packet :
                    read(Objects.requireNonNull(mix.object()).objectKey(), KeyRef.MIX, mix.callId())) {
                short[] block = decoder.decode(packet.payload());
                int at = pcm.length;
                pcm = Arrays.copyOf(pcm, at + block.length);
                System.arraycopy(block, 0, pcm, at, block.length);
            }
        }
        return Arrays.copyOfRange(pcm, 312, pcm.length); // the pre-skip that the file declares
    }

    private static void assertSpeech(StreamDescription stream, List<Frame> frames, double hertz, long onsetMs) {
        List<SpeechRecord> records =
                recorded.speech(stream.streamId(), all -> !Recorded.only(all, SpeechRecord.Ended.class)
                        .isEmpty());
        Stretches stretches = new Stretches();
        for (SpeechRecord record : records) {
            switch (record) {
                case SpeechRecord.Began began -> stretches.began(began.startMicros());
                case SpeechRecord.Speech speech ->
                    stretches.speech(speech.startMicros(), speech.samples(), opened(stream, speech));
                case SpeechRecord.Paused paused -> stretches.paused(paused.startMicros());
                case SpeechRecord.Opened ignored -> {}
                case SpeechRecord.Ended ignored -> {}
            }
        }
        long first = frames.getFirst().mediaMicros();
        Stretches.Heard heard = stretches.all().stream()
                .filter(h -> h.holds(first + onsetMs * 1_000, first + onsetMs * 1_000 + 500_000))
                .findFirst()
                .orElseThrow();
        assertEquals(onsetMs, (heard.startMicros() - first) / 1_000 + Sound.onsetMs(heard.pcm(), hertz, 16_000, 0), 8);
        assertTrue(stretches.totalMillis() < frames.size() * 15L, "silence is told as speech");
    }

    private static byte[] opened(StreamDescription stream, SpeechRecord.Speech speech) {
        return recorded.envelopes.open(
                new KeyRef("default", stream.callId(), stream.streamId()),
                Topics.MEDIA_SPEECH,
                stream.streamId() + "/" + speech.startMicros(),
                speech.sealed());
    }

    /** No scratch file of this process, nor any log segment or object, holds a packet as it was spoken. */
    private static void assertNoPlaintext(List<Frame> frames) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            open.filter(TranscodeServiceTest::isScratch).forEach(files::add);
        }
        assertFalse(files.isEmpty(), "no scratch is open");
        try (Stream<Path> segments = Files.find(
                directory.resolve("broker"),
                5,
                (file, is) ->
                        file.toString().contains("/media.") && file.toString().endsWith(".log"))) {
            segments.forEach(files::add);
        }
        try (Stream<Path> stored = Files.find(directory.resolve("store"), 9, (file, is) -> is.isRegularFile())) {
            stored.forEach(files::add);
        }
        assertTrue(files.size() > 6, "log segments of the media topics were looked at");
        String packet = new String(frames.get(300).payload().array(), StandardCharsets.ISO_8859_1);
        for (Path file : files) {
            assertFalse(Files.readString(file, StandardCharsets.ISO_8859_1).contains(packet), file.toString());
        }
    }

    private static boolean isScratch(Path fd) {
        try {
            return Files.readSymbolicLink(fd).toString().contains("hansard-scratch-");
        } catch (IOException e) {
            return false; // closed since it was listed
        }
    }
}
