package hansard.wire;

import hansard.runtime.Json;

/**
 * Proof that one holder of copies has erased its own, on {@link Topics#RETENTION_RECEIPTS}. Written only after the delete is
 * seen to have worked.
 *
 * @param what {@code objects}, {@code data-keys}, {@code session-keys}, {@code index}; {@code original} for one track's sound as it came; {@code call} for
 *     the whole, when all are in
 * @param by which part erased it, such as {@code retention}, {@code index/replica-1}
 * @param count how many things were erased
 * @param evidence what was checked, in words and names (object keys, key references), never content
 */
public record Receipt(
        String orderId,
        String tenant,
        String callId,
        long atMicros,
        String what,
        String by,
        long count,
        String evidence) {
    public byte[] toBytes() {
        return Json.bytes(this);
    }

    public static Receipt fromBytes(byte[] json) {
        Receipt receipt = Json.read(json, Receipt.class);
        return Names.checked(receipt, receipt.tenant(), receipt.callId());
    }
}
