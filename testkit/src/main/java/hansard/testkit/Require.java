package hansard.testkit;

/** What a test does when something it needs is not on the machine: is skipped, or fails where everything is required. */
public final class Require {
    private Require() {}

    /**
     * Aborts the test when {@code present} is false, or fails it when the system property {@code hansard.requireAll} is true.
     *
     * @param what what is missing, for the report
     */
    public static void present(boolean present, String what) {
        if (present) {
            return;
        }
        if (Boolean.getBoolean("hansard.requireAll")) {
            throw new AssertionError(what + " is missing, and hansard.requireAll says that nothing may be skipped");
        }
        throw new org.opentest4j.TestAbortedException(what + " is not on this machine");
    }
}
