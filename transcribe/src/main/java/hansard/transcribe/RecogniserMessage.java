package hansard.transcribe;

import java.io.DataInputStream;
import java.io.IOException;

/**
 * What parent and child of a {@link RecogniserProcess} say to each other on the child's standard input and output, in network
 * order. Each message begins with its type (u8, this enum's ordinal) and a slot (i32). A slot is one recogniser; it has one
 * question open at a time.
 */
enum RecogniserMessage {
    /**
     * To the child: u8 urgent, u8 partial wanted, blob PCM (i32 length, bytes). The next piece of the slot's stretch; the first after
     * a FINISH begins another. Answered by HEARD.
     */
    HEAR,
    /** To the child: u8 urgent. The slot's stretch is over. Answered by HEARD; the slot is as new. */
    FINISH,
    /**
     * From the child: blob JSON of a result, empty when no utterance was over; i64 the sample of the slot's recogniser at
     * which the stretch began, which the times in the JSON count from; blob JSON of a partial result, empty when not wanted.
     */
    HEARD,
    /** From the child, slot 0: the model is loaded. Said once, first. */
    READY,
    /** From the child, slot 0: UTF error code, UTF message. The model cannot be used; the child ends. */
    FAILED;

    private static final RecogniserMessage[] ALL = values();

    /** Longer blobs are not sent by either. */
    static final int MAX_BLOB_BYTES = 4 << 20;

    /** Reads the type of the next message. @throws IOException EOFException at the end, and when there is no such type */
    static RecogniserMessage next(DataInputStream in) throws IOException {
        int type = in.readUnsignedByte();
        if (type >= ALL.length) {
            throw new IOException("a message of type " + type);
        }
        return ALL[type];
    }
}
