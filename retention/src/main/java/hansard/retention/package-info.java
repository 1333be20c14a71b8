/**
 * How long a call is kept, who may stop its going, and the proof that it went; the audit's ledger.
 *
 * <p><b>In:</b> calls, recording.artifacts, retention.orders, retention.receipts and audit.events from Kafka; holds over HTTP.
 * <b>Out:</b> retention.orders (holds from the API, PurgeOrdered and DiscardOrdered from the Streams application), retention.receipts, tombstones
 * on session.keys, {@code ledger/audit.jsonl}. <b>Owns:</b> the state of every call (a Streams store with a changelog), the
 * ledger's file, the purge records below {@code _purges/} in the object store. <b>Threads:</b> the Streams thread of {@link
 * hansard.retention.CallProcessor}, one of the purge worker, one of the ledger, Helidon's for the API; they meet in the
 * Streams store (read only), in {@link hansard.retention.StateChanges} and in {@link hansard.retention.Ledger} (synchronized).
 * <b>Fails:</b> towards keeping. A call whose date cannot be known is kept; a purge that fails is tried again until it works
 * and shows in health meanwhile; a record that cannot be read is counted and shows in health. <b>Spec:</b> docs/topics.md.
 *
 * <p>{@link hansard.retention.Purge} erases a call, {@link hansard.retention.Discard} one track's sound as it came where the policy is not to
 * keep it.
 *
 * <p>A hold and a purge may be on their way at the same time: the order of their records on the partition of retention.orders
 * decides, and everybody who reads it comes to the same end ({@link
 * hansard.wire.CallOrders}).
 *
 * <p>More replicas: the purge worker and the Streams application divide the partitions among themselves. The API reads the
 * local store only, so with more than one replica a request must be sent to the one that has the call (Kafka Streams'
 * {@code application.server} and {@code queryMetadataForKey}); that is not built. The ledger is one chain in one file: run
 * it in one replica.
 */
@NullMarked
package hansard.retention;

import org.jspecify.annotations.NullMarked;
