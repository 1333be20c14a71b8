/**
 * Keys: sealing session keys for workers, opening them, and data keys that live and die in a vault.
 *
 * <p><b>In:</b> CMS messages, a vault directory. <b>Out:</b> opened session keys, sealed envelopes. <b>Owns:</b> the
 * envelope format and the PKCS#12 vault's files. <b>Threads:</b> everything here may be shared. <b>Fails:</b> {@link
 * hansard.runtime.HansardException} with VAULT_UNAVAILABLE (wait), KEY_GONE (never again) or NOT_AUTHENTIC. <b>Spec:</b>
 * RFC 5652, RFC 5083 (CMS), NIST SP 800-38D (GCM), RFC 5649 (key wrap). Nothing here is on the ingest's class path.
 */
@NullMarked
package hansard.keys;

import org.jspecify.annotations.NullMarked;
