package hansard.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** All targets, in the order of the data. */
final class FuzzTargets {
    static final List<FuzzTarget> ALL = List.of(
            new hansard.rtp.RtpHeaderFuzz(),
            new hansard.rtp.PcapFuzz(),
            new hansard.ingest.AnnouncementFuzz(),
            new hansard.ingest.IntakeFuzz(),
            new hansard.wire.SrtpRecordFuzz(),
            new hansard.wire.DatagramBundleFuzz(),
            new hansard.wire.FrameRecordFuzz(),
            new hansard.wire.FrameFuzz(),
            new hansard.wire.SpeechRecordFuzz(),
            new hansard.wire.JsonRecordFuzz(),
            new hansard.keys.EnvelopesFuzz(),
            new hansard.keys.SessionKeyOpenerFuzz(),
            new hansard.keys.VaultAnswersFuzz(),
            new hansard.store.SealedObjectFuzz(),
            new hansard.decrypt.SrtpStreamFuzz(),
            new hansard.decrypt.DepacketiserFuzz(),
            new hansard.decrypt.StreamStateFuzz(),
            new hansard.transcode.FrameGateFuzz(),
            new hansard.index.ByteRangeFuzz(),
            new hansard.index.SearchFuzz(),
            new hansard.retention.LedgerFuzz(),
            new hansard.console.PageFilesFuzz(),
            new hansard.console.RoutesFuzz(),
            new hansard.runtime.SettingsFuzz());

    /** Inputs that were once findings: a folder for each target that had one. */
    static final String FOUND = "found";

    private FuzzTargets() {}

    /** @param names separated by commas; empty for all */
    static List<FuzzTarget> named(String names) {
        if (names.isBlank()) {
            return ALL;
        }
        return Arrays.stream(names.split(","))
                .map(name -> ALL.stream()
                        .filter(t -> t.name().equals(name.strip()))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("no fuzz target " + name + "; there are "
                                + ALL.stream().map(FuzzTarget::name).toList())))
                .toList();
    }

    /** A target's seeds and the inputs that were once findings. */
    static List<byte[]> known(FuzzTarget target) {
        List<byte[]> inputs = new ArrayList<>(target.seeds());
        URL found = FuzzTargets.class.getResource(FOUND + "/" + target.name());
        if (found != null) {
            try (Stream<Path> files = Files.list(Path.of(found.toURI()))) {
                for (Path file : files.sorted().toList()) {
                    inputs.add(Files.readAllBytes(file));
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (URISyntaxException e) {
                throw new IllegalStateException(e);
            }
        }
        return inputs;
    }
}
