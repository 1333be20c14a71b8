/**
 * A Kafka broker inside this process: KRaft, one node, for the all-in-one, for tests and for a single machine.
 *
 * <p><b>In:</b> a directory and a port. <b>Out:</b> a bootstrap address. <b>Owns:</b> the broker's log directory.
 * <b>Threads:</b> the broker's own. <b>Fails:</b> PORT_IN_USE, DATA_DIRECTORY; a fatal fault of the broker goes to the
 * caller's {@link hansard.runtime.Faults}. <b>Spec:</b> Kafka 4.3, whose server classes are not a public API: they are used in
 * this package and nowhere else.
 */
@NullMarked
package hansard.broker;

import org.jspecify.annotations.NullMarked;
