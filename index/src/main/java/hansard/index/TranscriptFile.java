package hansard.index;

import hansard.runtime.ErrorCode;
import hansard.runtime.HansardException;
import hansard.runtime.Json;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A call's transcript as a file to take along: subtitles, plain text, or JSON. Always UTF-8. */
enum TranscriptFile {
    /** WebVTT (W3C): a cue for each utterance, named by its id, with its speaker as voice. */
    VTT("text/vtt; charset=utf-8") {
        @Override
        String write(TranscriptDocument transcript) {
            StringBuilder file = new StringBuilder("WEBVTT\n");
            for (TranscriptDocument.Line line : transcript.utterances()) {
                // section 4.1: a cue ends after it begins
                long end = Math.max(line.endMs(), line.startMs() + 1);
                file.append('\n')
                        .append(line.utteranceId())
                        .append('\n')
                        .append(clock(line.startMs()))
                        .append(" --> ")
                        .append(clock(end))
                        .append("\n<v ")
                        .append(escaped(line.participant()))
                        .append('>')
                        .append(escaped(line.display()))
                        .append("</v>\n");
            }
            for (TranscriptDocument.WithoutWords without : transcript.withoutWords()) {
                // section 4.1: a comment block ends with an empty line and holds no arrow
                file.append("\nNOTE ")
                        .append(sentence(without).replace("-->", "→"))
                        .append('\n');
            }
            return file.toString();
        }
    },
    /** For people: time, name, and what was said, in lines of at most 80 characters. */
    TXT("text/plain; charset=utf-8") {
        @Override
        String write(TranscriptDocument transcript) {
            StringBuilder file = new StringBuilder();
            file.append(oneLine(transcript.title().isEmpty() ? transcript.callId() : transcript.title()))
                    .append('\n')
                    .append("Call ")
                    .append(transcript.callId())
                    .append(transcript.startedAt() == null ? "" : ", begun " + transcript.startedAt())
                    .append(". Times count from then.\n");
            for (TranscriptDocument.Line line : transcript.utterances()) {
                file.append('\n')
                        .append(clock(line.startMs()), 0, 8)
                        .append("  ")
                        .append(oneLine(line.participant()))
                        .append('\n');
                wrap(file, line.display());
            }
            for (TranscriptDocument.WithoutWords without : transcript.withoutWords()) {
                file.append('\n').append(sentence(without)).append('\n');
            }
            return file.toString();
        }
    },
    /** {@link TranscriptDocument}. */
    JSON("application/json") {
        @Override
        String write(TranscriptDocument transcript) {
            return new String(Json.bytes(transcript), StandardCharsets.UTF_8);
        }
    };

    private static final int WIDTH = 80;
    private static final String INDENT = " ".repeat(10);

    private final String contentType;

    TranscriptFile(String contentType) {
        this.contentType = contentType;
    }

    /** @throws HansardException BAD_REQUEST for a format that there is not */
    static TranscriptFile named(String format) {
        for (TranscriptFile file : values()) {
            if (file.extension().equals(format)) {
                return file;
            }
        }
        throw new HansardException(
                ErrorCode.BAD_REQUEST, "there is no transcript of that format: ask for vtt, txt or json");
    }

    abstract String write(TranscriptDocument transcript);

    String contentType() {
        return contentType;
    }

    String extension() {
        return name().toLowerCase(Locale.ROOT);
    }

    private static String clock(long ms) {
        return String.format(
                Locale.ROOT, "%02d:%02d:%02d.%03d", ms / 3_600_000, ms / 60_000 % 60, ms / 1_000 % 60, ms % 1_000);
    }

    /** WebVTT sections 4.2.2 and 6.4: text and voice names are on one line and hold no markup of their own. */
    private static String escaped(String text) {
        return oneLine(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String oneLine(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }

    private static String sentence(TranscriptDocument.WithoutWords without) {
        return "No words of " + oneLine(without.participant()) + " from "
                + clock(without.startMs()).substring(0, 8) + " to "
                + clock(without.endMs()).substring(0, 8) + ": " + oneLine(without.reason());
    }

    private static void wrap(StringBuilder file, String text) {
        int column = 0;
        for (String word : oneLine(text).split(" ")) {
            if (column > 0 && column + 1 + word.length() > WIDTH) {
                file.append('\n');
                column = 0;
            }
            file.append(column == 0 ? INDENT : " ").append(word);
            column += (column == 0 ? INDENT.length() : 1) + word.length();
        }
        file.append('\n');
    }
}
