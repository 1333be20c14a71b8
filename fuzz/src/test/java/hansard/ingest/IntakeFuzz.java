package hansard.ingest;

import static hansard.fuzz.Promises.hold;
import static hansard.fuzz.Promises.same;

import hansard.fuzz.FuzzTarget;
import hansard.fuzz.Pieces;
import hansard.fuzz.Seeds;
import hansard.runtime.Settings;
import hansard.wire.MediaKind;
import hansard.wire.SrtpRecord;
import hansard.wire.StreamDescription;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Datagrams at the door, of one port with several streams and of one with capture times: whatever comes is kept in order, or
 * counted, and what is told apart by SSRC goes to the stream that has it. A piece of one byte pauses or resumes.
 */
public final class IntakeFuzz implements FuzzTarget {
    private static final IngestConfig CONFIG =
            IngestConfig.from(Settings.of(Map.of("ingest.bundle.max-bytes", "1500")));
    private static final long[] SSRCS = {0, 4711, 0x8000_0000L, 0xffff_ffffL};

    @Override
    public List<byte[]> seeds() {
        List<byte[]> pieces = new ArrayList<>(Seeds.datagrams(2));
        pieces.add(3, new byte[1]);
        pieces.add(6, new byte[1]);
        return List.of(Pieces.join(0, pieces), Pieces.join(1, pieces));
    }

    @Override
    public void run(byte[] input) {
        boolean captureTimes = input.length > 0 && (input[0] & 1) == 1;
        SharedPort shared = new SharedPort();
        List<Line> lines = new ArrayList<>();
        for (long ssrc : SSRCS) {
            Line line = new Line(ssrc, captureTimes);
            lines.add(line);
            shared.add(line.intake);
        }
        long now = 1_000_000;
        for (byte[] piece : Pieces.split(input, 1)) {
            now += 20_000;
            if (piece.length == 1) {
                long at = now;
                lines.forEach(line -> line.turn(at));
                continue;
            }
            ByteBuffer datagram = ByteBuffer.wrap(piece);
            StreamIntake found = shared.find(datagram);
            hold(datagram.remaining() == piece.length, "a look at a datagram moves it");
            for (Line line : lines) {
                hold(
                        found != line.intake || bearsSsrc(piece, line.ssrc),
                        "a datagram went to a stream it does not name");
                if (piece.length > 0) {
                    line.take(piece.clone(), now);
                }
            }
        }
        lines.forEach(Line::check);
    }

    private static boolean bearsSsrc(byte[] datagram, long ssrc) {
        ByteBuffer b = ByteBuffer.wrap(datagram);
        return (b.getInt(4) & 0xffff_ffffL) == ssrc || datagram.length >= 12 && (b.getInt(8) & 0xffff_ffffL) == ssrc;
    }

    /** One stream with its own account of what should come out. */
    private static final class Line implements MediaSink {
        private final long ssrc;
        private final boolean captureTimes;
        private final StreamCounters counters = new StreamCounters();
        private final StreamIntake intake;
        private final List<SrtpRecord.Datagram> given = new ArrayList<>();
        private final List<SrtpRecord.Datagram> written = new ArrayList<>();
        private long discarded;

        Line(long ssrc, boolean captureTimes) {
            this.ssrc = ssrc;
            this.captureTimes = captureTimes;
            this.intake = new StreamIntake(describe(ssrc, captureTimes), counters, this, CONFIG, StreamMemory.NOTHING);
        }

        void take(byte[] datagram, long now) {
            switch (intake.accept(ByteBuffer.wrap(datagram), now, now * 1_000)) {
                case KEPT ->
                    given.add(new SrtpRecord.Datagram(
                            captureTimes ? ByteBuffer.wrap(datagram).getLong() : now,
                            hansard.wire.Octets.of(captureTimes ? Pieces.after(datagram, 8) : datagram)));
                case DISCARDED -> discarded++;
                case MALFORMED -> hold(captureTimes && datagram.length <= 8, "malformed without need");
            }
        }

        void turn(long now) {
            if (intake.paused()) {
                intake.resume(now);
            } else {
                intake.pause(now);
            }
        }

        void check() {
            intake.flush();
            same(given, written, "what was written, in order,");
            same(counters.received(), counters.durable() + counters.notDurable() + counters.discarded(), "the account");
            same(discarded, counters.discarded(), "what was discarded in pauses");
            same((long) given.size(), counters.durable(), "what is durable");
        }

        @Override
        public void bundle(String streamId, StreamCounters to, byte[] record, int datagrams) {
            SrtpRecord.Datagrams bundle = (SrtpRecord.Datagrams) SrtpRecord.fromBytes(record);
            same((long) written.size(), bundle.firstOrdinal(), "the ordinal");
            same(datagrams, bundle.datagrams().size(), "the count");
            written.addAll(bundle.datagrams());
            to.recordSent();
            to.recordSettled(datagrams, true);
        }

        @Override
        public CompletableFuture<Void> mark(String streamId, StreamCounters to, byte[] record) {
            if (SrtpRecord.fromBytes(record) instanceof SrtpRecord.Resumed r) {
                hold(r.sequenceWraps() >= 0, "the sequence number wrapped backwards");
            }
            return CompletableFuture.completedFuture(null);
        }
    }

    private static StreamDescription describe(long ssrc, boolean captureTimes) {
        return new StreamDescription(
                "s",
                "c",
                "default",
                "alice",
                MediaKind.AUDIO,
                "opus",
                48_000,
                2,
                Map.of(111, "opus"),
                Map.of(),
                StreamDescription.Srtp.fresh("AES_CM_128_HMAC_SHA1_80"),
                ssrc,
                20_000,
                captureTimes,
                "",
                "");
    }
}
