/**
 * The contract between the stages: what is on each topic, byte by byte.
 *
 * <p><b>In / Out:</b> records to bytes and back. <b>Owns:</b> the formats and {@link hansard.wire.Topics}. <b>Threads:</b>
 * none; everything here is immutable. <b>Fails:</b> {@link hansard.runtime.HansardException} MALFORMED on bytes that are
 * not what they should be, checked before anything is allocated from a length in them. <b>Spec:</b> docs/topics.md.
 *
 * <p>Times named {@code …Micros} are microseconds since 1970 unless said otherwise; the call's clock (0 at its first media)
 * is made from them where a person or the API sees them.
 */
@NullMarked
package hansard.wire;

import org.jspecify.annotations.NullMarked;
