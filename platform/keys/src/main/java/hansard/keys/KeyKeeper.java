package hansard.keys;

import java.io.IOException;
import java.util.List;
import javax.crypto.AEADBadTagException;

/**
 * What keeps the organisation's lasting keys: a file, a token, a service. A vault asks it for two things only, to use a worker's
 * identity and to wrap the key of one track. May be shared between threads.
 *
 * <p>IOException means that it does not answer now, and may later.
 */
public interface KeyKeeper extends AutoCloseable {
    /** The worker's identities, the current one first; older ones still open what was sealed for them. At least one. */
    List<WorkerIdentity> identities() throws IOException;

    /** @param context bound to the result: with another it does not unwrap */
    byte[] wrap(byte[] key, byte[] context) throws IOException;

    /** @throws AEADBadTagException when it was altered, wrapped by other keys, or for another context */
    byte[] unwrap(byte[] wrapped, byte[] context) throws IOException, AEADBadTagException;

    /** From now on {@link #wrap} uses a new key; what the key before wrapped still unwraps. */
    void rotate() throws IOException;

    /**
     * Which wrapping key opens what {@link #wrap} gave, by this keeper's name for it.
     *
     * @throws AEADBadTagException when this keeper does not wrap so
     */
    String wrappingKeyOf(byte[] wrapped) throws AEADBadTagException;

    /** Drops every wrapping key that is older than one, for good: what they wrapped is noise then. May be repeated. */
    Retirement retireBefore(String wrappingKey) throws IOException;

    @Override
    void close();
}
