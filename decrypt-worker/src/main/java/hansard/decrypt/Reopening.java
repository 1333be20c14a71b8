package hansard.decrypt;

import hansard.runtime.Json;
import hansard.wire.KeptFrames;
import hansard.wire.Octets;
import hansard.wire.SealedSessionKeys;
import hansard.wire.StreamDescription;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the making anew of an ended track stands: kept between steps, so that a kill loses nothing. It holds the released keys as they
 * were sealed, because {@code session.keys} may be tombstoned meanwhile.
 *
 * <p>First the kept frames are read through: are they whole, and which keys open any? Then, if one does, they are read again and written
 * as a further generation.
 *
 * <pre>
 * | version = 1 | flag released | i64 basis | i64 generation | blob keys | i64 position | i64 covered | i64 opening
 * | i64 ordinal | i64 opened | i64 refused packets | FrameLayer | blob wrapped key | blob head |
 * </pre>
 */
final class Reopening {
    private static final int VERSION = 1;

    private final SealedSessionKeys keys;
    private final long basis;
    private final long generation;
    private final boolean released;
    FrameLayer layer = new FrameLayer();
    /** Plaintext bytes of the object that are dealt with; 0 before the first step of either reading. */
    long position;
    /** Sealed frames with an identifier that some key is for, and those of them that were seen to open: the first reading. */
    long covered;

    long opening;
    /** Frames written, and those of them that were opened: the second reading. */
    long ordinal;

    long opened;
    long refusedPackets;

    @Nullable
    Octets wrappedKey;
    /** Set when the second reading begins. */
    @Nullable
    KeptFrames head;

    /**
     * @param basis generation of the track that is there
     * @param generation that is to take its place
     * @param released true when keys came after the stream's end, false when they had come before it
     */
    Reopening(SealedSessionKeys keys, long basis, long generation, boolean released) {
        this.keys = new SealedSessionKeys(keys.stream(), List.of(), keys.frameKeys());
        this.basis = basis;
        this.generation = generation;
        this.released = released;
    }

    SealedSessionKeys keys() {
        return keys;
    }

    StreamDescription stream() {
        return keys.stream();
    }

    /** Kept frames of an earlier generation than this do not have all that was opened. */
    long basis() {
        return basis;
    }

    /** As in {@link hansard.wire.FrameRecord}. */
    long generation() {
        return generation;
    }

    boolean isReleased() {
        return released;
    }

    /** The second reading begins: counters start anew, and what is known of the keys stays. */
    void beginWriting(KeptFrames from) {
        FrameLayer fresh = new FrameLayer();
        layer.proven().forEach(fresh::prove);
        layer = fresh;
        head = from;
        position = 0;
    }

    /** Something of the generation is on the topic. */
    boolean hasWritten() {
        return head != null && position > 0;
    }

    byte[] toBytes() {
        StateWriter out = new StateWriter();
        out.u8(VERSION);
        out.flag(released);
        out.i64(basis);
        out.i64(generation);
        out.blob(keys.toBytes());
        out.i64(position);
        out.i64(covered);
        out.i64(opening);
        out.i64(ordinal);
        out.i64(opened);
        out.i64(refusedPackets);
        layer.write(out);
        out.blob(wrappedKey == null ? new byte[0] : wrappedKey.array());
        out.text(head == null ? "" : new String(Json.bytes(head), StandardCharsets.UTF_8));
        return out.toBytes();
    }

    static Reopening fromBytes(byte[] bytes) {
        StateReader in = new StateReader(bytes);
        if (in.u8() != VERSION) {
            throw in.malformed("unknown format version");
        }
        boolean released = in.flag();
        long basis = in.i64();
        long generation = in.i64();
        Reopening read = new Reopening(SealedSessionKeys.fromBytes(in.blob()), basis, generation, released);
        read.position = in.i64();
        read.covered = in.i64();
        read.opening = in.i64();
        read.ordinal = in.i64();
        read.opened = in.i64();
        read.refusedPackets = in.i64();
        read.layer = FrameLayer.read(in);
        byte[] wrapped = in.blob();
        read.wrappedKey = wrapped.length == 0 ? null : Octets.of(wrapped);
        byte[] head = in.blob();
        read.head = head.length == 0 ? null : Json.read(head, KeptFrames.class);
        in.end();
        return read;
    }
}
