/**
 * The command: every stage in one process, one stage in a process of its own, and the clients that play and search calls.
 *
 * <p><b>In:</b> arguments, a configuration file. <b>Out:</b> running stages; what a person or a script asked for.
 * <b>Owns:</b> the data directory's layout, the lock on it, the note of where a running instance listens. <b>Threads:</b>
 * the stages', and one for each while it starts and while it stops; the command itself uses the main thread and a shutdown hook. <b>Fails:</b> exit code 0 done, 1 the work
 * failed, 2 the command or configuration is wrong, 70 a stage could not go on. <b>Spec:</b> docs/operations.md.
 *
 * <p>The only package that knows every stage.
 */
@NullMarked
package hansard.app;

import org.jspecify.annotations.NullMarked;
