package hansard.keys;

import java.util.Map;

/** Told when a worker that may not tried to open something; the audit's writing end fits. Must not throw or wait. */
@FunctionalInterface
public interface RefusalSink {
    /**
     * @param actor stage and certificate subject, {@code decrypt-worker/CN=…}
     * @param callId empty when the try names none
     * @param detail {@code reason}, {@code what}, {@code serial}
     */
    void refused(String tenant, String actor, String callId, Map<String, String> detail);
}
