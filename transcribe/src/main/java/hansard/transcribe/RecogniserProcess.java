package hansard.transcribe;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The recognisers of one model in a process of their own ({@link RecogniserMain}), which native code may end without ending the
 * stage. Nothing that it was told is on a disk: it writes no core and no error file, and what it prints is thrown away.
 * Thread-safe; each slot has one caller at a time.
 */
final class RecogniserProcess implements AutoCloseable {
    private static final Duration TO_LOAD = Duration.ofMinutes(2);
    /** Stands for no failure in a future that cannot hold null. */
    private static final HansardException NONE = new HansardException(ErrorCode.INTERNAL, "no failure");

    private static final Hypothesis NOTHING = new Hypothesis("", List.of());

    private final Process process;
    private final DataOutputStream out;
    private final DataInputStream in;
    private final Duration patience;
    private final Map<Integer, CompletableFuture<Heard>> questions = new ConcurrentHashMap<>();
    private volatile long heardNanos = System.nanoTime();
    private volatile String ended = "";

    /** The process ended, or hung, before it answered. */
    static final class Crashed extends RuntimeException {
        private static final long serialVersionUID = 1;

        Crashed(String how) {
            super(how);
        }
    }

    /**
     * What came of a piece.
     *
     * @param result the words of the utterance that is over; without words when none is
     * @param partial the words of the one that goes on; empty when they were not asked for
     */
    record Heard(Hypothesis result, String partial) {
        @Override
        public String toString() {
            return "Heard[" + result + "]";
        }
    }

