package hansard.decrypt;

/**
 * What is kept of a stream between records, in Kafka Streams' store and its changelog. Ciphertext, counters and a wrapped key;
 * never plaintext, never a session key.
 *
 * <pre>
 * | version = 4 | type | WAITING: see Waiting | ACTIVE: see Track | ENDED: i64 µs, i64 unopened, i64 generation |
 * </pre>
 */
sealed interface StreamState permits Waiting, Track, StreamState.Ended {
    int VERSION = 4;

    void write(StateWriter out);

    int type();

    default byte[] toBytes() {
        StateWriter out = new StateWriter();
        out.u8(VERSION);
        out.u8(type());
        write(out);
        return out.toBytes();
    }

    /**
     * The stream was closed; kept for a while so that a straggler does not begin it anew.
     *
     * @param unopened frames of it that are sealed end to end under keys that were not there
     * @param generation of the track that was written last
     */
    record Ended(long endedMicros, long unopened, long generation) implements StreamState {
        @Override
        public int type() {
            return 3;
        }

        @Override
        public void write(StateWriter out) {
            out.i64(endedMicros);
            out.i64(unopened);
            out.i64(generation);
        }
    }

    static StreamState fromBytes(byte[] bytes) {
        StateReader in = new StateReader(bytes);
        if (in.u8() != VERSION) {
            throw in.malformed("unknown format version");
        }
        int type = in.u8();
        StreamState state =
                switch (type) {
                    case 1 -> Waiting.read(in);
                    case 2 -> Track.read(in);
                    case 3 -> new Ended(in.i64(), in.i64(), in.i64());
                    default -> throw in.malformed("unknown state type " + type);
                };
        in.end();
        return state;
    }
}
