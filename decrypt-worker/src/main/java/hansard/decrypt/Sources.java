package hansard.decrypt;

import hansard.wire.StreamDescription;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sources a stream has had, in the order in which they began. Only a packet that authenticates makes one. None is forgotten while
 * the stream lasts, for its old packets could then be sent again; so there may be {@value #MAX} and no more.
 */
final class Sources {
    static final int MAX = 16;
    /** Between the order of one source's packets and the next one's: room for what comes late at the seam. */
    private static final long SEAM = 1 << 17;

    private final List<Source> sources = new ArrayList<>();
    final SearchBudget budget;

    Sources() {
        this(new SearchBudget());
    }

    private Sources(SearchBudget budget) {
        this.budget = budget;
    }

    boolean isEmpty() {
        return sources.isEmpty();
    }

    boolean isFull() {
        return sources.size() >= MAX;
    }

    int size() {
        return sources.size();
    }

    Source get(int number) {
        return sources.get(number);
    }

    /** The one that began last with this SSRC, or null. */
    @Nullable
    Source newest(long ssrc) {
        for (int i = sources.size() - 1; i >= 0; i--) {
            if (sources.get(i).ssrc() == ssrc) {
                return sources.get(i);
            }
        }
        return null;
    }

    /** The one that began last of those that send media, or null. */
    @Nullable
    Source newestMedia() {
        for (int i = sources.size() - 1; i >= 0; i--) {
            if (!sources.get(i).isRepair()) {
                return sources.get(i);
            }
        }
        return null;
    }

    /** A source for an SSRC that has none, not yet one of these. */
    Source fresh(StreamDescription stream, long ssrc) {
        Long announced = stream.srtp().initialRoc();
        // the announced counter is that of the announced fork; RFC 3711 section 3.3.1 lets another SSRC begin with 0
        PacketIndex index = isEmpty() && announced != null ? new PacketIndex(announced) : PacketIndex.ofUnknownRoc();
        return new Source(ssrc, 0, index, clockRate(stream));
    }

    /** A source for an SSRC whose rollover counter begins again under this key (RFC 4568 section 6.4), not yet one of these. */
    Source restarted(StreamDescription stream, long ssrc, MasterKey key) {
        return new Source(ssrc, key.ordinal(), new PacketIndex(0), clockRate(stream));
    }

    private static int clockRate(StreamDescription stream) {
        return Math.max(1, stream.clockRate());
    }

    /** Remembers an authentic packet; returns how many more sequence numbers are expected because of it. */
    long accept(Verdict.Authentic packet) {
        Source source = packet.source();
        if (source.number() < 0) {
            long order = isEmpty() ? packet.index() : highestOrder() + SEAM;
            source.join(sources.size(), order, packet.index());
            sources.add(source);
        }
        return source.accept(packet.index(), packet.key());
    }

    /** From this packet on a source goes on with the track, behind all that came of the others. */
    void follow(Source source, long index) {
        source.join(source.number(), highestOrder() + SEAM, index);
        source.beginClockAnew();
    }

    private long highestOrder() {
        long highest = 0;
        for (Source source : sources) {
            highest = Math.max(highest, source.highestOrder());
        }
        return highest;
    }

    /** Of a sender that is none of these it is passed over. */
    void report(SenderReport report, long arrivalMicros) {
        Source source = newest(report.ssrc());
        if (source != null) {
            source.clock().report(report.senderMicros(), report.rtpTimestamp(), arrivalMicros);
        }
    }

    void endStretch() {
        sources.forEach(Source::endStretch);
    }

    /** The sequence number wrapped this often during a pause; of the source that began last, as far as anybody knows. */
    void skip(int wraps) {
        Source media = newestMedia();
        if (media != null) {
            media.index.skip(wraps);
        }
    }

    void write(StateWriter out) {
        budget.write(out);
        out.i32(sources.size());
        sources.forEach(source -> source.write(out));
    }

    static Sources read(StateReader in) {
        Sources read = new Sources(SearchBudget.read(in));
        int count = in.count(200);
        if (count > MAX) {
            throw in.malformed(count + " sources");
        }
        for (int i = 0; i < count; i++) {
            Source source = Source.read(in);
            if (source.number() != i) {
                throw in.malformed("source " + source.number() + " in place " + i);
            }
            read.sources.add(source);
        }
        return read;
    }
}
