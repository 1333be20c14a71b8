package hansard.transcribe;

import hansard.wire.SpeechRecord;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much speech was read and is not recognised yet, and when that will be done: what to scale by. The reader's thread looks;
 * gauges may be read by any.
 */
final class SpeechBacklog {
    private static final Logger log = LoggerFactory.getLogger(SpeechBacklog.class);
    private static final long LOOK_EVERY_MILLIS = 1_000;
    private static final long WINDOW_MILLIS = 60_000;
    private static final long TELL_EVERY_MILLIS = 60_000;
    /** What is in a recogniser or on its way to it is no backlog. */
    private static final double NORMAL_AGE_SECONDS = 15;

    /** How fast speech comes changes as soon as a call begins or ends; how fast it is recognised does not. */
    private static final long COMING_MILLIS = 10_000;

    /** @param cameSeconds all speech that was ever read */
    private record Look(long atMillis, double waitingSeconds, double cameSeconds) {
        double doneSeconds() {
            return cameSeconds - waitingSeconds;
        }
    }

    private final Deque<Look> looks = new ArrayDeque<>();
    private volatile double waitingSeconds;
    private volatile double ageSeconds;
    private volatile double forecastSeconds;
    private volatile int stretches;
    private long cameSamples;
    private long toldMillis;

    void observe(MeterRegistry meters) {
        Gauge.builder("hansard.transcribe.speech.waiting.seconds", this, b -> b.waitingSeconds)
                .description("speech that was read and is not recognised yet; scale by it")
                .register(meters);
        Gauge.builder("hansard.transcribe.lag.seconds", this, b -> b.ageSeconds)
                .description("how long ago the oldest speech that is not recognised yet was written")
                .register(meters);
        Gauge.builder("hansard.transcribe.caught.up.in.seconds", this, b -> b.forecastSeconds)
                .description(
                        "when nothing will wait, if as much is recognised as in the last minute and as much comes as in the last ten seconds; +Inf when that is more")
                .register(meters);
        Gauge.builder("hansard.transcribe.stretches.waiting", this, b -> b.stretches)
                .description("stretches of speech that have no recogniser yet")
                .register(meters);
    }

    /** So much more speech was read. */
    void came(long samples) {
        cameSamples += samples;
    }

    /** At most once a second it is looked at. */
    void look(Collection<Stretch> waiting, Collection<Stretch> inHand, long nowMillis) {
        if (!looks.isEmpty() && nowMillis - looks.getLast().atMillis() < LOOK_EVERY_MILLIS) {
            return;
        }
        long samples = 0;
        long oldest = nowMillis;
        for (Collection<Stretch> some : List.of(waiting, inHand)) {
            for (Stretch stretch : some) {
                long left = stretch.waitingSamples();
                samples += left;
                if (left > 0) {
                    oldest = Math.min(oldest, stretch.producedMillis());
                }
            }
        }
        stretches = waiting.size();
        waitingSeconds = (double) samples / SpeechRecord.SAMPLE_RATE;
        ageSeconds = (nowMillis - oldest) / 1_000.0;
        forecast(nowMillis);
        tell(nowMillis);
    }

    private void forecast(long nowMillis) {
        looks.addLast(new Look(nowMillis, waitingSeconds, (double) cameSamples / SpeechRecord.SAMPLE_RATE));
        while (looks.size() > 2 && nowMillis - looks.getFirst().atMillis() > WINDOW_MILLIS) {
            looks.removeFirst();
        }
        double pace = recognisedInASecond();
        double coming = comingInASecond(nowMillis);
        if (waitingSeconds < 1) {
            forecastSeconds = 0;
        } else {
            forecastSeconds = pace > coming ? waitingSeconds / (pace - coming) : Double.POSITIVE_INFINITY;
        }
    }

    /** While there was something to do. */
    private double recognisedInASecond() {
        double done = 0;
        long millis = 0;
        Look before = looks.getFirst();
        for (Look look : looks) {
            if (before.waitingSeconds() >= 1) {
                done += look.doneSeconds() - before.doneSeconds();
                millis += look.atMillis() - before.atMillis();
            }
            before = look;
        }
        return millis == 0 ? 0 : done * 1_000 / millis;
    }

    private double comingInASecond(long nowMillis) {
        Look last = looks.getLast();
        for (Look look : looks) {
            long millis = nowMillis - look.atMillis();
            if (millis > 0 && millis <= COMING_MILLIS) {
                return (last.cameSeconds() - look.cameSeconds()) * 1_000 / millis;
            }
        }
        return 0;
    }

    private void tell(long nowMillis) {
        if (stretches > 0 && ageSeconds > NORMAL_AGE_SECONDS && nowMillis - toldMillis > TELL_EVERY_MILLIS) {
            toldMillis = nowMillis;
            log.warn(
                    "{} s of speech wait to be recognised, the oldest for {} s; {}",
                    Math.round(waitingSeconds),
                    Math.round(ageSeconds),
                    Double.isInfinite(forecastSeconds)
                            ? "more comes than is recognised: give transcribe more cores or replicas"
                            : String.format(Locale.ROOT, "caught up in about %.0f s", forecastSeconds));
        }
    }

    double waitingSeconds() {
        return waitingSeconds;
    }

    double forecastSeconds() {
        return forecastSeconds;
    }
}
