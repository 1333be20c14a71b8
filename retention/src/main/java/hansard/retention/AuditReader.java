package hansard.retention;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds events in the ledger, the newest first. */
final class AuditReader {
    private final Ledger ledger;

    AuditReader(Ledger ledger) {
        this.ledger = ledger;
    }

    /** @param callId empty for all calls, and for what is about none */
    List<JsonNode> newest(String tenant, String callId, int limit) {
        List<JsonNode> found = new ArrayList<>();
        try {
            LedgerTail.lastToFirst(ledger.file(), line -> {
                event(line).filter(e -> isWanted(e, tenant, callId)).ifPresent(found::add);
                return found.size() < limit;
            });
        } catch (IOException e) {
            throw new HansardException(ErrorCode.DATA_DIRECTORY, "the ledger " + ledger.file() + " cannot be read", e);
        }
        return found;
    }

    private static boolean isWanted(JsonNode event, String tenant, String callId) {
        return tenant.equals(event.path("tenant").asText())
                && (callId.isEmpty() || callId.equals(event.path("callId").asText()));
    }

    // an altered line is said by the chain; the others are shown all the same
    private static Optional<JsonNode> event(String line) {
        try {
            return Optional.of(Json.mapper().readTree(LedgerLine.parse(line).event()));
        } catch (HansardException | JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
