package hansard.index;

import hansard.access.Caller;
import hansard.access.Role;
import hansard.keys.KeyRef;
import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.store.SealedObjects;
import hansard.wire.Artifact;
import hansard.wire.Artifact.StoredObject;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.http.Status;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Tracks, mixes and composites, opened range by range while they are sent; never whole in memory, never cached by anybody. */
final class MediaApi {
    private static final int CHUNK = 64 * 1024;

    private final SealedObjects objects;
    private final ReadingAudit plays;

    MediaApi(SealedObjects objects, ReadingAudit plays) {
        this.objects = objects;
        this.plays = plays;
    }

    void send(ServerRequest req, ServerResponse res, Caller caller, CallRecord call, String track) {
        String as = req.query().first("as").orElse("");
        boolean original = is(req, "original") || as.equals("packets"); // nobody can look at these
        if (original && !caller.has(Role.ORIGINAL_LISTENER)) {
            throw new HansardException(
                    ErrorCode.FORBIDDEN,
                    caller.user() + " may not hear originals; it needs the role original-listener");
        }
        if (original) {
            requireKept(call, track);
        }
        Found found = as.equals("packets")
                ? new Found(packets(call, track), new KeyRef(call.tenant(), call.callId(), track))
                : found(call, track, req.query().first("segment").orElse(""), as.equals("kept"), original);
        StoredObject object = found.object();
        boolean download = is(req, "download");
        ReadingAudit.Play play = new ReadingAudit.Play(call.callId(), track, download, original);
        try (SeekableByteChannel media = objects.open(object.objectKey(), found.key())) {
            long size = media.size();
            headers(res, call, track, object, download);
            switch (range(req, object, size)) {
                case ByteRange.Whole ignored -> body(req, res, caller, play, media, new ByteRange.Part(0, size - 1));
                case ByteRange.Part part -> {
                    res.status(Status.PARTIAL_CONTENT_206);
                    res.header(HeaderNames.CONTENT_RANGE, part.contentRange(size));
                    body(req, res, caller, play, media, part);
                }
                case ByteRange.Unsatisfiable ignored -> {
                    res.header(HeaderNames.CONTENT_RANGE, "bytes */" + size);
                    throw new HansardException(
                            ErrorCode.RANGE_NOT_SATISFIABLE,
                            "the range is outside the track, which has " + size + " bytes");
                }
            }
        } catch (IOException e) {
            throw new HansardException(
                    ErrorCode.STORE_UNAVAILABLE, "track " + track + " of " + call.callId() + " cannot be read", e);
        }
    }

    /** @throws HansardException KEY_GONE when its sound as it came was discarded */
    private static void requireKept(CallRecord call, String track) {
        call.orders().discard(track).ifPresent(order -> {
            throw new HansardException(
                    ErrorCode.KEY_GONE,
                    "the original of track " + track + " of recording " + call.callId() + " was not kept, by policy "
                            + order.policy());
        });
    }

    private static boolean is(ServerRequest req, String flag) {
        return req.query().first(flag).orElse("").equals("1");
    }

    /** @param key that the object is sealed under one of */
    private record Found(StoredObject object, KeyRef key) {}

    /**
     * @param segment number of the file of a track whose codec changed, 0 for the first; empty for the first, too
     * @param asKept in the codec that it came in, also where a rendition of it is what browsers play
     * @param original with what people may not hear
     * @throws HansardException NOT_FOUND; CONFLICT when nobody may hear it who may not hear originals
     */
    private static Found found(CallRecord call, String track, String segment, boolean asKept, boolean original) {
        StoredObject object = null;
        KeyRef key = new KeyRef(call.tenant(), call.callId(), track);
        if (original && (track.equals(KeyRef.MIX) || track.equals(KeyRef.COMPOSITE))) {
            throw new HansardException(
                    ErrorCode.BAD_REQUEST, "only tracks have an original, and a " + track + " is none");
        }
        if (track.equals(KeyRef.MIX) || track.equals(KeyRef.COMPOSITE)) {
            LaterFindings.inTheMix(call).ifPresent(why -> {
                throw new HansardException(
                        ErrorCode.CONFLICT, "the " + track + " of recording " + call.callId() + " is withheld, " + why);
            });
        }
        if (track.equals(KeyRef.MIX)) {
            Mix mix = call.mix();
            object = mix == null ? null : mix.object();
        } else if (track.equals(KeyRef.COMPOSITE)) {
            Composite composite = call.composite();
            object = composite == null ? null : composite.object();
        } else {
            Track known = call.tracks().get(track);
            Audible audible = known == null || original ? new Audible.Original() : Audible.of(call, known);
            switch (audible) {
                case Audible.Original ignored -> object = known == null ? null : asItCame(call, known, segment, asKept);
                case Audible.Redacted redacted -> {
                    object = file(redacted.files(), segment, asKept);
                    key = redacted.key();
                }
                case Audible.Withheld withheld ->
                    throw new HansardException(
                            ErrorCode.CONFLICT,
                            "track " + track + " of recording " + call.callId() + " is withheld, " + withheld.why());
            }
        }
        if (object == null) {
            throw new HansardException(
                    ErrorCode.NOT_FOUND, "recording " + call.callId() + " has no media for track " + track);
        }
        return new Found(object, key);
    }

