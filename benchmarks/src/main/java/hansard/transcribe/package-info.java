/** What is measured of the stage {@code transcribe} from within its package. */
@NullMarked
package hansard.transcribe;

import org.jspecify.annotations.NullMarked;
