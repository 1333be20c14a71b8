/**
 * What every stage needs to be a well-behaved process, and nothing about calls.
 *
 * <p><b>In:</b> a YAML file, environment variables. <b>Out:</b> typed settings, errors with codes, Kafka clients with safe
 * defaults, an HTTP server that answers errors in one shape. <b>Owns:</b> nothing that outlives the process.
 * <b>Threads:</b> none of its own. <b>Fails:</b> {@link hansard.runtime.HansardException} with an {@link
 * hansard.runtime.ErrorCode}. <b>Spec:</b> RFC 9457 (problem details).
 */
@NullMarked
package hansard.runtime;

import org.jspecify.annotations.NullMarked;
