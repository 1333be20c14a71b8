package hansard.transcribe;

import hansard.runtime.HansardException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The process of a model's recognisers: it has no key, no network, and no file but the model's. Vosk ends it on misuse, and not
 * the stage. Arguments: the model's directory, how many cores it may keep busy.
 */
final class RecogniserMain {
    private final Turns turns;
    private final SpeechModel model;
    private final DataOutputStream out;
    private final Map<Integer, Slot> slots = new HashMap<>();

    private RecogniserMain(SpeechModel model, int cores, DataOutputStream out) {
        this.model = model;
        this.turns = new Turns(cores);
        this.out = out;
    }

    public static void main(String[] arguments) throws IOException {
        DataInputStream in =
                new DataInputStream(new BufferedInputStream(new FileInputStream(FileDescriptor.in), 1 << 16));
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(new FileOutputStream(FileDescriptor.out)));
        System.setOut(System.err); // what anybody prints must not get between the messages
        try (SpeechModel model = SpeechModel.open(Path.of(arguments[0]))) {
            out.writeByte(RecogniserMessage.READY.ordinal());
            out.writeInt(0);
            out.flush();
            new RecogniserMain(model, Integer.parseInt(arguments[1]), out).serve(in);
        } catch (HansardException e) {
            out.writeByte(RecogniserMessage.FAILED.ordinal());
            out.writeInt(0);
            out.writeUTF(e.code().name());
            String message = String.valueOf(e.getMessage());
            out.writeUTF(message.substring(0, Math.min(message.length(), 4_000)));
            out.flush();
        } catch (EOFException e) {
            // the parent is gone, or wants no more
        }
        Runtime.getRuntime().halt(0); // recognisers may be at work
    }

    private void serve(DataInputStream in) throws IOException {
        while (true) {
            RecogniserMessage type = RecogniserMessage.next(in);
            Slot slot = slots.computeIfAbsent(in.readInt(), Slot::new);
            boolean urgent = in.readBoolean();
            switch (type) {
                case HEAR -> {
                    boolean partial = in.readBoolean();
                    byte[] pcm = new byte[in.readInt()];
                    in.readFully(pcm);
                    slot.owner.execute(() -> slot.turn(urgent, () -> slot.hear(pcm, partial)));
                }
                case FINISH -> slot.owner.execute(() -> slot.turn(urgent, slot::finish));
                default -> throw new IOException("a message of type " + type);
            }
        }
    }

    /** One recogniser and the only thread that touches it. */
    private final class Slot {
        private final int number;
        private final ExecutorService owner;
        private @Nullable Recogniser recogniser;

        Slot(int number) {
            this.number = number;
            this.owner = Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().name("recogniser-" + number).daemon().factory());
        }

        /** A failure here is one of the whole process: the parent begins another. */
        void turn(boolean urgent, Runnable work) {
            try {
                turns.begin(urgent);
                try {
                    work.run();
                } finally {
                    turns.end();
                }
            } catch (Throwable e) {
                Runtime.getRuntime().halt(3);
            }
        }

        void hear(byte[] pcm, boolean partial) {
            Recogniser listening = recogniser;
            if (listening == null) {
                listening = model.recogniser();
                recogniser = listening;
            }
            long began = listening.began();
            String result = listening.accept(pcm) ? listening.result() : "";
            answer(result, began, partial ? listening.partial() : "");
        }

        void finish() {
            Recogniser listening = recogniser;
            if (listening == null) {
                answer("", 0, "");
                return;
            }
            long began = listening.began();
            answer(listening.finish(), began, "");
            if (listening.isWorn()) {
                listening.close();
                recogniser = null;
            }
        }

        private void answer(String result, long began, String partial) {
            synchronized (out) {
                try {
                    out.writeByte(RecogniserMessage.HEARD.ordinal());
                    out.writeInt(number);
                    blob(result);
                    out.writeLong(began);
                    blob(partial);
                    out.flush();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        }

        private void blob(String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            out.writeInt(bytes.length);
            out.write(bytes);
        }
    }
}
