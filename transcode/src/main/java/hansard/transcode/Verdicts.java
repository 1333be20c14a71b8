package hansard.transcode;

import hansard.wire.Completeness.Reason;
import hansard.wire.Completeness.Span;
import hansard.wire.Completeness.State;
import hansard.wire.Completeness.TrackTime;
import hansard.wire.Completeness.Verdict;
import hansard.wire.RejectReason;
import hansard.wire.StreamAccount;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Says in a line how whole a track is, and a call. */
final class Verdicts {
    /** In which nothing came, and that is not held against the track: a fork is set up, somebody hangs up. */
    static final long SETTLING_MICROS = 2_000_000;

    private static final int ALL = 1_000;
    private static final Set<Reason> CAPTURED =
            EnumSet.of(Reason.SPEECH, Reason.SILENCE, Reason.PICTURE, Reason.SEALED, Reason.REDACTED);

    private Verdicts() {}

    /** What there is of a time, summed over spans. */
    private static final class Sums {
        private long captured;
        private long sealed;
        private long paused;
        private long redacted;
        private long lostMicros;
        private long lostPackets;
        private int lostGaps;
        private long rejectedMicros;
        private int rejectedGaps;
        private long unplacedFrames;
        private long unplacedMicros;
        private int unplacedGaps;
        private long nothingMicros;
        private int nothingGaps;
        private long longest;

        void add(Span span) {
            long micros = span.micros();
            lostPackets += span.reason() == Reason.MUTED || span.reason() == Reason.PAUSED ? 0 : span.lost();
            captured += CAPTURED.contains(span.reason()) ? micros : 0;
            sealed += span.reason() == Reason.SEALED ? micros : 0;
            if (span.unplaced() > 0) {
                unplacedFrames += span.unplaced();
                unplacedMicros += span.unplacedMicros();
                unplacedGaps++;
                longest = Math.max(longest, span.unplacedMicros());
            }
            paused += span.reason() == Reason.PAUSED ? micros : 0;
            redacted += span.reason() == Reason.REDACTED ? micros : 0;
            switch (span.reason()) {
                case LOST -> {
                    lostMicros += micros;
                    lostGaps++;
                    longest = Math.max(longest, micros);
                }
                case REJECTED -> {
                    rejectedMicros += micros;
                    rejectedGaps++;
                    longest = Math.max(longest, micros);
                }
                case NOTHING -> {
                    if (micros >= SETTLING_MICROS) {
                        nothingMicros += micros;
                        nothingGaps++;
                        longest = Math.max(longest, micros);
                    }
                }
                case SPEECH, SILENCE, PICTURE, SEALED, MUTED, PAUSED, REDACTED, ABSENT, UNPLACED -> {}
            }
        }

        long missed() {
            return lostMicros + rejectedMicros + unplacedMicros + nothingMicros;
        }

        int gaps() {
            return lostGaps + rejectedGaps + unplacedGaps + nothingGaps;
        }

        /** In tenths of a per cent; never all when something is missing. */
        int percent() {
            if (captured == 0) {
                return 0;
            }
            int share = (int) Math.round((double) captured * ALL / (captured + missed()));
            return missed() > 0 ? Math.min(share, ALL - 1) : share;
        }

        Verdict verdict(State state, String sentence) {
            return new Verdict(state, sentence, percent(), captured, missed(), gaps(), longest, paused, unplacedMicros);
        }

