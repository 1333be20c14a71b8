/**
 * What recording costs: the stages as processes of their own, under the load of many streams, beside what else one could run; and
 * what an outage of the vault costs them.
 *
 * <p><b>In:</b> a number of streams and a time. <b>Out:</b> CPU seconds, memory and backlog of each stage, as text or JSON; benchmarks/README.md
 * quotes them. <b>Owns:</b> a folder below target/ and the processes it starts, for the time of a run. <b>Threads:</b> the main one, a
 * sender, a reader of the peer's media. <b>Fails:</b> when a datagram or an object is missing: a cheap recorder that loses is no
 * recorder. <b>Spec:</b> RFC 3711 for what is sent.
 */
@NullMarked
package hansard.benchmarks;

import org.jspecify.annotations.NullMarked;
