package hansard.decrypt;

import hansard.wire.Octets;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The state of a stream whose session key is known: where it stands in the wire's numbers, in time, and in our output. */
final class Track implements StreamState {
    final Sources sources;
    final SrtcpReceiver.Windows rtcpWindows;
    final ReorderBuffer reorder;
    final FrameGroup group;
    final Account account;
    final PlaintextSuspicion suspicion;
    final FrameLayer frameLayer;
    final Filled filled;
    final LayerChoice layers;
    private final Set<Alarm> raised;
    final Pauses pauses;
    private long newestArrivalMicros;
    private long lastPlacedMicros;
    private long frames;
    private boolean opened;
    private boolean erased;
    private @Nullable Octets wrappedKey;

    Track() {
        this(
                new Sources(),
                new SrtcpReceiver.Windows(),
                new ReorderBuffer(),
                new FrameGroup(),
                new Account(),
                new PlaintextSuspicion(),
                new FrameLayer(),
                new Pauses(),
                new Filled(),
                new LayerChoice());
    }

    private Track(
            Sources sources,
            SrtcpReceiver.Windows rtcpWindows,
            ReorderBuffer reorder,
            FrameGroup group,
            Account account,
            PlaintextSuspicion suspicion,
            FrameLayer frameLayer,
            Pauses pauses,
            Filled filled,
            LayerChoice layers) {
        this.sources = sources;
        this.rtcpWindows = rtcpWindows;
        this.reorder = reorder;
        this.group = group;
        this.account = account;
        this.suspicion = suspicion;
        this.frameLayer = frameLayer;
        this.pauses = pauses;
        this.filled = filled;
        this.layers = layers;
        this.raised = EnumSet.noneOf(Alarm.class);
    }

    void arrived(long arrivalMicros) {
        newestArrivalMicros = Math.max(newestArrivalMicros, arrivalMicros);
    }

    long newestArrivalMicros() {
        return newestArrivalMicros;
    }

    /** A frame's place in time is known, whether or not the frame is whole. */
    void placed(long mediaMicros) {
        lastPlacedMicros = Math.max(lastPlacedMicros, mediaMicros);
    }

    /** Media time of the last frame that was placed, 0 before the first. */
    long lastPlacedMicros() {
        return lastPlacedMicros;
    }

    /** True the first time an alarm is raised for the stream. */
    boolean raise(Alarm alarm) {
        return raised.add(alarm);
    }

    boolean hasRaised(Alarm alarm) {
        return raised.contains(alarm);
    }

    /** Frames handed on so far: the ordinal of the next. */
    long frames() {
        return frames;
    }

    void addFrames(int more) {
        frames += more;
    }

    /** True when the track's Opened record must be written now; false ever after. */
    boolean open() {
        boolean first = !opened;
        opened = true;
        return first;
    }

    /** The track's data key was destroyed: nothing more of it can be sealed, so nothing more is opened. */
    void erase() {
        erased = true;
    }

    boolean isErased() {
        return erased;
    }

    @Nullable
    Octets wrappedKey() {
        return wrappedKey;
    }

    void wrappedKey(Octets wrapped) {
        wrappedKey = wrapped;
    }

    @Override
    public int type() {
        return 2;
    }

    @Override
    public void write(StateWriter out) {
        sources.write(out);
        rtcpWindows.write(out);
        reorder.write(out);
        group.write(out);
        account.write(out);
        suspicion.write(out);
        frameLayer.write(out);
        pauses.write(out);
        filled.write(out);
        layers.write(out);
        out.u8(raised.stream().mapToInt(a -> 1 << a.ordinal()).sum());
        out.i64(newestArrivalMicros);
        out.i64(lastPlacedMicros);
        out.i64(frames);
        out.flag(opened);
        out.flag(erased);
        out.blob(wrappedKey == null ? new byte[0] : wrappedKey.array());
    }

    static Track read(StateReader in) {
        Track track = new Track(
                Sources.read(in),
                SrtcpReceiver.Windows.read(in),
                ReorderBuffer.read(in),
                FrameGroup.read(in),
                Account.read(in),
                PlaintextSuspicion.read(in),
                FrameLayer.read(in),
                Pauses.read(in),
                Filled.read(in),
                LayerChoice.read(in));
        int alarms = in.u8();
        for (Alarm alarm : Alarm.values()) {
            if ((alarms & 1 << alarm.ordinal()) != 0) {
                track.raised.add(alarm);
            }
        }
        track.newestArrivalMicros = in.i64();
        track.lastPlacedMicros = in.i64();
        track.frames = in.i64();
        track.opened = in.flag();
        track.erased = in.flag();
        byte[] wrapped = in.blob();
        track.wrappedKey = wrapped.length == 0 ? null : Octets.of(wrapped);
        return track;
    }
}
