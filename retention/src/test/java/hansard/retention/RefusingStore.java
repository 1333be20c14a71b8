package hansard.retention;

import hansard.store.ObjectStore;
import java.nio.channels.SeekableByteChannel;
import java.util.List;

/**
 * A store in front of another that stops working, as a process does that is killed, after some operations; or that answers
 * deletes and does not delete.
 */
final class RefusingStore implements ObjectStore {
    /** What a SIGKILL looks like from inside. */
    static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final ObjectStore store;
    private int operationsLeft;
    private boolean keepsAll;

    RefusingStore(ObjectStore store) {
        this.store = store;
        this.operationsLeft = Integer.MAX_VALUE;
    }

    RefusingStore killedAfter(int operations) {
        operationsLeft = operations;
        return this;
    }

    RefusingStore keepsAll(boolean keeps) {
        keepsAll = keeps;
        return this;
    }

    private void count() {
        if (operationsLeft-- <= 0) {
            throw new Killed();
        }
    }

    @Override
    public Upload create(String key) {
        count();
        return store.create(key);
    }

    @Override
    public SeekableByteChannel open(String key) {
        count();
        return store.open(key);
    }

    @Override
    public List<String> list(String prefix) {
        count();
        return store.list(prefix);
    }

    @Override
    public boolean delete(String key) {
        count();
        return keepsAll || store.delete(key);
    }
}
