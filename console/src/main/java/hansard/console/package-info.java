/**
 * The web page, and the front door to the HTTP APIs of the other stages.
 *
 * <p><b>In:</b> HTTP requests of people's browsers and of programs. <b>Out:</b> the page, from the class path; {@code /v1/**} is
 * passed on, unchanged, to the stage that answers it (ingest, index or retention). <b>Owns:</b> nothing: no state, no
 * credentials, no opinion on who may see what; the stages behind decide that. <b>Threads:</b> one virtual thread per request,
 * and the HTTP client's own; nothing is shared but the client and the page's files, both immutable. <b>Fails:</b> a stage that
 * does not answer is STAGE_UNAVAILABLE and named; an answer that breaks off halfway breaks off for the browser too.
 * <b>Spec:</b> RFC 9110 (hop-by-hop fields section 7.6.1, ranges section 14), RFC 9457 (problem details), WHATWG server-sent
 * events, Content Security Policy Level 3.
 */
@NullMarked
package hansard.console;

import org.jspecify.annotations.NullMarked;
