package hansard.transcode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Of the rooms from which nothing comes but steady noise, one is heard while nobody speaks: that of who spoke last, until shortly before
 * the next speaks. While somebody speaks, the noise of the others is left out like what is quiet ({@link QuietGate}). So somebody is
 * alone nearly all the time ({@link LoneSpeakers}), and there is no silence between two who speak from noisy rooms.
 *
 * <pre>
 *   one    speaks . . . noise . . . . . | left out                speaks: anything but steady noise
 *   other  left out . . . . . . | noise | speaks                  for 300 ms both are heard
 * </pre>
 */
final class RoomNoise {
    /** From noise to noise: the next is alone before speaking, and the change to that one's packets is between softer blocks than any of words. */
    private static final long BEFORE_SPEECH_MICROS = 800_000;
    /** From noise to who gives none: the noise fades when the other begins to be heard. */
    private static final long BEFORE_OPENING_MICROS = 300_000;

    private static final int NOBODY = -1;

    private record Span(int voice, long fromMicros, long toMicros) {}

    /** Speech without a gap. */
    private record Spoken(int first, int last, long fromMicros, long toMicros) {}

    private final List<Job.Voice> voices;
    private final List<List<Job.Quiet>> noise;

    private RoomNoise(List<Job.Voice> voices, List<List<Job.Quiet>> noise) {
        this.voices = voices;
        this.noise = noise;
    }

    /**
     * The same voices; what is quiet of each is also the noise that is not to be heard.
     *
     * @param noise of each voice, in order of time
     */
    static List<Job.Voice> withoutOthers(List<Job.Voice> voices, List<List<Job.Quiet>> noise, long callMicros) {
        RoomNoise rooms = new RoomNoise(voices, noise);
        List<Span> heard = rooms.heardWhileNobodySpeaks(callMicros);
        List<Job.Voice> without = new ArrayList<>();
        for (int i = 0; i < voices.size(); i++) {
            List<Job.Quiet> quiet = new ArrayList<>(voices.get(i).quiet());
            int voice = i;
            leaveOut(
                    noise.get(i),
                    heard.stream().filter(span -> span.voice == voice).toList(),
                    quiet);
            without.add(voices.get(i).withQuiet(united(quiet)));
        }
        return without;
    }

    private static void leaveOut(List<Job.Quiet> noise, List<Span> heard, List<Job.Quiet> quiet) {
        int next = 0;
        for (Job.Quiet stretch : noise) {
            long from = stretch.fromMicros();
            while (next < heard.size() && heard.get(next).toMicros <= from) {
                next++;
            }
            for (int i = next; i < heard.size() && heard.get(i).fromMicros < stretch.toMicros(); i++) {
                add(quiet, from, heard.get(i).fromMicros);
                from = heard.get(i).toMicros;
            }
            add(quiet, from, stretch.toMicros());
        }
    }

    private static void add(List<Job.Quiet> quiet, long fromMicros, long toMicros) {
        if (toMicros > fromMicros) {
            quiet.add(new Job.Quiet(fromMicros, toMicros));
        }
    }

    /** In order. What only touches stays apart: noise changes there, and the change is heard. */
    private static List<Job.Quiet> united(List<Job.Quiet> stretches) {
        List<Job.Quiet> united = new ArrayList<>();
        stretches.sort(Comparator.comparingLong(Job.Quiet::fromMicros));
        for (Job.Quiet stretch : stretches) {
            Job.Quiet last = united.isEmpty() ? null : united.getLast();
            if (last != null && stretch.fromMicros() < last.toMicros()) {
                united.set(
                        united.size() - 1,
                        new Job.Quiet(last.fromMicros(), Math.max(last.toMicros(), stretch.toMicros())));
            } else {
                united.add(stretch);
            }
        }
        return united;
    }

    /** Whose noise, in order of time. */
    private List<Span> heardWhileNobodySpeaks(long callMicros) {
        List<Span> heard = new ArrayList<>();
        int last = NOBODY;
        long from = 0;
        for (Spoken spoken : spoken()) {
            addGap(heard, last, spoken.first, from, spoken.fromMicros);
            last = spoken.last;
            from = spoken.toMicros;
        }
        addGap(heard, last, NOBODY, from, callMicros);
        return heard;
    }

    private void addGap(List<Span> heard, int last, int next, long fromMicros, long toMicros) {
        if (toMicros <= fromMicros) {
            return;
        }
        long changeMicros = fromMicros;
        if (last != NOBODY) {
            changeMicros = Math.clamp(changeMicros(last, next, toMicros), fromMicros, toMicros);
            heard.add(new Span(last, fromMicros, changeMicros));
        }
        heard.add(new Span(next == NOBODY ? noisiest() : next, changeMicros, toMicros));
    }

    /** When the noise is no more that of who spoke last. */
    private long changeMicros(int last, int next, long toMicros) {
        long endMicros = endMicros(voices.get(last));
        if (next == NOBODY || next == last) {
            return endMicros;
        }
        return Math.min(endMicros, toMicros - (isNoisy(next, toMicros) ? BEFORE_SPEECH_MICROS : BEFORE_OPENING_MICROS));
    }

    private boolean isNoisy(int voice, long untilMicros) {
        List<Job.Quiet> stretches = noise.get(voice);
        int low = 0;
        int high = stretches.size();
        while (low < high) { // the first that ends then or later
            int middle = (low + high) >>> 1;
            if (stretches.get(middle).toMicros() >= untilMicros) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low < stretches.size() && stretches.get(low).fromMicros() < untilMicros;
    }

    private int noisiest() {
        int noisiest = 0;
        long most = 0;
        for (int i = 0; i < noise.size(); i++) {
            long micros = noise.get(i).stream()
                    .mapToLong(n -> n.toMicros() - n.fromMicros())
                    .sum();
            noisiest = micros > most ? i : noisiest;
            most = Math.max(most, micros);
        }
        return noisiest;
    }

    private List<Spoken> spoken() {
        List<Span> spans = new ArrayList<>();
        for (int i = 0; i < voices.size(); i++) {
            addSpoken(spans, i);
        }
        spans.sort(Comparator.comparingLong(Span::fromMicros));
        List<Spoken> spoken = new ArrayList<>();
        for (Span span : spans) {
            Spoken last = spoken.isEmpty() ? null : spoken.getLast();
            if (last == null || span.fromMicros > last.toMicros) {
                spoken.add(new Spoken(span.voice, span.voice, span.fromMicros, span.toMicros));
            } else if (span.toMicros > last.toMicros) {
                spoken.set(spoken.size() - 1, new Spoken(last.first, span.voice, last.fromMicros, span.toMicros));
            }
        }
        return spoken;
    }

    /** Where a voice is neither quiet nor noise: there it may be speech. */
    private void addSpoken(List<Span> spans, int voice) {
        List<Job.Quiet> neither = new ArrayList<>(voices.get(voice).quiet());
        neither.addAll(noise.get(voice));
        long from = voices.get(voice).offsetMicros();
        long end = endMicros(voices.get(voice));
        for (Job.Quiet stretch : united(neither)) {
            if (stretch.fromMicros() > from && from < end) {
                spans.add(new Span(voice, from, Math.min(end, stretch.fromMicros())));
            }
            from = Math.max(from, stretch.toMicros());
        }
        if (end > from) {
            spans.add(new Span(voice, from, end));
        }
    }

    private static long endMicros(Job.Voice voice) {
        return voice.durationMicros() > 0 ? voice.offsetMicros() + voice.durationMicros() : Long.MAX_VALUE;
    }
}
