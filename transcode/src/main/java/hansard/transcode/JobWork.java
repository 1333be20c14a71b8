package hansard.transcode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** Does jobs, in whatever process this is. */
final class JobWork {
    /** Ten seconds of sound are mixed in a fraction of a second. */
    private static final long PROGRESS_BLOCKS = 10_000_000 / LoneSpeakers.BLOCK_MICROS;

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
        LoneSpeakers alone = LoneSpeakers.of(job);
        List<MixVoice> voices = new ArrayList<>();
        try (MixTrack track = new MixTrack(job, to)) {
            for (Job.Voice voice : job.voices()) {
                voices.add(new MixVoice(
                        inputs.open(voice.input()),
                        SoundDecoder.of(voice.codec(), voice.channels(), SoundDecoder.TO_PLAY),
                        voice,
                        alone.of(voices.size())));
            }
            Mix mix = new Mix(voices, alone, track);
            long blocks = (job.durationMicros() + LoneSpeakers.BLOCK_MICROS - 1) / LoneSpeakers.BLOCK_MICROS;
            for (long i = 0; i < blocks; i++) {
                if (i % PROGRESS_BLOCKS == 0) {
                    progress.accept((int) (1_000 * i / blocks));
                }
                mix.add(i);
            }
            track.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            voices.forEach(MixVoice::close);
        }
    }
}
