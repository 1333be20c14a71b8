package hansard.transcode;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;

/**
 * When in a call one alone is heard, from what is known of its voices before anything is decoded: the mix is then that speaker's own packets.
 *
 * <p>Others are not heard before they come, where the {@link QuietGate} leaves them out, and after they have left. Around what a speaker's
 * track has lost, and where its own gate moves, there is something to be decoded.
 */
final class LoneSpeakers {
    static final int NONE = -1;
    static final long BLOCK_MICROS = OpusEncoder.FRAME_SAMPLES * 1_000_000L / OpusPacket.SAMPLE_RATE;

    /** For so long {@link SpeakerSum} still counts who fell silent, and some more. */
    private static final long COUNTED_MICROS = 360_000;
    /** What a track says of its length is not of its last packet's samples. */
    private static final long AFTER_END_MICROS = 500_000;
    /** A loss is heard before and after it: where the decoder has not come to rest again. */
    private static final long AROUND_LOSS_MICROS = 300_000;
    /** Shorter is not worth the change. */
    private static final long SHORTEST_BLOCKS = 25;

    /** @param toBlock after the last one */
    record Turn(int voice, long fromBlock, long toBlock) {}

    private final List<Turn> turns;
    private int next;

    private LoneSpeakers(List<Turn> turns) {
        this.turns = turns;
    }

    static LoneSpeakers of(Job.Mix mix) {
        List<Job.Voice> voices = mix.voices();
        // at a time, who begins (index) and who ceases (minus index, minus one) to be silent
        TreeMap<Long, List<Integer>> changes = new TreeMap<>();
        for (int i = 0; i < voices.size(); i++) {
            for (Span silent : silences(voices.get(i), mix.durationMicros())) {
                changes.computeIfAbsent(silent.fromMicros, ignored -> new ArrayList<>())
                        .add(i);
                changes.computeIfAbsent(silent.toMicros, ignored -> new ArrayList<>())
                        .add(-i - 1);
            }
        }
        changes.computeIfAbsent(mix.durationMicros(), ignored -> new ArrayList<>());
        int[] silent = new int[voices.size()];
        List<Turn> turns = new ArrayList<>();
        long from = 0;
        for (var change : changes.entrySet()) {
            int alone = onlyOneHeard(silent);
            if (alone != NONE) {
                turns.addAll(turns(alone, new Span(from, change.getKey()), voices.get(alone)));
            }
            from = change.getKey();
            for (int who : change.getValue()) {
                silent[who >= 0 ? who : -who - 1] += who >= 0 ? 1 : -1;
            }
        }
        return new LoneSpeakers(Collections.unmodifiableList(turns));
    }

    private record Span(long fromMicros, long toMicros) {}

    private static int onlyOneHeard(int[] silent) {
        int alone = NONE;
        for (int i = 0; i < silent.length; i++) {
            if (silent[i] == 0) {
                if (alone != NONE) {
                    return NONE;
                }
                alone = i;
            }
        }
        return alone;
    }

    private static List<Span> silences(Job.Voice voice, long callMicros) {
        List<Span> silences = new ArrayList<>();
        add(silences, 0, voice.offsetMicros() - BLOCK_MICROS);
        for (Job.Quiet quiet : voice.quiet()) {
            add(silences, quiet.fromMicros() + COUNTED_MICROS, QuietGate.openMicros(quiet) - BLOCK_MICROS);
        }
        if (voice.durationMicros() > 0) {
            add(silences, voice.offsetMicros() + voice.durationMicros() + AFTER_END_MICROS, callMicros);
        }
        return silences;
    }

    private static void add(List<Span> spans, long fromMicros, long toMicros) {
        if (toMicros > fromMicros) {
            spans.add(new Span(fromMicros, toMicros));
        }
    }

    /** What of a span the speaker's packets can be taken for. */
    private static List<Turn> turns(int voice, Span span, Job.Voice known) {
        List<Span> without = new ArrayList<>();
        known.losses()
                .forEach(loss -> without.add(new Span(
                        loss.atMicros() - AROUND_LOSS_MICROS,
                        loss.atMicros() + missingMicros(loss) + AROUND_LOSS_MICROS)));
        known.quiet()
                .forEach(quiet -> without.add(new Span(
                        QuietGate.shutMicros(quiet) - QuietGate.FADE_MICROS - BLOCK_MICROS,
                        QuietGate.openMicros(quiet) + QuietGate.FADE_MICROS + BLOCK_MICROS)));
        without.removeIf(part -> part.toMicros <= span.fromMicros || part.fromMicros >= span.toMicros);
        without.sort((a, b) -> Long.compare(a.fromMicros, b.fromMicros));
        List<Turn> turns = new ArrayList<>();
        long from = span.fromMicros;
        for (Span part : without) {
            addTurn(turns, voice, from, part.fromMicros);
            from = Math.max(from, part.toMicros);
        }
        addTurn(turns, voice, from, span.toMicros);
        return turns;
    }

    /** At most: a longer hole is silence, and a count that no hole can hold is not multiplied. */
    static long missingMicros(Job.Loss loss) {
        return Math.min(loss.packets(), TrackTimeline.MUTE_MICROS / BLOCK_MICROS) * BLOCK_MICROS;
    }

    private static void addTurn(List<Turn> turns, int voice, long fromMicros, long toMicros) {
        long fromBlock = Math.ceilDiv(fromMicros, BLOCK_MICROS);
        long toBlock = toMicros / BLOCK_MICROS;
        if (toBlock - fromBlock >= SHORTEST_BLOCKS) {
            turns.add(new Turn(voice, fromBlock, toBlock));
        }
    }

    /** Whose turn it is. @param block not before the one of the last question */
    int at(long block) {
        while (next < turns.size() && turns.get(next).toBlock <= block) {
            next++;
        }
        return next < turns.size() && turns.get(next).fromBlock <= block ? turns.get(next).voice : NONE;
    }

    /** How many blocks of the turn asked for last there are from this one on. */
    long left(long block) {
        return turns.get(next).toBlock - block;
    }

    /** Of one voice, in order. */
    List<Turn> of(int voice) {
        return turns.stream().filter(turn -> turn.voice == voice).toList();
    }
}
