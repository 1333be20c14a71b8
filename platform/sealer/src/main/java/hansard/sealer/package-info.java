/**
 * Sealing a session key for the workers: what whoever knows the SRTP keys of a call needs, and nothing else of ours.
 *
 * <p><b>In:</b> a key, certificates. <b>Out:</b> CMS in DER. <b>Owns:</b> nothing. <b>Threads:</b> may be shared. <b>Fails:</b>
 * {@link java.lang.IllegalArgumentException} for certificates that nobody can seal to. <b>Spec:</b> RFC 5083 and RFC 5084
 * (AuthEnvelopedData with AES-GCM), RFC 4055 (RSA-OAEP), RFC 5753 (ECDH).
 */
@NullMarked
package hansard.sealer;

import org.jspecify.annotations.NullMarked;
