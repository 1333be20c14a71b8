package hansard.transcode;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** The process of one job: reads it on standard input, does it, writes what was made on standard output, ends. */
final class JobMain {
    private static final int CHUNK_BYTES = 256 * 1024;
    /** An hour of a mix: its process then needs no cipher, nor to start one. */
    private static final int MEMORY_BYTES = 16 << 20;

    private JobMain() {}

    public static void main(String[] arguments) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in)));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
        System.setOut(System.err); // what anybody prints must not get between the messages
        byte[] job = new byte[in.readInt()];
        in.readFully(job);
        try (SealedScratch made = SealedScratch.inMemoryUpTo(MEMORY_BYTES)) {
            JobWork work = new JobWork(input -> new JobChannel(input, in, out), thousandths -> {
                try {
                    out.writeByte(JobMessage.PROGRESS.ordinal());
                    out.writeInt(thousandths);
                    out.flush();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            work.make(JobForm.of(job), made);
            FastStart.copyRange(made, 0, made.size(), new Outgoing(out));
            out.writeByte(JobMessage.DONE.ordinal());
        } catch (HansardException e) {
            failed(out, e.code(), String.valueOf(e.getMessage()));
        }
        out.flush();
    }

    private static void failed(DataOutputStream out, ErrorCode code, String message) throws IOException {
        out.writeByte(JobMessage.FAILED.ordinal());
        out.writeUTF(code.name());
        out.writeUTF(message.substring(0, Math.min(message.length(), 4_000)));
    }

    private record Outgoing(DataOutputStream out) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer from) throws IOException {
            int count = Math.min(CHUNK_BYTES, from.remaining());
            byte[] bytes = new byte[count];
            from.get(bytes);
            out.writeByte(JobMessage.OUTPUT.ordinal());
            out.writeInt(count);
            out.write(bytes);
            return count;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
