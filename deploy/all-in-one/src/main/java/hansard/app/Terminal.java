package hansard.app;

import java.io.PrintStream;
import java.util.Locale;

/**
 * What a person sees. Colours and a line that is redrawn only on a terminal; plain lines in a pipe. Honours {@code NO_COLOR}.
 * Thread-safe: the live transcript and the progress come from two threads.
 */
final class Terminal {
    /** The few styles in use. */
    enum Style {
        BOLD("1"),
        DIM("2"),
        RED("31"),
        GREEN("32"),
        YELLOW("33"),
        CYAN("36"),
        MAGENTA("35");

        private final String code;

        Style(String code) {
            this.code = code;
        }
    }

    private final PrintStream out;
    private final boolean interactive;
    private final boolean colours;
    private String status = "";

    Terminal(PrintStream out) {
        this.out = out;
        this.interactive = System.console() != null && System.console().isTerminal();
        this.colours = interactive && System.getenv("NO_COLOR") == null;
    }

    boolean isInteractive() {
        return interactive;
    }

    String styled(Style style, String text) {
        return colours ? "\u001b[" + style.code + "m" + text + "\u001b[0m" : text;
    }

    /** A line that stays. */
    synchronized void line(String text) {
        clear();
        out.println(text);
        draw();
    }

    /** The last line, redrawn in place; on anything but a terminal it is left out. */
    synchronized void status(String text) {
        clear();
        status = text;
        draw();
    }

    private void clear() {
        if (interactive && !status.isEmpty()) {
            out.print("\r\u001b[2K");
        }
    }

    private void draw() {
        if (interactive && !status.isEmpty()) {
            out.print(status);
        }
        out.flush();
    }

    /** {@code 1:05}. */
    static String clock(long millis) {
        long seconds = Math.max(0, millis) / 1000;
        return seconds >= 3600
                ? String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
    }
}
