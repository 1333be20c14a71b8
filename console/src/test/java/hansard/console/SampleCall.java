package hansard.console;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A conversation as the index would tell it: three people, a minute, some words less sure than others. */
final class SampleCall {
    static final String ID = "c-2041";
    static final int SECONDS = 70;
    private static final int WORD_MS = 290;

    private static final String[][] LINES = {
        {
            "p-anna",
            "800",
            "Good morning Mister Okafor, this is Anna Lindqvist at the trading desk, and this call is recorded."
        },
        {"p-ben", "8200", "Good morning Anna. I would like to talk about the copper contract that we signed in March."},
        {"p-anna", "15200", "Of course. Let me open it, one moment please."},
        {"p-anna", "19000", "I have it here. Four hundred tonnes, delivery in Rotterdam by the end of the quarter."},
        {
            "p-ben",
            "25600",
            "Yes, and we cannot accept the delivery before the inspection report is signed by both sides."
        },
        {
            "p-anna",
            "32400",
            "I understand. Chiara from our legal department is on the line too, she prepared the amendment."
        },
        {
            "p-chiara",
            "38800",
            "Hello everybody. The amendment moves the delivery date by ten days and keeps the price as it was."
        },
        {"p-ben", "46200", "That works for us, as long as the penalty clause starts counting from the new date."},
        {"p-chiara", "52600", "It does. I will send you the inspection report and the amendment this afternoon."},
        {"p-ben", "58600", "Perfect. Then we have a deal, thank you both."},
        {"p-anna", "62800", "Thank you Mister Okafor, have a good day."},
    };
    private static final Map<String, String> NAMES =
            Map.of("p-anna", "Anna Lindqvist", "p-ben", "Ben Okafor", "p-chiara", "Chiara Moretti");

    private SampleCall() {}

    static List<Map<String, Object>> utterances() {
        List<Map<String, Object>> all = new ArrayList<>();
        for (String[] line : LINES) {
            all.add(utterance(line[0], Long.parseLong(line[1]), line[2], false));
        }
        return all;
    }

    /** As a recogniser hears it: no capitals, numbers in words, something removed, and a form for reading. */
    static Map<String, Object> heard() {
        Map<String, Object> utterance = new LinkedHashMap<>(utterance(
                "p-ben", 70_000, "okafor sends twenty five boxes at two thirty p m my card is CARD thanks", false));
        @SuppressWarnings("unchecked")
        List<Map<String, Object>> words = new ArrayList<>((List<Map<String, Object>>) utterance.get("words"));
        words.replaceAll(word -> {
            Map<String, Object> changed = new LinkedHashMap<>(word);
            if (word.get("word").equals("CARD")) {
                changed.put("word", "[card number]");
            }
            if (word.get("word").equals("boxes")) {
                changed.put("confidence", 0.41);
            }
            return changed;
        });
        utterance.put("words", words);
        utterance.put("text", "okafor sends twenty five boxes at two thirty p m my card is [card number] thanks");
        utterance.put("display", "Okafor sends 25 boxes at 2:30 p.m. my card is [card number] thanks.");
        return utterance;
    }

    static Map<String, Object> utterance(String participantId, long startMs, String text, boolean partial) {
        List<Map<String, Object>> words = new ArrayList<>();
        long at = startMs;
        for (String word : text.split(" ")) {
            double confidence = word.startsWith("Okafor") ? 0.41 : word.length() > 9 ? 0.74 : 0.97;
            words.add(Map.of("word", word, "startMs", at, "endMs", at + WORD_MS - 30, "confidence", confidence));
            at += WORD_MS;
        }
        Map<String, Object> utterance = new LinkedHashMap<>();
        utterance.put("utteranceId", participantId + "-" + startMs);
        utterance.put("participant", NAMES.get(participantId));
        utterance.put("participantId", participantId);
        utterance.put("startMs", startMs);
        utterance.put("endMs", at - 30);
        utterance.put("text", text);
        utterance.put("confidence", 0.93);
        utterance.put("partial", partial);
        utterance.put("words", words);
        return utterance;
    }

