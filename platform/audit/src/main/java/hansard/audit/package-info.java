/**
 * Writing down who did what.
 *
 * <p><b>In:</b> facts from the stages. <b>Out:</b> {@link hansard.wire.AuditEvent} on {@code audit.events}. <b>Owns:</b> one
 * Kafka producer. <b>Threads:</b> may be shared. <b>Fails:</b> KAFKA_UNAVAILABLE from {@link hansard.audit.AuditLog#require},
 * for actions that must not happen unrecorded. <b>Spec:</b> docs/topics.md.
 */
@NullMarked
package hansard.audit;

import org.jspecify.annotations.NullMarked;
