package hansard.index;

import hansard.wire.Artifact.StoredObject;
import org.jspecify.annotations.Nullable;

/** All speakers in one file; {@code object} is null when no track had audio. */
record Mix(long startMicros, long durationMicros, @Nullable StoredObject object) {}
