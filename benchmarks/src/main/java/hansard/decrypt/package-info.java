/**
 * Figures about the decrypt-worker's inside; in its package because the inside is not public.
 *
 * <p><b>In:</b> packets of the testkit's sender. <b>Out:</b> times, quoted as ratios within one run (benchmarks/README.md).
 * <b>Owns:</b> nothing. <b>Threads:</b> JMH's. <b>Fails:</b> when a packet is refused. <b>Spec:</b> RFC 3711.
 */
@NullMarked
package hansard.decrypt;

import org.jspecify.annotations.NullMarked;
