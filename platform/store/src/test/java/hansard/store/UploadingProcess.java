package hansard.store;

import java.nio.ByteBuffer;
import java.nio.file.Path;

/** A process of its own in the middle of an upload, until it is killed. */
final class UploadingProcess {
    private UploadingProcess() {}

    public static void main(String[] arguments) throws Exception {
        try (ObjectStore.Upload upload =
                DirectoryStore.open(Path.of(arguments[0])).create("half")) {
            upload.channel().write(ByteBuffer.allocate(1000));
            System.out.println("uploading");
            System.in.read();
        }
    }
}