    private static @Nullable StoredObject asItCame(CallRecord call, Track track, String segment, boolean asKept) {
        Artifact.PartStored playable = asKept ? null : call.part(track, Artifact.Part.PLAYABLE);
        return playable != null ? playable.object() : file(track.files(), segment, asKept);
    }

    /** What nobody here can read, as it came. */
    private static StoredObject packets(CallRecord call, String track) {
        Track known = call.tracks().get(track);
        Artifact.PartStored packets = known == null ? null : call.part(known, Artifact.Part.PACKETS);
        if (packets == null) {
            throw new HansardException(
                    ErrorCode.NOT_FOUND,
                    "recording " + call.callId() + " has no packets kept as they came for track " + track);
        }
        return packets.object();
    }

    private static @Nullable StoredObject file(List<Artifact.Segment> files, String segment, boolean asKept) {
        int number = segment.isEmpty() ? 0 : segment.matches("[0-9]{1,4}") ? Integer.parseInt(segment) : files.size();
        if (number >= files.size()) {
            return null;
        }
        StoredObject playable = files.get(number).playable();
        return playable == null || asKept ? files.get(number).object() : playable;
    }

    /** If-Range: a part only of the same object, else the whole of the new one (RFC 9110 section 13.1.5). */
    private static ByteRange range(ServerRequest req, StoredObject object, long size) {
        String same = header(req, HeaderNames.IF_RANGE);
        if (same != null && !same.equals(etag(object))) {
            return new ByteRange.Whole();
        }
        return ByteRange.of(header(req, HeaderNames.RANGE), size);
    }

    private static @Nullable String header(ServerRequest req, HeaderName name) {
        return req.headers().contains(name) ? req.headers().get(name).get() : null;
    }

    private static String etag(StoredObject object) {
        return '"' + object.sha256() + '"';
    }

    private static void headers(
            ServerResponse res, CallRecord call, String track, StoredObject object, boolean download) {
        res.header(HeaderNames.ACCEPT_RANGES, "bytes");
        res.header(HeaderNames.CACHE_CONTROL, "no-store");
        res.header(HeaderNames.CONTENT_TYPE, object.contentType());
        res.header(HeaderNames.ETAG, etag(object));
        res.header(HeaderNames.create("X-Content-Type-Options"), "nosniff");
        if (download) {
            res.header(
                    HeaderNames.CONTENT_DISPOSITION,
                    "inline; filename=\"" + fileName(call, track, object.objectKey()) + '"');
        }
    }

    /** Call and track, with the object's own ending; nothing that could break out of the header's quotes. */
    private static String fileName(CallRecord call, String track, String objectKey) {
        int dot = objectKey.lastIndexOf('.');
        String ending =
                dot < objectKey.lastIndexOf('/') ? "" : objectKey.substring(dot).toLowerCase(Locale.ROOT);
        return (call.callId() + "-" + track + ending).replaceAll("[^A-Za-z0-9._-]", "_");
    }

    private void body(
            ServerRequest req,
            ServerResponse res,
            Caller caller,
            ReadingAudit.Play play,
            SeekableByteChannel media,
            ByteRange.Part part)
            throws IOException {
        res.contentLength(part.length());
        if (req.prologue().method().equals(Method.HEAD) || part.length() == 0) {
            res.send();
            return;
        }
        plays.require(caller, play);
        media.position(part.first());
        OutputStream out = res.outputStream();
        copy(media, part.length(), out, play.callId(), play.track());
        end(out); // only a whole answer is ended; after a failure the connection breaks and the player knows
    }

    private static void copy(SeekableByteChannel media, long length, OutputStream out, String callId, String track)
            throws IOException {
        ByteBuffer chunk = ByteBuffer.allocate(CHUNK);
        long left = length;
        while (left > 0) {
            chunk.clear().limit((int) Math.min(CHUNK, left));
            int read = media.read(chunk);
            if (read <= 0) {
                throw new HansardException(
                        ErrorCode.STORE_UNAVAILABLE,
                        "track " + track + " of " + callId + " ends " + left + " bytes early");
            }
            write(out, chunk.array(), read);
            left -= read;
        }
    }

    /** A listener who went is no failure of the store. */
    private static void write(OutputStream out, byte[] bytes, int length) {
        try {
            out.write(bytes, 0, length);
        } catch (IOException e) {
            throw new UncheckedIOException("the listener is gone", e);
        }
    }

    private static void end(OutputStream out) {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the listener is gone", e);
        }
    }
}
