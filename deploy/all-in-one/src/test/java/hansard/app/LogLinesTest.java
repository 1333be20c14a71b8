package hansard.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The launcher's own logging configuration: a name from outside cannot write a line of its own into the log. */
class LogLinesTest {
    @Test
    void controlCharactersInNamesReachNoLogLineRaw() throws Exception {
        LoggerContext context = new LoggerContext();
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        URL ours = Objects.requireNonNull(Hansard.class.getResource("/logback.xml"));
        configurator.doConfigure(ours);
        Logger logger = context.getLogger("hansard.ingest.Calls");
        String name = "x\r\n00:00:00.000 WARN  Vault all keys destroyed\u001b[2K\u0085\u2028é";
        LoggingEvent event = new LoggingEvent(
                LogLinesTest.class.getName(), logger, Level.WARN, "call {}", null, new Object[] {name});

        String line = encoded(context, event);
        assertEquals(1, line.lines().count(), line);
        assertTrue(line.endsWith("call x??00:00:00.000 WARN  Vault all keys destroyed?[2K??é\n"), line);
        context.stop();
    }

    private static String encoded(LoggerContext context, ILoggingEvent event) {
        ConsoleAppender<ILoggingEvent> err =
                (ConsoleAppender<ILoggingEvent>) context.getLogger("ROOT").getAppender("err");
        PatternLayoutEncoder encoder = (PatternLayoutEncoder) err.getEncoder();
        return new String(encoder.encode(event), StandardCharsets.UTF_8);
    }
}
