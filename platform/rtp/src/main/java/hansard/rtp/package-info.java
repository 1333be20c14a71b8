/**
 * RTP headers, read with bounds, without keys.
 *
 * <p><b>In:</b> untrusted bytes. <b>Out:</b> header fields, or why it is not RTP. <b>Owns:</b> nothing. <b>Threads:</b> none;
 * stateless but for {@link hansard.rtp.SequenceUnwrapper}, which belongs to one thread. <b>Fails:</b> by value, never by
 * exception. <b>Spec:</b> RFC 3550 section 5.1, RFC 8285, RFC 5761 section 4.
 */
@NullMarked
package hansard.rtp;

import org.jspecify.annotations.NullMarked;
