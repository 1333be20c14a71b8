package hansard.transcode;

/**
 * What the process of a job says to its parent on standard output, each with its fields in network order. The parent says the job
 * first, as a blob (i32 length, bytes), and then answers.
 */
enum JobMessage {
    /** i32 input: asks for its size; answered by i64. */
    SIZE,
    /** i32 input, i64 position, i32 length: answered by a blob, shorter at the end. */
    READ,
    /** i32 thousandths: how far it is. At least every few seconds. */
    PROGRESS,
    /** blob: the next bytes of what was made. */
    OUTPUT,
    /** That was all of it. */
    DONE,
    /** UTF error code, UTF message: why there will be none. */
    FAILED
}
