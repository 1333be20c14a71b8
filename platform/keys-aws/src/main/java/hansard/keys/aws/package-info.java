/**
 * AWS Key Management Service as a keeper of a vault's lasting keys, in a module of its own so that the SDK is on the class path only of
 * stages that open a vault.
 *
 * <p><b>In:</b> settings {@code vault.aws-kms.*}; credentials by the SDK's default chain. <b>Out:</b> requests to KMS by HTTPS, each of
 * which names its key. <b>Owns:</b> nothing; keys are made and ended by their owner at KMS. <b>Threads:</b> everything here may be
 * shared. <b>Fails:</b> IOException, or VAULT_UNAVAILABLE from an identity's key, with what to do. <b>Spec:</b> AWS KMS API
 * reference, version 2014-11-01. Found by {@code hansard.keys} as a service.
 */
@NullMarked
package hansard.keys.aws;

import org.jspecify.annotations.NullMarked;
