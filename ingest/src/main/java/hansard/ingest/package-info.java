/**
 * Takes media in: SRTP from the network to Kafka, still sealed, and the control API that says whose it is.
 *
 * <p><b>In:</b> HTTP requests of connectors; datagrams on UDP ports. <b>Out:</b> {@code calls}, {@code session.keys}, {@code
 * media.srtp}, {@code audit.events}. <b>Owns:</b> the UDP ports, which call is open on this process, and the number of each
 * datagram. <b>Fails:</b> {@link hansard.runtime.HansardException} to the caller of the API; a receiver that cannot go on ends
 * the process; when Kafka is away media waits in a bounded buffer and commands are refused. <b>Spec:</b> RFC 3550 and RFC 3711
 * for the headers, RFC 5761 for RTCP on the media port, RFC 9457 for errors; docs/api.md.
 *
 * <p>This is zone 1. It never sees a key: session keys pass through sealed and are not even parsed, and nothing that could open
 * one is on its class path.
 *
 * <p><b>Threads:</b>
 *
 * <pre>
 *   HTTP (virtual, one a request) ── CallControl, under the call's lock ──► Journal, AuditLog ──► Kafka, awaited
 *          │ Receiver.call: queue of commands, done between two passes
 *          ▼
 *   ingest-receiver (one) ── sockets ► StreamIntake ► MediaWriter.send, never blocks ──► Kafka's own sender thread
 *                                                                                          │ callbacks
 *                                                            StreamCounters (atomics) ◄────┘
 *   ingest-silent (one, unless ingest.silent-after is 0) ── AuditLog
 *   ingest-abandoned (one, only with ingest.abandoned-after) ── CallControl.end
 * </pre>
 *
 * <p>Queues: the kernel's per socket ({@code ingest.udp.receive-buffer}), one bundle per stream ({@code ingest.bundle.*}),
 * Kafka's producer ({@code ingest.buffer.max-bytes} in all; when it is full the newest bundle is dropped and counted). Locks:
 * one per call, held for a command; nothing on the way of a datagram takes a lock of ours. A record of a stream is written by
 * the receiver until it has let the stream go, then by the command that ends it: so the order on the topic is that of the
 * facts.
 *
 * <p>Restart: {@code calls} tells which calls and streams are open, {@code media.srtp} how far each is. A process takes up
 * only calls that its own {@code kafka.instance} opened, so replicas do not take each other's.
 */
@NullMarked
package hansard.ingest;

import org.jspecify.annotations.NullMarked;
