/**
 * Keys: sealing session keys for workers, opening them, and data keys that live and die in a vault.
 *
 * <p><b>In:</b> CMS messages, a vault directory, an authority's certificate and revocation list; a token or key service, when the
 * settings say so. <b>Out:</b> opened session keys, sealed envelopes, certificates. <b>Owns:</b> the envelope format, the vault's
 * directory and the authority's; who waits for leave, in a consumer's commits ({@code AwaitedLeave}, of one thread). <b>Threads:</b>
 * everything else here may be shared. <b>Fails:</b> {@link hansard.runtime.HansardException} with VAULT_UNAVAILABLE (wait), KEY_REFUSED
 * (wait, and nobody else), KEY_GONE (never again) or NOT_AUTHENTIC. <b>Spec:</b>
 * RFC 5652, RFC 5083 (CMS), RFC 5753 (ECDH), RFC 5280 (X.509), PKCS #11 v2.40, NIST SP 800-38D (GCM), RFC 5649 (key wrap). Keepers of
 * keys whose libraries are large are in modules of their own and found as services. Nothing here is on the ingest's class path.
 */
@NullMarked
package hansard.keys;

import org.jspecify.annotations.NullMarked;
