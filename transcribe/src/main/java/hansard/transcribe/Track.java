package hansard.transcribe;

import hansard.keys.DataKey;
import hansard.keys.KeyRef;
import hansard.wire.Hearing;
import hansard.wire.StreamDescription;
import hansard.wire.Unheard;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A track whose transcript is not durable yet. Its stretches are recognised one after another. Belongs to the reader's thread, but for
 * what says otherwise.
 */
final class Track {
    private final StreamDescription stream;
    private final long generation;
    private final Hearing hearing;
    private final TopicPartition partition;
    private final boolean whole;
    private final SafeWords words;
    private final Deque<Stretch> unfinished = new ArrayDeque<>();
    /** Recognised, and needed again if this process ends: what is said next depends on them. */
    private final List<Stretch> needed = new ArrayList<>();
    /** The start of each stretch that was recognised. */
    private final Set<Long> heard = new HashSet<>();

    private final List<Spoken> finals = new ArrayList<>();
    /** How many of them are of stretches that are not needed again. */
    private int settled;

    private final List<GivenUp> givenUp = new ArrayList<>();
    /** Whether what was given up must be known to the end: another process would not know it without hearing it again. */
    private boolean heardAgain;

    private @Nullable Stretch open;
    private long endedOffset = -1;
    private boolean endReadAgain;
    private volatile long startMicros;
    private volatile boolean ended;
    private volatile boolean abandoned;
    private volatile @Nullable DataKey key;

    /**
     * @param whole whether this process knows it from its Opened on; if not, what was said before is on {@code transcripts}
     * @param words what makes it safe to show
     */
    Track(
            StreamDescription stream,
            long generation,
            Hearing hearing,
            TopicPartition partition,
            boolean whole,
            SafeWords words) {
        this.stream = stream;
        this.generation = generation;
        this.hearing = hearing;
        this.partition = partition;
        this.whole = whole;
        this.words = words;
    }

    /** A stretch without words, and why. */
    private record GivenUp(Stretch stretch, long fromMicros, String reason) {}

    StreamDescription stream() {
        return stream;
    }

    /** As in {@link hansard.wire.FrameRecord}. */
    long generation() {
        return generation;
    }

    /** Which of the times that its sound is heard. */
    Hearing hearing() {
        return hearing;
    }

    /** What its utterances are named after: those of one generation, or one hearing, do not overwrite another's. */
    String name() {
        return name(stream.streamId(), generation, hearing);
    }

    static String name(String streamId, long generation, Hearing hearing) {
        return (generation == 0 ? streamId : streamId + "-" + generation) + hearing.suffix();
    }

    /** Whether it is being spoken: then it is heard before what only waits to be heard again. */
    boolean isLive() {
        return !ended && hearing.isFirst();
    }

    /** Whose keys open its speech. */
    KeyRef keyRef() {
        return new KeyRef(stream.tenant(), stream.callId(), stream.streamId());
    }

    /** Whose keys seal what was said. */
    KeyRef toldRef() {
        return KeyRef.told(stream.tenant(), stream.callId(), stream.streamId());
    }

    TopicPartition partition() {
        return partition;
    }

    boolean isWhole() {
        return whole;
    }

    /** When its first frame was spoken, microseconds since 1970; 0 while that is not known. Any thread may ask. */
    long startMicros() {
        return startMicros;
    }

    /**
     * Another object takes its place, which knows what is not needed again: the same packets give the same stretches.
     *
     * @param fresh what makes it safe to show, as at its beginning
     */
    Track begunAnew(SafeWords fresh) {
        Track again = new Track(stream, generation, hearing, partition, true, fresh);
        again.heard.addAll(heard);
        needed.forEach(stretch -> again.heard.remove(stretch.startMicros()));
        again.finals.addAll(finals.subList(0, settled));
        again.settled = settled;
        givenUp.stream()
                .filter(each -> again.heard.contains(each.stretch.startMicros()))
                .forEach(again.givenUp::add);
        again.heardAgain = heardAgain;
        again.key = key;
        return again;
    }

