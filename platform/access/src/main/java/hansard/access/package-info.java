/**
 * Who is asking, and what they may see.
 *
 * <p><b>In:</b> credentials of an HTTP request. <b>Out:</b> a {@link hansard.access.Caller}. <b>Owns:</b> the directory of
 * users (a file) and the format of session tokens. <b>Threads:</b> may be shared. <b>Fails:</b> UNAUTHENTICATED, FORBIDDEN.
 * <b>Spec:</b> RFC 7617 (Basic), RFC 6750 (Bearer), PBKDF2 with HMAC-SHA256 (RFC 8018).
 */
@NullMarked
package hansard.access;

import org.jspecify.annotations.NullMarked;