        String whole() {
            List<String> but = new ArrayList<>();
            if (lostGaps > 0) {
                but.add(Sentences.duration(lostMicros) + " lost in " + Sentences.counted(lostGaps, "gap"));
            }
            if (rejectedGaps > 0) {
                but.add(Sentences.duration(rejectedMicros) + " rejected");
            }
            if (unplacedMicros > 0) {
                but.add(Sentences.duration(unplacedMicros) + " that arrived and has no place in time");
            }
            if (nothingGaps > 0) {
                but.add(Sentences.duration(nothingMicros) + " in which nothing came");
            }
            List<String> besides = new ArrayList<>();
            if (lostPackets > 0 && lostGaps == 0) {
                besides.add(Sentences.counted(lostPackets, "packet") + " lost without a gap");
            }
            if (unplacedFrames > 0 && unplacedMicros == 0) {
                besides.add(Sentences.counted(unplacedFrames, "picture") + " that came too late to be shown");
            }
            if (paused > 0) {
                besides.add(Sentences.duration(paused) + " paused by policy");
            }
            if (redacted > 0) {
                besides.add(Sentences.duration(redacted) + " redacted by policy");
            }
            if (sealed > 0) {
                besides.add(Sentences.duration(sealed) + " kept sealed end to end, key not released");
            }
            String sentence = but.isEmpty() ? "complete" : "complete but for " + listed(but);
            return besides.isEmpty() ? sentence : sentence + "; " + String.join("; ", besides);
        }
    }

    static Verdict ofTrack(TrackParts track, List<Span> spans) {
        Sums sums = new Sums();
        spans.forEach(sums::add);
        if (sums.captured == 0) {
            return sums.verdict(State.NOTHING, "nothing captured: " + whyNothing(track, sums));
        }
        return sums.verdict(sums.missed() > 0 ? State.GAPS : State.COMPLETE, sums.whole());
    }

    private static String whyNothing(TrackParts track, Sums sums) {
        StreamAccount account = track.account();
        if (account.received() == 0) {
            return sums.paused > 0 ? "paused by policy, and no packet arrived" : "no packet ever arrived";
        }
        if (account.paused() == account.received()) {
            return "paused by policy for as long as it lasted";
        }
        RejectReason most = null;
        for (Map.Entry<RejectReason, Long> entry : account.rejected().entrySet()) {
            if (most == null || entry.getValue() > account.rejected().getOrDefault(most, 0L)) {
                most = entry.getKey();
            }
        }
        if (most != null && account.framed() == 0) {
            return Sentences.counted(account.rejectedTotal(), "packet") + " rejected, " + Sentences.of(most);
        }
        return track.emptyReason().isEmpty() ? "no packet was media" : track.emptyReason();
    }

    static Verdict ofCall(List<TrackTime> tracks) {
        Sums sums = new Sums();
        if (tracks.isEmpty()) {
            return sums.verdict(State.NOTHING, "nothing captured: no stream was ever announced");
        }
        tracks.forEach(t -> t.spans().forEach(sums::add));
        Map<String, Integer> nothing = new LinkedHashMap<>();
        for (TrackTime track : tracks) {
            if (track.verdict().state() == State.NOTHING) {
                nothing.merge(track.verdict().sentence().replace("nothing captured: ", ""), 1, Integer::sum);
            }
        }
        List<String> reasons = new ArrayList<>();
        nothing.forEach((why, count) ->
                reasons.add(why + " for " + count + " of " + Sentences.counted(tracks.size(), "stream")));
        if (sums.captured == 0) {
            return sums.verdict(State.NOTHING, "nothing captured: " + String.join("; ", reasons));
        }
        // the time of a track without anything is in the reasons, not among the gaps of the others
        Sums others = new Sums();
        tracks.stream().filter(t -> t.verdict().state() != State.NOTHING).forEach(t -> t.spans()
                .forEach(others::add));
        String sentence = others.whole();
        return sums.verdict(
                sums.missed() > 0 || !reasons.isEmpty() ? State.GAPS : State.COMPLETE,
                reasons.isEmpty() ? sentence : String.join("; ", reasons) + "; the others " + sentence);
    }

    private static String listed(List<String> parts) {
        return parts.size() == 1
                ? parts.getFirst()
                : String.join(", ", parts.subList(0, parts.size() - 1)) + " and " + parts.getLast();
    }
}