    static Map<String, Object> summary(String callId, String title, String state) {
        Map<String, Object> call = new LinkedHashMap<>();
        call.put("callId", callId);
        call.put("title", title);
        call.put("department", "Trading");
        call.put("client", "Okafor Metals");
        call.put("startedAt", "2026-11-18T09:31:04Z");
        call.put("durationMs", SECONDS * 1000L);
        call.put("state", state);
        call.put(
                "participants",
                NAMES.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(e -> Map.of("participantId", e.getKey(), "displayName", e.getValue()))
                        .toList());
        return call;
    }

    /** @param withVideo whether Anna's picture is among the tracks */
    static Map<String, Object> recording(boolean withVideo) {
        Map<String, Object> call = summary(ID, "Copper contract, delivery date", "sealed");
        List<Map<String, Object>> tracks = new ArrayList<>();
        tracks.add(track("t-anna", "p-anna", "AUDIO", "opus", 0, 66_000, 3_300, 0));
        tracks.add(track("t-ben", "p-ben", "AUDIO", "opus", 7_400, 56_000, 2_800, 3));
        Map<String, Object> chiara = track("t-chiara", "p-chiara", "AUDIO", "opus", 36_900, 31_000, 1_550, 0);
        chiara.put(
                "withoutWords",
                List.of(Map.of("startMs", 61_000, "endMs", 66_500, "reason", "no model for fr; audio kept")));
        tracks.add(chiara);
        if (withVideo) {
            tracks.add(track("v-anna", "p-anna", "VIDEO", "vp8", 2_000, 4_000, 5_120, 0));
        }
        call.put("tracks", tracks);
        call.put("completeness", verdict("gaps", VERDICT, 97.6));
        call.put("mix", Map.of("durationMs", SECONDS * 1000L, "media", "/v1/recordings/" + ID + "/media/mix"));
        call.put(
                "account",
                Map.of(
                        "received",
                        7_871,
                        "framed",
                        7_650,
                        "rejected",
                        Map.of("REPLAYED", 9, "AUTH_FAILED", 12),
                        "paused",
                        200,
                        "inFlight",
                        0,
                        "lost",
                        53));
        call.put(
                "alarms",
                List.of(Map.of(
                        "message", "12 packets on Ben Okafor’s audio were forged or altered and were left out.")));
        call.put(
                "notices",
                List.of(Map.of(
                        "kind", "notice", "atMs", 400, "by", "connector/janus", "notice", "This call is recorded.")));
        return call;
    }

    /** The tracks, and Ben's screen, whose sender goes from VP8 to H.264. */
    static List<Object> withScreen(Object tracks) {
        List<Object> all = new ArrayList<>((List<?>) tracks);
        Map<String, Object> screen = track("s-ben", "p-ben", "VIDEO", "vp8, h264", 2_000, 8_000, 900, 0);
        screen.put("content", "screen");
        screen.put("segments", List.of(segment("vp8", 2_000, 0), segment("h264", 6_000, 1)));
        screen.put("kept", "codec vvc is not known to this version; 12 packets kept sealed");
        all.add(screen);
        return all;
    }

    private static Map<String, Object> segment(String codec, long startMs, int number) {
        return Map.of(
                "codec",
                codec,
                "startMs",
                startMs,
                "durationMs",
                4_000,
                "media",
                "/v1/recordings/" + ID + "/media/s-ben?segment=" + number);
    }

    /** What Ben dialled. */
    static Map<String, Object> keys() {
        return Map.of(
                "callId",
                ID,
                "keys",
                List.of(
                        Map.of("participant", "Ben Okafor", "key", "4", "startMs", 21_000, "ended", true),
                        Map.of("participant", "Ben Okafor", "key", "#", "startMs", 22_000, "ended", false)));
    }

    private static final String VERDICT =
            "complete but for 1.1 s lost in 2 gaps and 240 ms rejected; 4.0 s paused by policy";

    private static Map<String, Object> verdict(String state, String sentence, double percent) {
        return Map.of("state", state, "verdict", sentence, "percentCaptured", percent);
    }

