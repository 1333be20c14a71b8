package hansard.decrypt;

import hansard.wire.Observation;
import hansard.wire.RejectReason;
import hansard.wire.SrtpRecord;
import hansard.wire.StreamDescription;
import org.jspecify.annotations.Nullable;

/**
 * One stream's way from datagrams to frames, without Kafka: verify ({@link Reception}), put in order, place in time ({@link Placing}), open
 * and depacketise ({@link Reassembly}). The order and the places depend on the records alone, so a repeat gives the same frames.
 */
final class TrackDecryption {
    private final Track track;
    private final long reorderWindowMicros;
    private final Outcome outcome = new Outcome();
    private final Books books;
    private final Reception reception;
    private final Placing placing;
    private final Reassembly reassembly;

    /**
     * @param keys empty when no session key can be used: then everything counts as NO_KEY
     * @param frameReceiver null when frames are not sealed end to end
     * @param layer which simulcast layer is kept where the stream does not say: see {@link hansard.wire.Simulcast}
     */
    TrackDecryption(
            StreamDescription stream,
            Track track,
            KeyRing keys,
            @Nullable SframeReceiver frameReceiver,
            long reorderWindowMicros,
            String layer) {
        this.track = track;
        this.reorderWindowMicros = reorderWindowMicros;
        this.books = new Books(track, outcome);
        SrtpReceiver receiver = keys.isEmpty() ? null : new SrtpReceiver(stream, keys, track.sources);
        SrtcpReceiver rtcpReceiver = keys.isEmpty() ? null : new SrtcpReceiver(keys, track.rtcpWindows);
        Encodings encodings = new Encodings(stream);
        Layers layers = Layers.of(stream, layer, track, encodings);
        this.reception = new Reception(track, receiver, rtcpReceiver, encodings, layers, books);
        this.placing = new Placing(track, encodings, layers != null);
        PacketOpening opening = new PacketOpening(stream, track, receiver, encodings, books);
        this.reassembly = new Reassembly(track, encodings, placing, opening, frameReceiver, books);
    }

    /** Takes the stream's next record; returns what came of it. */
    Outcome take(SrtpRecord record) {
        switch (record) {
            case SrtpRecord.Datagrams bundle -> bundle.datagrams().forEach(this::receive);
            case SrtpRecord.Paused paused -> pause(paused);
            case SrtpRecord.Resumed resumed -> resume(resumed);
            case SrtpRecord.Closed closed -> close(closed);
        }
        return outcome;
    }

    private void receive(SrtpRecord.Datagram datagram) {
        SealedPacket packet = reception.receive(datagram);
        if (packet != null) {
            if (track.reorder.isLate(packet.order())) {
                reassembly.late(packet);
            } else {
                track.reorder.add(packet);
            }
        }
        drain(false);
    }

    /** Hands on every packet whose turn it is; with {@code flush}, all of them. */
    private void drain(boolean flush) {
        while (true) {
            SealedPacket head =
                    flush ? track.reorder.head() : track.reorder.due(track.newestArrivalMicros(), reorderWindowMicros);
            if (head == null) {
                return;
            }
            boolean gap = track.reorder.hasGapBeforeHead();
            if (track.group.isEndedBy(head)) {
                reassembly.finishGroup(gap);
            }
            long missing = track.reorder.missingBeforeHead();
            if (!placing.isSettled(head, !flush && !track.reorder.isFull())) {
                return;
            }
            reassembly.release(track.reorder.take(), missing);
        }
    }

    private void pause(SrtpRecord.Paused paused) {
        flush();
        track.pauses.begin(paused.atMicros());
        track.sources.endStretch();
        track.reorder.forgetPosition();
    }

    private void resume(SrtpRecord.Resumed resumed) {
        track.sources.skip(resumed.sequenceWraps());
        if (!track.pauses.lasts() && resumed.discarded() == 0) {
            return; // nothing was paused
        }
        long from = track.pauses.end(resumed.atMicros());
        track.account.received(resumed.discarded());
        track.account.paused(resumed.discarded());
        outcome.reject(RejectReason.PAUSED, Tally.of(resumed.discarded(), resumed.atMicros()));
        outcome.observations.add(new Observation.Paused(from, resumed.atMicros(), resumed.discarded()));
    }

    private void close(SrtpRecord.Closed closed) {
        flush();
        if (track.pauses.lasts()) { // the ingest ends a pause before it ends a stream, unless it was killed in between
            long from = track.pauses.end(closed.atMicros());
            outcome.observations.add(new Observation.Paused(from, closed.atMicros(), 0));
        }
        reception.end();
        track.account.received(closed.notDurable());
        books.reject(RejectReason.NOT_DURABLE, Tally.of(closed.notDurable(), closed.atMicros()));
    }

    private void flush() {
        drain(true);
        reassembly.finishGroup(true);
    }
}
