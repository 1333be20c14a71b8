package hansard.store;

import static hansard.fuzz.Promises.readOrRefused;
import static hansard.fuzz.Promises.same;
import static hansard.fuzz.Promises.sameBytes;

import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import hansard.fuzz.FuzzTarget;
import hansard.keys.DataKey;
import hansard.keys.FuzzVault;
import hansard.keys.KeyRef;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.List;

/** A sealed object's header, read and written again, is the same; no object opens but the one that was sealed. */
public final class SealedObjectFuzz implements FuzzTarget {
    private static final String NAME = "default/c1/s1.webm";
    private static final byte[] MEDIA = "a little media, in one segment".getBytes(StandardCharsets.UTF_8);
    private static final DataKey KEY = FuzzVault.VAULT.newDataKey(new KeyRef("default", "c1", "s1"));
    private static final byte[] SEALED = sealed();

    private static byte[] sealed() {
        SealedHeader header = SealedHeader.of(KEY);
        ByteArrayOutputStream object = new ByteArrayOutputStream();
        object.writeBytes(header.bytes());
        try (WritableByteChannel plain =
                streaming().newEncryptingChannel(Channels.newChannel(object), header.associatedData(NAME))) {
            plain.write(ByteBuffer.wrap(MEDIA));
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        return object.toByteArray();
    }

    private static AesGcmHkdfStreaming streaming() throws GeneralSecurityException {
        return new AesGcmHkdfStreaming(
                KEY.key().reveal().getEncoded(), "HmacSha256", 32, SealedObjects.SEGMENT_BYTES, 0);
    }

    @Override
    public List<byte[]> seeds() {
        return List.of(SEALED, Arrays.copyOf(SEALED, SEALED.length - 1));
    }

    @Override
    public void run(byte[] input) {
        open(input);
        byte[] changed = SEALED.clone();
        for (int i = 0; i + 2 < input.length && i < 64; i += 3) {
            int at = ((input[i] & 0xff) << 8 | (input[i + 1] & 0xff)) % changed.length;
            changed[at] ^= input[i + 2];
        }
        open(changed);
        open(Arrays.copyOf(SEALED, SEALED.length - 1 - input.length % SEALED.length));
    }

    private static void open(byte[] object) {
        byte[] opened = readOrRefused(() -> read(object));
        if (opened != null && opened.length > 0) {
            sameBytes(SEALED, object, "an object that opens and the one that was sealed");
            sameBytes(MEDIA, opened, "the media");
        }
    }

    /** @return what was sealed, or nothing when the header names somebody else */
    private static byte[] read(byte[] object) {
        try (ByteChannelOfBytes stored = new ByteChannelOfBytes(object)) {
            SealedHeader header = SealedHeader.read(NAME, stored);
            if (header.wrapped().length() <= 4_096) {
                SealedHeader again = SealedHeader.of(new DataKey(header.ref(), KEY.key(), header.wrapped()));
                stored.position(0);
                same(
                        header.ref(),
                        SealedHeader.read(NAME, new ByteChannelOfBytes(again.bytes()))
                                .ref(),
                        "the header");
            }
            if (!header.ref().equals(KEY.ref())) {
                return new byte[0];
            }
            SealedContent content = new SealedContent(NAME, stored, header.bytes().length);
            content.position(0);
            try (OpenedObject opened = OpenedObject.prove(NAME, streaming(), content, header.associatedData(NAME))) {
                ByteBuffer all = ByteBuffer.allocate(Math.toIntExact(opened.size()));
                while (all.hasRemaining() && opened.read(all) >= 0) {}
                return all.array();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
