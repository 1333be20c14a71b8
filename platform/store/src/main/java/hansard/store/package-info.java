/**
 * Objects at rest: where the recording's files are, always sealed.
 *
 * <p><b>In:</b> bytes and a data key. <b>Out:</b> sealed objects, readable by range; what is made a second
 * time and is the same stays as it was (decision 36). <b>Owns:</b> the directory store's files.
 * <b>Threads:</b> stores may be shared; a writer or reader belongs to one thread. <b>Fails:</b> {@link
 * hansard.runtime.HansardException} STORE_UNAVAILABLE, NOT_FOUND, NOT_AUTHENTIC, KEY_GONE. <b>Spec:</b> Tink streaming AEAD
 * (AES256-GCM-HKDF).
 */
@NullMarked
package hansard.store;

import org.jspecify.annotations.NullMarked;