    private RecogniserProcess(Process process, Duration patience) {
        this.process = process;
        this.patience = patience;
        this.out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), 1 << 16));
        this.in = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16));
    }

    /**
     * Starts one and waits until its model is loaded.
     *
     * @param cores how many it keeps busy at a time
     * @throws HansardException MODEL_MISSING or BAD_CONFIGURATION when the model cannot be used
     */
    static RecogniserProcess start(Path model, int cores) {
        return start(model, cores, RecogniserMain.class.getName(), Duration.ofMinutes(1));
    }

    /**
     * @param mainClass what speaks {@link RecogniserMessage}
     * @param patience how long it may say nothing while it is asked
     */
    static RecogniserProcess start(Path model, int cores, String mainClass, Duration patience) {
        RecogniserProcess child = new RecogniserProcess(launch(model, cores, mainClass), patience);
        CompletableFuture<HansardException> loaded = new CompletableFuture<>();
        Thread.ofPlatform().name("recogniser-answers").daemon().start(() -> child.readAnswers(loaded));
        HansardException failure;
        try {
            failure = loaded.get(TO_LOAD.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failure = new HansardException(ErrorCode.INTERNAL, "interrupted while a speech model was loaded", e);
        } catch (ExecutionException | TimeoutException e) {
            failure = new HansardException(
                    ErrorCode.MODEL_MISSING,
                    "the speech model in " + model + " was not loaded: its process "
                            + (child.ended.isEmpty() ? "took longer than " + TO_LOAD.toSeconds() + " s" : child.ended)
                            + ". Unpack it again; it may be damaged, or there may be too little memory for it.",
                    e);
        }
        if (failure != NONE) {
            child.close();
            throw failure;
        }
        return child;
    }

    private static Process launch(Path model, int cores, String mainClass) {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder builder = new ProcessBuilder(
                java,
                "-Xmx128m",
                "-XX:+UseSerialGC",
                // the work is native code's: the second compiler would cost more than it saves
                "-XX:TieredStopAtLevel=1",
                // what native code was working on when it crashed belongs to nobody's disk
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=/dev/null",
                "-XX:+DisableAttachMechanism",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                mainClass,
                model.toAbsolutePath().toString(),
                Integer.toString(cores));
        builder.redirectError(ProcessBuilder.Redirect.DISCARD); // a crash report quotes memory
        try {
            return builder.start();
        } catch (IOException e) {
            throw new HansardException(
                    ErrorCode.INTERNAL, "no process for Vosk can be started with " + java + ": " + e.getMessage(), e);
        }
    }

    boolean isAlive() {
        return ended.isEmpty() && process.isAlive();
    }

    /**
     * The next piece of a slot's stretch.
     *
     * @throws Crashed whoever's fault it was
     * @throws Patience.Stopped when interrupted
     */
    Heard hear(int slot, byte[] pcm, boolean urgent, boolean partial) {
        return ask(slot, () -> {
            out.writeByte(RecogniserMessage.HEAR.ordinal());
            out.writeInt(slot);
            out.writeBoolean(urgent);
            out.writeBoolean(partial);
            out.writeInt(pcm.length);
            out.write(pcm);
        });
    }

    /** The slot's stretch is over; what is asked next is of another. @throws Crashed whoever's fault it was */
    Heard finish(int slot, boolean urgent) {
        return ask(slot, () -> {
            out.writeByte(RecogniserMessage.FINISH.ordinal());
            out.writeInt(slot);
            out.writeBoolean(urgent);
        });
    }

    private interface Question {
        void write() throws IOException;
    }

    private Heard ask(int slot, Question question) {
        CompletableFuture<Heard> answer = new CompletableFuture<>();
        if (questions.putIfAbsent(slot, answer) != null) {
            throw new IllegalStateException("slot " + slot + " was asked twice");
        }
        try {
            synchronized (out) {
                if (!ended.isEmpty()) {
                    throw new Crashed(ended);
                }
                question.write();
                out.flush();
            }
            return await(answer);
        } catch (IOException e) {
            ended = "closed its pipe"; // whoever listens next gets another process, though this one may take a moment
            // to end
            process.destroyForcibly();
            throw new Crashed(ended);
        } finally {
            questions.remove(slot);
        }
    }

    /** Others may be before it for a long time, so it is the process that must not be silent, not the slot. */
    private Heard await(CompletableFuture<Heard> answer) {
        long asked = System.nanoTime();
        while (true) {
            try {
                return answer.get(200, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                long now = System.nanoTime();
                if (now - Math.max(asked, heardNanos) > patience.toNanos()) {
                    ended = "said nothing for " + patience.toSeconds() + " s";
                    process.destroyForcibly();
                    throw new Crashed(ended);
                }
            } catch (ExecutionException e) {
                throw new Crashed(ended);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Patience.Stopped();
            }
        }
    }

    private void readAnswers(CompletableFuture<HansardException> loaded) {
        try {
            while (true) {
                RecogniserMessage type = RecogniserMessage.next(in);
                int slot = in.readInt();
                heardNanos = System.nanoTime();
                switch (type) {
                    case HEARD -> heard(slot);
                    case READY -> loaded.complete(NONE);
                    case FAILED -> loaded.complete(new HansardException(ErrorCode.valueOf(in.readUTF()), in.readUTF()));
                    default -> throw new IOException("a message of type " + type);
                }
            }
        } catch (IOException | RuntimeException e) {
            end(e);
        } finally {
            loaded.completeExceptionally(new Crashed(ended));
        }
    }

    private void heard(int slot) throws IOException {
        String result = blob();
        long began = in.readLong();
        String partial = blob();
        CompletableFuture<Heard> answer = questions.get(slot);
        if (answer != null) {
            answer.complete(new Heard(
                    result.isEmpty() ? NOTHING : Hypothesis.ofResult(result, began),
                    partial.isEmpty() ? "" : Hypothesis.partialText(partial)));
        }
    }

    private String blob() throws IOException {
        int length = in.readInt();
        if (length < 0 || length > RecogniserMessage.MAX_BLOB_BYTES) {
            throw new IOException("an answer of " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void end(Exception e) {
        String how = "closed its pipes";
        try {
            if (process.waitFor(2, TimeUnit.SECONDS)) {
                int code = process.exitValue();
                how = code > 128 ? "ended by signal " + (code - 128) : "ended with code " + code;
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        synchronized (out) {
            if (ended.isEmpty()) {
                ended = how;
            }
        }
        process.destroyForcibly();
        Crashed crash = new Crashed(ended);
        crash.addSuppressed(e);
        questions.values().forEach(answer -> answer.completeExceptionally(crash));
    }

    /** Ends it whatever it is doing. */
    @Override
    public void close() {
        process.destroyForcibly();
        try {
            process.waitFor(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
