/**
 * What tests of several modules need: a real broker, real captures, hand-written foreign parts, a vault that fails. Test scope only.
 *
 * <p><b>In:</b> captures and speech in the resources (see NOTICE.md). <b>Out:</b> datagrams, brokers, scores. <b>Owns:</b> nothing that
 * outlives a test. <b>Threads:</b> the broker's. <b>Fails:</b> with the assertion that broke. <b>Spec:</b> pcap as written by
 * tcpdump.
 */
@NullMarked
package hansard.testkit;

import org.jspecify.annotations.NullMarked;
