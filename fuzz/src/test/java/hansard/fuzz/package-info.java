/**
 * Fuzzing: every parser that faces the network or Kafka, with what must hold whatever the bytes are.
 *
 * <p><b>In:</b> bytes, from Jazzer, from the targets' own seeds, from inputs that were once a finding. <b>Out:</b> nothing, or an
 * error that says which promise is broken. <b>Owns:</b> {@code target/fuzz} while it runs. <b>Threads:</b> one. <b>Fails:</b> by
 * AssertionError, or by whatever a target threw. <b>Spec:</b> docs/decisions/0025.
 *
 * <p>Targets for package-private parsers are in test packages of the parsers' names; none of this is on a class path that ships.
 */
@NullMarked
package hansard.fuzz;

import org.jspecify.annotations.NullMarked;
