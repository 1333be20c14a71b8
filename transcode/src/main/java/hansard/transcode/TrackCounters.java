package hansard.transcode;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** What happens to frames and tracks: {@code frames = muxed + bad + late + unplaced + unkeyed + unopened + otherCodec + tones}. */
record TrackCounters(
        Counter frames,
        Counter muxed,
        Counter bad,
        Counter late,
        Counter unplaced,
        Counter unkeyed,
        Counter unopened,
        Counter otherCodec,
        Counter tones,
        Counter stored,
        Counter empty,
        Counter failed,
        Counter malformed) {

    static TrackCounters in(MeterRegistry meters) {
        return new TrackCounters(
                meters.counter("hansard.transcode.frames"),
                meters.counter("hansard.transcode.frames.muxed"),
                meters.counter("hansard.transcode.frames.bad"),
                meters.counter("hansard.transcode.frames.late"),
                meters.counter("hansard.transcode.frames.unplaced"),
                meters.counter("hansard.transcode.frames.unkeyed"),
                meters.counter("hansard.transcode.frames.unopened"),
                meters.counter("hansard.transcode.frames.other-codec"),
                meters.counter("hansard.transcode.frames.tones"),
                meters.counter("hansard.transcode.tracks.stored"),
                meters.counter("hansard.transcode.tracks.empty"),
                meters.counter("hansard.transcode.tracks.failed"),
                meters.counter("hansard.transcode.records.malformed"));
    }
}
