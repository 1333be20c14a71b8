package hansard.wire;

import java.util.List;
import java.util.Map;

/** One record of every kind that the topics carry. */
final class SampleRecords {
    static final StreamDescription STREAM = new StreamDescription(
            "s1",
            "c1",
            "default",
            "alice",
            MediaKind.AUDIO,
            "opus",
            48_000,
            2,
            Map.of(111, "opus"),
            Map.of(1, "urn:ietf:params:rtp-hdrext:ssrc-audio-level"),
            StreamDescription.Srtp.fresh("AES_CM_128_HMAC_SHA1_80"),
            4711L,
            20_000,
            false,
            "mid 0",
            "");
    static final long NOW = 1_795_387_864_000_000L;
    static final Octets SEALED = Octets.of(new byte[] {1, 2, 3, 4});
    static final Artifact.StoredObject OBJECT =
            new Artifact.StoredObject("default/c1/s1.webm", "00".repeat(32), 1_000, "audio/webm");

    private SampleRecords() {}

    static List<CallEvent> callEvents() {
        return List.of(
                new CallEvent.CallOpened("e1", "default", "c1", NOW, "a call", "desk", "a client", Map.of("k", "v")),
                new CallEvent.ParticipantJoined("e2", "default", "c1", NOW, "alice", "Alice", "alice"),
                new CallEvent.ParticipantLeft("e3", "default", "c1", NOW, "alice"),
                new CallEvent.StreamAnnounced("e4", "default", "c1", NOW, STREAM, "00ff"),
                new CallEvent.StreamRekeyed("e4b", "default", "c1", NOW, "s1", "ff00"),
                new CallEvent.StreamEnded("e5", "default", "c1", NOW, "s1", "left"),
                new CallEvent.RecordingPaused("e6", "default", "c1", NOW, "sfu", "a card number"),
                new CallEvent.RecordingResumed("e7", "default", "c1", NOW, "sfu"),
                new CallEvent.NoticePlayed("e8", "default", "c1", NOW, "this call is recorded"),
                new CallEvent.ParticipantChanged(
                        "e8b", "default", "c1", NOW, "alice", CallEvent.Change.MUTED, MediaKind.AUDIO),
                new CallEvent.CallClosed("e9", "default", "c1", NOW, "ended", List.of("s1")));
    }

    static List<Artifact> artifacts(StreamAccount account) {
        Artifact.TrackStored stored =
                new Artifact.TrackStored("default", "c1", NOW, STREAM, 0, account, NOW, 1_000_000, 0, OBJECT);
        Artifact.RedactionStored redacted = new Artifact.RedactionStored(
                "default",
                "c1",
                NOW,
                "s1",
                0,
                "keep-original",
                List.of(new Redaction(NOW, NOW + 500_000, Redaction.Kind.CARD_NUMBER)),
                List.of(new Artifact.Segment("opus", 2, NOW, 1_000_000, OBJECT, null)),
                "");
        return List.of(
                new Artifact.RedactionDue("default", "c1", NOW, stored, "keep-original", redacted.silent()),
                redacted,
                new Artifact.TracksComplete("default", "c1", NOW, 0, List.of(stored), List.of(redacted)),
                new Artifact.TrackBegun("default", "c1", NOW, STREAM, NOW),
                stored,
                new Artifact.TrackEmpty("default", "c1", NOW, STREAM, 0, account, "no media"),
                new Artifact.TrackUnopened("default", "c1", NOW, STREAM, 0, account, NOW, 1_000_000, 3),
                new Artifact.FramesStored("default", "c1", NOW, "s1", OBJECT),
                new Artifact.PartStored("default", "c1", NOW, "s1", 0, Artifact.Part.TONES, 3, OBJECT),
                new Artifact.TracksComplete("default", "c1", NOW, 0, List.of(stored)),
                new Artifact.CoverageStored("default", "c1", NOW, "s1", 0, OBJECT),
                new Artifact.PartsComplete("default", "c1", NOW, 0, callEvents(), List.of(stored)),
                new Artifact.CompletenessStored(
                        "default",
                        "c1",
                        NOW,
                        0,
                        new Completeness.Verdict(Completeness.State.COMPLETE, "complete", 1000, 9, 0, 0, 0, 0, 0),
                        Map.of(),
                        OBJECT,
                        OBJECT,
                        "CN=worker"),
                new Artifact.MixStored("default", "c1", NOW, 0, NOW, 1_000_000, null),
                new Artifact.CompositeProgress("default", "c1", NOW, "o", 250),
                new Artifact.CompositeStored("default", "c1", NOW, "o", NOW, 1_000_000, null, "no picture"),
                new Artifact.TranscriptStored("default", "c1", NOW, "s1", 0, 3, OBJECT),
                new Artifact.TranscriptStored(
                        "default", "c1", NOW, "s1", 0, 3, OBJECT, List.of(), List.of(), new Hearing(1, "o", "large")),
                new Artifact.HeardAgain(
                        "default", "c1", NOW, new Hearing(1, "o", "large"), "anna", "why", List.of("s1"), ""),
                new Artifact.TranscriptStored(
                        "default",
                        "c1",
                        NOW,
                        "s1",
                        0,
                        0,
                        OBJECT,
                        List.of(),
                        List.of(new Unheard(NOW, NOW + 9, "no model for fr"))),
                new Artifact.TranscriptStored("default", "c1", NOW, "s1", 0, 3, OBJECT, redacted.silent()),
                new Artifact.RecordingSealed("default", "c1", NOW, NOW, NOW, NOW + 1_000_000));
    }
}
