/**
 * The decrypt-worker: opens SRTP under the vault's policy and makes codec frames of it.
 *
 * <p><b>In:</b> {@code session.keys} and {@code media.srtp}, both keyed by stream; objects {@code TENANT/CALL/TRACK.frames}.
 * <b>Out:</b> {@code media.frames} (sealed under the track's data key), {@code media.rejected}, {@code audit.events}. <b>Owns:</b>
 * per stream a {@link hansard.decrypt.StreamState} and what waits for a key, which hold ciphertext and counters only, and a {@link
 * hansard.decrypt.Reopening} while an ended track is made anew. <b>Threads:</b> Kafka Streams' own; a stream belongs to one at a
 * time. <b>Fails:</b> a vault that does not answer makes it wait, a key that does not open, or that the vault refuses, makes that stream wait, anything else
 * ends the process, and the next one goes on from the last commit. <b>Spec:</b> RFC 3711, 6188 and 7714 (SRTP), RFC 3550 section 6.4.1 (sender reports), RFC 5761, RFC
 * 7587 (Opus), RFC 3551 (G.711, G.722), RFC 4733 (telephone events), RFC 7741 (VP8), RFC 9628 (VP9), RFC 6184 (H.264), RTP Payload
 * Format For AV1 (AOMedia), RFC 4588 (retransmission), RFC 2198 (RED), RFC 6464 (audio level), RFC 8853 and RFC 8852 (simulcast), RFC 7160 (clock rates), RFC 9605 (SFrame).
 */
@NullMarked
package hansard.decrypt;

import org.jspecify.annotations.NullMarked;