    /** What the completeness of the call says: something of every kind. */
    static Map<String, Object> completeness() {
        return Map.of(
                "verdict",
                verdict("gaps", VERDICT, 97.6),
                "startMs",
                0,
                "endMs",
                SECONDS * 1000,
                "findings",
                List.of("Dora Klein joined, and no stream of theirs was ever announced"),
                "signedBy",
                "CN=transcode-1,O=Okafor",
                "tracks",
                List.of(
                        timed(
                                "p-anna",
                                "audio",
                                "complete; 4.0 s paused by policy",
                                List.of(),
                                span("silence", 0, 29_000, 0, ""),
                                span("paused", 29_000, 33_000, 200, "card number, by anna, through connector/sfu"),
                                span("speech", 33_000, 66_000, 0, ""),
                                span("absent", 66_000, 70_000, 0, "not in the call any more")),
                        timed(
                                "p-ben",
                                "audio",
                                "complete but for 1.1 s lost in 2 gaps and 240 ms rejected",
                                List.of("announced as muted, but spoke for 1.5 s"),
                                span("absent", 0, 7_400, 0, "not announced yet"),
                                span("speech", 7_400, 12_000, 0, ""),
                                lost(12_000, 13_000, 50, 231),
                                span("speech", 13_000, 15_000, 0, ""),
                                span("muted", 15_000, 25_000, 0, "announced by the media server"),
                                span("speech", 25_000, 46_000, 0, ""),
                                span("rejected", 46_000, 46_240, 12, "forged, altered, or under another key"),
                                span("speech", 46_240, 60_000, 0, ""),
                                lost(60_000, 60_060, 3, 2_580),
                                unplaced(60_060, 60_260, 10, 200),
                                span("silence", 60_260, 70_000, 0, "")),
                        timed(
                                "p-chiara",
                                "audio",
                                "complete",
                                List.of(),
                                span("absent", 0, 34_000, 0, "not in the call"),
                                span("nothing", 34_000, 36_900, 0, "announced, and no packet came"),
                                span("speech", 36_900, 50_000, 0, ""),
                                span("redacted", 50_000, 56_000, 0, "card number, by policy keep-original"),
                                span("speech", 56_000, 68_000, 0, ""),
                                span("sealed", 68_000, 70_000, 0, "sealed end to end, and the key was not released"))));
    }

    @SafeVarargs
    private static Map<String, Object> timed(
            String participantId, String kind, String verdict, List<String> findings, Map<String, Object>... spans) {
        Map<String, Object> track = new LinkedHashMap<>();
        track.put("trackId", "t-" + participantId);
        track.put("participant", NAMES.get(participantId));
        track.put("participantId", participantId);
        track.put("kind", kind);
        track.put("verdict", verdict("gaps", verdict, 97.6));
        track.put(
                "recovered",
                participantId.equals("p-ben") && kind.equals("audio")
                        ? new TreeMap<>(Map.of("RTX", 12, "RED", 1))
                        : Map.of());
        track.put("recoveredMs", 60);
        track.put("concealedMs", 80);
        track.put("findings", findings);
        track.put("spans", List.of(spans));
        return track;
    }

    private static Map<String, Object> span(String reason, int startMs, int endMs, int packets, String detail) {
        return new LinkedHashMap<>(Map.of(
                "reason", reason, "startMs", startMs, "endMs", endMs, "lost", 0, "packets", packets, "detail", detail));
    }

    private static Map<String, Object> unplaced(int startMs, int endMs, int frames, int ms) {
        Map<String, Object> span = span("unplaced", startMs, endMs, 0, "arrived when its time was over");
        span.put("unplaced", frames);
        span.put("unplacedMs", ms);
        return span;
    }

    private static Map<String, Object> lost(int startMs, int endMs, int packets, int from) {
        Map<String, Object> span = span("lost", startMs, endMs, 0, "");
        span.put("lost", packets);
        span.put("fromSequence", from);
        span.put("toSequence", from + packets - 1);
        return span;
    }

    static final String NOTHING_ID = "c-silent";

    /** A call that was announced and never came. */
    static Map<String, Object> nothing() {
        Map<String, Object> call = summary(NOTHING_ID, "Callback, Okafor Metals", "sealed");
        String why = "nothing captured: no packet ever arrived for 1 of 1 stream";
        call.put("completeness", verdict("nothing", why, 0));
        Map<String, Object> track = track("n-1", "p-ben", "audio", "opus", 0, 0, 0, 0);
        track.put("media", null);
        track.put("reason", "no datagram arrived");
        call.put("tracks", List.of(track));
        call.put("mix", Map.of("durationMs", 0L));
        call.put(
                "account",
                Map.of("received", 0, "framed", 0, "rejected", Map.of(), "paused", 0, "inFlight", 0, "lost", 0));
        call.put("alarms", List.of());
        call.put("notices", List.of());
        return call;
    }

