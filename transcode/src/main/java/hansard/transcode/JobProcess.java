package hansard.transcode;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does a job in a process of its own, which reads the tracks and gives back the file through pipes: it has no key, no file and no
 * network. If native code ends it, or it says nothing for a minute, that is an error of this job.
 */
final class JobProcess {
    private static final Logger log = LoggerFactory.getLogger(JobProcess.class);
    private static final int ATTEMPTS = 2;
    private static final Duration WATCH = Duration.ofMillis(200);
    private static final int MAX_MESSAGE_BYTES = 1 << 20;
    private static final JobMessage[] MESSAGES = JobMessage.values();

    private final String mainClass;
    private final Duration patience;

    JobProcess() {
        this(JobMain.class.getName(), Duration.ofMinutes(1));
    }

    /**
     * @param mainClass what speaks {@link JobMessage}
     * @param patience how long it may say nothing
     */
    JobProcess(String mainClass, Duration patience) {
        this.mainClass = mainClass;
        this.patience = patience;
    }

    /** The process ended before it had said what became of the job. */
    static final class Crashed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Crashed(String how) {
            super(how);
        }
    }

    /**
     * Runs a job to its end and writes what it makes.
     *
     * @param stopped true when the work is to be left; throws INTERNAL then
     * @throws Crashed as the class says; may be tried again, with another target
     * @throws HansardException what the job itself failed with
     */
    void run(
            Job job,
            List<SeekableByteChannel> inputs,
            WritableByteChannel to,
            IntConsumer progress,
            BooleanSupplier stopped) {
        Process process = start();
        Watch watch = new Watch(process, patience, stopped);
        Thread.ofVirtual().name("transcode-job-watch").start(watch);
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
                DataInputStream in = new DataInputStream(new BufferedInputStream(process.getInputStream()))) {
            blob(out, JobForm.bytes(job));
            serve(in, out, inputs, to, progress, watch);
        } catch (EOFException e) {
            throw crashed(process, watch, stopped);
        } catch (IOException e) { // a broken pipe: it is gone
            Crashed crash = crashed(process, watch, stopped);
            crash.addSuppressed(e);
            throw crash;
        } finally {
            process.destroyForcibly();
        }
    }

    /**
     * Tries once more when the process crashes: it may have been short of memory, and not the media's fault.
     *
     * @param what the job is, in an error
     * @throws HansardException MEDIA_FAILED when it crashes again
     */
    static <T> T twice(String what, Supplier<T> attempt) {
        for (int tried = 1; ; tried++) {
            try {
                return attempt.get();
            } catch (Crashed e) {
                if (tried == ATTEMPTS) {
                    throw new HansardException(
                            ErrorCode.MEDIA_FAILED,
                            "the process that makes " + what + " " + e.getMessage() + ", " + ATTEMPTS
                                    + " times; the tracks it is made from are whole",
                            e);
                }
                log.warn("the process that makes {} {}; once more", what, e.getMessage());
            }
        }
    }

    private Process start() {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder builder = new ProcessBuilder(
                java,
                "-Xmx256m",
                "-XX:+UseSerialGC",
                // the work is native code's: the second compiler would cost more than it saves
                "-XX:TieredStopAtLevel=1",
                // what native code was working on when it crashed belongs to nobody's disk
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=/dev/null",
                "-XX:+DisableAttachMechanism",
                // what LWJGL does in its classes for new releases, and its digests of its own files, cost more than a
                // minute's mix
                "-Djdk.util.jar.enableMultiRelease=false",
                "-Dorg.lwjgl.util.NoHashChecks=true",
                "-Dorg.lwjgl.system.allocator=system",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                mainClass);
        builder.redirectError(ProcessBuilder.Redirect.DISCARD); // a crash report quotes memory
        try {
            return builder.start();
        } catch (IOException e) {
            throw new HansardException(
                    ErrorCode.INTERNAL, "no process for FFmpeg can be started with " + java + ": " + e.getMessage(), e);
        }
    }

    private static void serve(
            DataInputStream in,
            DataOutputStream out,
            List<SeekableByteChannel> inputs,
            WritableByteChannel to,
            IntConsumer progress,
            Watch watch)
            throws IOException {
        while (true) {
            int type = in.readUnsignedByte();
            watch.heard();
            if (type >= MESSAGES.length) {
                throw new IOException("message " + type);
            }
            switch (MESSAGES[type]) {
                case SIZE -> {
                    out.writeLong(size(inputs.get(in.readInt())));
                    out.flush();
                }
                case READ -> blob(out, read(inputs.get(in.readInt()), in.readLong(), length(in)));
                case PROGRESS -> progress.accept(in.readInt());
                case OUTPUT -> {
                    byte[] bytes = new byte[length(in)];
                    in.readFully(bytes);
                    write(to, ByteBuffer.wrap(bytes));
                }
                case DONE -> {
                    return;
                }
                case FAILED -> throw new HansardException(ErrorCode.valueOf(in.readUTF()), in.readUTF());
            }
        }
    }

    private static int length(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > MAX_MESSAGE_BYTES) {
            throw new IOException(length + " bytes");
        }
        return length;
    }

    private static void blob(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
        out.flush();
    }

    /** What the store fails with is not the process's failure. */
    private static byte[] read(SeekableByteChannel input, long position, int length) {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        try {
            input.position(position);
            while (bytes.hasRemaining() && input.read(bytes) >= 0) {
                // on
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return java.util.Arrays.copyOf(bytes.array(), bytes.position());
    }

    private static long size(SeekableByteChannel input) {
        try {
            return input.size();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(WritableByteChannel to, ByteBuffer bytes) {
        try {
            while (bytes.hasRemaining()) {
                to.write(bytes);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Crashed crashed(Process process, Watch watch, BooleanSupplier stopped) {
        if (stopped.getAsBoolean()) {
            throw new HansardException(ErrorCode.INTERNAL, "the job was left unfinished");
        }
        if (watch.silent) {
            return new Crashed("said nothing for " + watch.patience.toSeconds() + " s");
        }
        try {
            if (process.waitFor(5, TimeUnit.SECONDS)) {
                int code = process.exitValue();
                return new Crashed(code > 128 ? "ended by signal " + (code - 128) : "ended with code " + code);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Crashed("closed its pipes");
    }

    /** Ends the process when nobody wants it any more, and when it hangs. */
    private static final class Watch implements Runnable {
        private final Process process;
        private final Duration patience;
        private final BooleanSupplier stopped;
        private volatile long heardNanos = System.nanoTime();
        private volatile boolean silent;

        Watch(Process process, Duration patience, BooleanSupplier stopped) {
            this.process = process;
            this.patience = patience;
            this.stopped = stopped;
        }

        void heard() {
            heardNanos = System.nanoTime();
        }

        @Override
        public void run() {
            try {
                while (!process.waitFor(WATCH.toMillis(), TimeUnit.MILLISECONDS)) {
                    silent = System.nanoTime() - heardNanos > patience.toNanos();
                    if (silent || stopped.getAsBoolean()) {
                        process.destroyForcibly();
                    }
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            log.debug("the process of a job has ended");
        }
    }
}
