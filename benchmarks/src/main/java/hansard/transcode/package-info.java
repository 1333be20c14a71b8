/** What transcode's jobs cost, beside ffmpeg's command line. */
@NullMarked
package hansard.transcode;

import org.jspecify.annotations.NullMarked;
