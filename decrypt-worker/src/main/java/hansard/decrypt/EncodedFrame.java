package hansard.decrypt;

/** One frame as its decoder wants it. Plaintext: never kept. */
record EncodedFrame(boolean keyframe, byte[] bytes) {
    @Override
    public String toString() {
        return "EncodedFrame[" + bytes.length + " bytes]";
    }
}