    static Map<String, Object> nothingCompleteness() {
        return Map.of(
                "verdict",
                verdict("nothing", "nothing captured: no packet ever arrived for 1 of 1 stream", 0),
                "startMs",
                0,
                "endMs",
                SECONDS * 1000,
                "findings",
                List.of(),
                "signedBy",
                "CN=transcode-1,O=Okafor",
                "tracks",
                List.of(timed(
                        "p-ben",
                        "audio",
                        "nothing captured: no packet ever arrived",
                        List.of("announced, and never a packet"),
                        span("nothing", 0, SECONDS * 1000, 0, "announced, and no packet came"))));
    }

    static final String SEALED_ID = "c-e2ee";

    /** A call that is sealed end to end, and whose key nobody has released. */
    static Map<String, Object> endToEnd() {
        Map<String, Object> call = summary(SEALED_ID, "Board, in private", "sealed");
        call.put("endToEnd", "key-not-released");
        List<Map<String, Object>> tracks = new ArrayList<>();
        for (String kind : List.of("audio", "video")) {
            Map<String, Object> track =
                    track("e-" + kind, "p-anna", kind, kind.equals("audio") ? "opus" : "vp8", 0, 66_000, 3_300, 0);
            track.put("media", null);
            track.put("reason", "end-to-end encrypted, key not released");
            track.put(
                    "endToEnd",
                    Map.of("cipher", "AES_128_GCM_SHA256_128", "state", "key-not-released", "unopenedFrames", 3_300));
            tracks.add(track);
        }
        call.put("tracks", tracks);
        call.put("mix", Map.of("durationMs", 0L));
        call.put("account", Map.of("received", 6_600, "framed", 6_600, "rejected", Map.of(), "inFlight", 0, "lost", 0));
        call.put("alarms", List.of());
        call.put("notices", List.of());
        return call;
    }

    private static Map<String, Object> track(
            String id,
            String participantId,
            String kind,
            String codec,
            long startMs,
            long durationMs,
            int packets,
            int lost) {
        Map<String, Object> track = new LinkedHashMap<>();
        track.put("trackId", id);
        track.put("participant", NAMES.get(participantId));
        track.put("participantId", participantId);
        track.put("kind", kind);
        track.put("codec", codec);
        track.put("startMs", startMs);
        track.put("durationMs", durationMs);
        track.put("packets", packets);
        track.put("lost", lost);
        track.put("contentType", kind.equals("AUDIO") ? "audio/wav" : "video/webm");
        track.put("media", "/v1/recordings/" + ID + "/media/" + id);
        return track;
    }

    static List<Map<String, Object>> hits(String query) {
        String wanted = query.toLowerCase(java.util.Locale.ROOT).replace("\"", "");
        List<Map<String, Object>> hits = new ArrayList<>();
        for (String[] line : LINES) {
            String text = line[2];
            int at = text.toLowerCase(java.util.Locale.ROOT).indexOf(wanted);
            if (at < 0) {
                continue;
            }
            int before = text.substring(0, at).split(" ").length - (at == 0 ? 1 : 0);
            long start = Long.parseLong(line[1]) + (long) before * WORD_MS;
            Map<String, Object> hit = new LinkedHashMap<>(summary(ID, "Copper contract, delivery date", "sealed"));
            hit.keySet().removeAll(List.of("participants", "state", "durationMs"));
            hit.put("utteranceId", line[0] + "-" + line[1]);
            hit.put("participant", NAMES.get(line[0]));
            hit.put("participantId", line[0]);
            hit.put("startMs", start);
            hit.put("endMs", start + WORD_MS);
            hit.put("playFromMs", start);
            hit.put("text", text);
            hit.put(
                    "snippet",
                    text.substring(0, at) + "<mark>" + text.substring(at, at + wanted.length()) + "</mark>"
                            + text.substring(at + wanted.length()) + " &lt;b&gt;");
            hit.put("score", 1.0);
            hit.put("confidence", 0.93);
            hits.add(hit);
        }
        return hits;
    }

    /** Of the transcript. */
    static Map<String, Object> version(int number, String model, String state) {
        return Map.of(
                "version",
                number,
                "model",
                model,
                "by",
                number == 0 ? "" : "olga",
                "reason",
                number == 0 ? "" : "names were wrong",
                "state",
                state);
    }
}
