/**
 * Turns sealed frames into what people play and what the recogniser hears: tracks, the mix, and speech. FFmpeg and libopus live
 * only here.
 *
 * <p><b>In:</b> {@code media.frames}; {@code calls} and {@code recording.artifacts} to know when a recording is whole;
 * {@code recording.orders}. <b>Out:</b> sealed objects {@code TENANT/CALL/TRACK.webm|mp4|wav|mka}, what goes with a track ({@code .tones},
 * {@code .weba}, {@code .packets}, {@code .segments/N}, {@code .redacted/N}, {@code .coverage}, and {@code .frames} where nobody could open it), {@code TENANT/CALL/mix.webm}, {@code composite.webm} and
 * {@code completeness.json}; {@code TENANT/CALL/record.p7m}, signed and not sealed; {@code media.speech};
 * {@code recording.artifacts}; tombstones on {@code session.keys}. <b>Owns:</b> the consumer groups {@code
 * hansard-transcode}, {@code hansard-transcode-redaction}, {@code hansard-transcode-mix}, {@code hansard-transcode-composite}, {@code hansard-transcode-transcripts} and {@code hansard-transcode-completeness}, the Streams application {@code hansard-transcode-assembly}, and
 * sealed scratch files that are unlinked while open. <b>Threads:</b> one for tracks; for tracks without what may not be heard, for mixes, for composites, for sound that is heard again and for completeness one each and one it waits for;
 * and those of Kafka Streams; a track, a muxer, a decoder belongs to one thread. <b>Fails:</b> a bad frame is counted and
 * passed over; a native failure ends one track with {@code alarm.media-failed}; vault and store outages hold the partition;
 * what is of a tenant whose keys are refused is passed over and read again when there is leave; anything else goes to {@link hansard.runtime.Faults}. Mixes and composites are made by processes that are
 * started for them ({@code JobProcess}), whose crash costs one job; tracks and speech are made in this one, Opus decoded by libopus, and a crash of native code there
 * ends the stage, whose restart makes the unfinished tracks anew. <b>Spec:</b> RFC 6716 sections 2.1.7, 3.1 and 4.4, RFC 8251 and RFC 7845 (Opus), RFC 6386
 * section 9.1 (VP8), RFC 4733 (telephone events), ITU-T G.711 and G.722, the VP9 and AV1 bitstreams as far as their headers, H.264 Annex B, ISO/IEC 14496-12 (MP4), the WebM container guidelines.
 */
@NullMarked
package hansard.transcode;

import org.jspecify.annotations.NullMarked;
