package hansard.retention;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Json;
import hansard.store.ObjectStore;
import hansard.wire.Receipt;
import hansard.wire.RetentionOrder.PurgeOrdered;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What a purge is about to erase and what it has proved, kept in the store itself as {@code _purges/TENANT/CALL.json}: names
 * only. Written before the first delete, so that whoever goes on after a crash can still say what was there.
 *
 * @param objects all that were ever seen below the call's prefix
 */
record PurgeRecord(String orderId, SortedSet<String> objects, List<Receipt> proven) {
    private static final int MAX_BYTES = 64 << 20;

    PurgeRecord {
        objects = Collections.unmodifiableSortedSet(new TreeSet<>(objects));
        proven = List.copyOf(proven);
    }

    static String key(PurgeOrdered order) {
        return "_purges/" + order.tenant() + "/" + order.callId() + ".json";
    }

    static PurgeRecord read(ObjectStore store, PurgeOrdered order) {
        try (SeekableByteChannel channel = store.open(key(order))) {
            byte[] bytes = Channels.newInputStream(channel).readNBytes(MAX_BYTES);
            return Json.read(bytes, PurgeRecord.class);
        } catch (HansardException e) {
            if (e.code() == ErrorCode.NOT_FOUND) {
                return new PurgeRecord(order.orderId(), new TreeSet<>(), List.of());
            }
            throw e;
        } catch (IOException e) {
            throw new HansardException(ErrorCode.STORE_UNAVAILABLE, key(order) + " cannot be read", e);
        }
    }

    void write(ObjectStore store, PurgeOrdered order) {
        try (ObjectStore.Upload upload = store.create(key(order))) {
            ByteBuffer bytes = ByteBuffer.wrap(Json.bytes(this));
            while (bytes.hasRemaining()) {
                upload.channel().write(bytes);
            }
            upload.commit();
        } catch (IOException e) {
            throw new HansardException(ErrorCode.STORE_UNAVAILABLE, key(order) + " cannot be written", e);
        }
    }

    /** With more objects; a receipt that does not name them is no longer proof and goes. */
    PurgeRecord withObjects(Collection<String> more) {
        if (objects.containsAll(more)) {
            return this;
        }
        SortedSet<String> all = new TreeSet<>(objects);
        all.addAll(more);
        return new PurgeRecord(
                orderId,
                all,
                proven.stream().filter(r -> !r.what().equals(Receipts.OBJECTS)).toList());
    }

    PurgeRecord withReceipt(Receipt receipt) {
        List<Receipt> all = new ArrayList<>(proven);
        all.removeIf(r -> r.what().equals(receipt.what()));
        all.add(receipt);
        return new PurgeRecord(orderId, objects, all);
    }

    Optional<Receipt> receipt(String what) {
        return proven.stream().filter(r -> r.what().equals(what)).findFirst();
    }
}
