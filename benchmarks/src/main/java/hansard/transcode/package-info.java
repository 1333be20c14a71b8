/** What transcode's jobs cost, beside ffmpeg's command line, and what is in the tracks it stored. */
@NullMarked
package hansard.transcode;

import org.jspecify.annotations.NullMarked;