    /** The stretch that pieces are added to; null between two. */
    @Nullable
    Stretch open() {
        return open;
    }

    /** @param trackMicros as the Began says */
    void begin(Stretch stretch, long trackMicros) {
        startMicros = trackMicros;
        open = stretch;
        unfinished.add(stretch);
    }

    /** The open stretch is over, if there is one. @param offset of the record that says so */
    void pause(long offset) {
        if (open != null) {
            open.complete(offset);
            open = null;
        }
    }

    /** In order; only the first is ever recognised. */
    Deque<Stretch> unfinished() {
        return unfinished;
    }

    /** Where to read from to have all of it that is not durable. */
    long firstUnfinishedOffset() {
        long first = endedOffset < 0 ? Long.MAX_VALUE : endedOffset;
        return unfinished.isEmpty()
                ? first
                : Math.min(first, unfinished.getFirst().offset());
    }

    /** Whether something of it that waited for leave is not durable yet. */
    boolean hasUnfinishedReadAgain() {
        return endReadAgain
                || needed.stream().anyMatch(Stretch::isReadAgain)
                || unfinished.stream().anyMatch(Stretch::isReadAgain);
    }

    boolean isHeard(long stretchMicros) {
        return heard.contains(stretchMicros);
    }

    /** @param spoken what became safe to show by it, and is durable */
    void heard(Stretch stretch, List<Spoken> spoken) {
        unfinished.remove(stretch);
        heard.add(stretch.startMicros());
        needed.add(stretch);
        finals.addAll(spoken);
    }

    /**
     * It will have no more words than those.
     *
     * @param fromMicros up to where there are some
     * @param always another process would know that by itself
     */
    void givenUp(Stretch stretch, List<Spoken> spoken, long fromMicros, String reason, boolean always) {
        heard(stretch, spoken);
        givenUp.add(new GivenUp(stretch, fromMicros, reason));
        heardAgain |= !always;
    }

    /** Recognised stretches that are not needed again: all, whenever nothing of them decides about what follows. */
    List<Stretch> noLongerNeeded() {
        if (!words.isClear() || heardAgain) {
            return List.of();
        }
        settled = finals.size();
        return allNeeded();
    }

    /** Recognised stretches that would be needed again; from now on they are not. */
    List<Stretch> allNeeded() {
        List<Stretch> all = List.copyOf(needed);
        needed.clear();
        return all;
    }

    /** Any thread may use them. */
    SafeWords words() {
        return words;
    }

    /** Whole once the track is over: some of a stretch may come after it was given up. */
    List<Unheard> unheard() {
        return givenUp.stream()
                .map(each -> each.stretch.unheard(each.fromMicros, each.reason))
                .toList();
    }

    /** All final utterances that this process made durable, in order. */
    List<Spoken> finals() {
        return List.copyOf(finals);
    }

    /**
     * @param trackMicros as its Ended record says
     * @param offset of that record
     * @param readAgain whether everybody else is further on in the partition
     */
    void end(long trackMicros, long offset, boolean readAgain) {
        pause(offset);
        endReadAgain = readAgain;
        startMicros = trackMicros;
        endedOffset = offset;
        ended = true;
    }

    /** Of the Ended record; negative while it goes on. */
    long endedOffset() {
        return endedOffset;
    }

    /** False while it goes on. Any thread may ask. */
    boolean isEnded() {
        return ended;
    }

    /** Nothing more is to be done with it, nor with its stretches. */
    void abandon() {
        abandoned = true;
        unfinished.forEach(Stretch::abandon);
    }

    /** Any thread may ask. */
    boolean isAbandoned() {
        return abandoned;
    }

    /** The key that its words are sealed under; null before any of its speech was opened. Any thread may ask. */
    @Nullable
    DataKey key() {
        return key;
    }

    /** Any thread may say. */
    void keyIs(DataKey key) {
        this.key = key;
    }

    @Override
    public String toString() {
        return keyRef() + hearing.suffix();
    }
}
