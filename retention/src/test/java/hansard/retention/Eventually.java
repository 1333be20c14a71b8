package hansard.retention;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Looks until what another thread or process does is there; fails after half a minute with what was there instead. */
final class Eventually {
    private Eventually() {}

    static <T> T see(Supplier<T> look, Predicate<T> wanted) throws InterruptedException {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        T seen = look.get();
        while (!wanted.test(seen)) {
            if (System.nanoTime() > end) {
                fail("after 30 s still: " + seen);
            }
            Thread.sleep(50);
            seen = look.get();
        }
        return seen;
    }
}
