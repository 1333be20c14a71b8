package hansard.transcode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** Does jobs, in whatever process this is. */
final class JobWork {
    private static final long BLOCK_MICROS = OpusEncoder.FRAME_SAMPLES * 1_000_000L / OpusPacket.SAMPLE_RATE;
    /** Ten seconds of sound are mixed in a fraction of a second. */
    private static final long PROGRESS_BLOCKS = 10_000_000 / BLOCK_MICROS;

    /** Where tracks are read. */
    interface Inputs {
        SeekableByteChannel open(int input) throws IOException;
    }

    private final Inputs inputs;
    private final IntConsumer progress;

    /** @param progress is told how far it is, in thousandths */
    JobWork(Inputs inputs, IntConsumer progress) {
        this.inputs = inputs;
        this.progress = progress;
    }

    /** Makes the file. @throws hansard.runtime.HansardException MEDIA_FAILED when the media cannot be used */
    void make(Job job, SeekableByteChannel to) {
        switch (job) {
            case Job.Mix mix -> mix(mix, to);
            case Job.Composite composite -> composite(composite, to);
        }
    }

    private void composite(Job.Composite job, SeekableByteChannel to) {
        try (CompositeWork work = new CompositeWork(job, inputs)) {
            work.make(to, progress);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void mix(Job.Mix job, SeekableByteChannel to) {
        List<MixVoice> voices = new ArrayList<>();
        try (OpusEncoder encoder = new OpusEncoder(job.bitrate(), job.complexity());
                Muxer muxer = new Muxer(new TrackFormat.Opus(1, encoder.preskip()), to)) {
            for (Job.Voice voice : job.voices()) {
                voices.add(new MixVoice(
                        inputs.open(voice.input()), SoundDecoder.of(voice.codec(), voice.channels()), voice));
            }
            SpeakerSum sum = new SpeakerSum(voices.size());
            long blocks = (job.durationMicros() + BLOCK_MICROS - 1) / BLOCK_MICROS;
            long packets = 0;
            for (long i = 0; i <= blocks; i++) {
                if (i % PROGRESS_BLOCKS == 0) {
                    progress.accept((int) (1_000 * i / Math.max(1, blocks)));
                }
                List<byte[]> encoded = i == blocks ? encoder.finish() : encoded(encoder, mixed(sum, voices));
                for (byte[] packet : encoded) {
                    muxer.write(packet, packets * BLOCK_MICROS, BLOCK_MICROS, true);
                    packets++;
                }
            }
            muxer.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            voices.forEach(MixVoice::close);
        }
    }

    private static List<byte[]> encoded(OpusEncoder encoder, short[] block) {
        return block.length == 0 ? encoder.encodeSilence() : encoder.encode(block);
    }

    private static short[] mixed(SpeakerSum sum, List<MixVoice> voices) {
        List<short[]> blocks = new ArrayList<>(voices.size());
        for (MixVoice voice : voices) {
            blocks.add(voice.next(OpusEncoder.FRAME_SAMPLES));
        }
        return sum.add(blocks, OpusEncoder.FRAME_SAMPLES);
    }
}
