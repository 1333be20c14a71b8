/**
 * Finding, reading and hearing what was recorded.
 *
 * <p><b>In:</b> {@code calls}, {@code transcripts}, {@code recording.artifacts}, {@code media.rejected}, {@code
 * retention.orders}, read whole and in offset order into one Lucene directory. <b>Out:</b> the search and playback API,
 * receipts of purges on {@code retention.receipts}, orders of composites and of words made again on {@code recording.orders}, audit events. <b>Owns:</b> the Lucene directory, whose commits carry the
 * topic offsets they hold, so that content and position cannot part. <b>Threads:</b> one journal thread writes; HTTP threads
 * read snapshots. <b>Fails:</b> waits for the vault; reads on past a tenant whose
 * keys are refused, and comes back when there is leave; everything else the journal cannot go on from is fatal to the process,
 * and reading resumes at the last commit. <b>Spec:</b> RFC 9110 section 14 (ranges), the HTML standard's server-sent events.
 */
@NullMarked
package hansard.index;

import org.jspecify.annotations.NullMarked;
