package hansard.app;

import hansard.console.ConsoleConfig;
import hansard.console.ConsoleService;
import hansard.decrypt.DecryptConfig;
import hansard.decrypt.DecryptService;
import hansard.index.IndexConfig;
import hansard.index.IndexService;
import hansard.ingest.IngestConfig;
import hansard.ingest.IngestService;
import hansard.retention.RetentionConfig;
import hansard.retention.RetentionService;
import hansard.runtime.Settings;
import hansard.runtime.StageContext;
import hansard.runtime.StageService;
import hansard.transcode.TranscodeConfig;
import hansard.transcode.TranscodeService;
import hansard.transcribe.TranscribeConfig;
import hansard.transcribe.TranscribeService;

/** The stages, in the order of the data. */
enum Stage {
    INGEST("ingest", 7070) {
        @Override
        Ready read(Settings settings) {
            IngestConfig config = IngestConfig.from(settings);
            return context -> IngestService.start(config, context);
        }
    },
    DECRYPT_WORKER("decrypt-worker", 7073) {
        @Override
        Ready read(Settings settings) {
            DecryptConfig config = DecryptConfig.from(settings);
            return context -> DecryptService.start(config, context);
        }
    },
    TRANSCODE("transcode", 7074) {
        @Override
        Ready read(Settings settings) {
            TranscodeConfig config = TranscodeConfig.from(settings);
            return context -> TranscodeService.start(config, context);
        }
    },
    TRANSCRIBE("transcribe", 7075) {
        @Override
        Ready read(Settings settings) {
            TranscribeConfig config = TranscribeConfig.from(settings);
            return context -> TranscribeService.start(config, context);
        }
    },
    INDEX("index", 7071) {
        @Override
        Ready read(Settings settings) {
            IndexConfig config = IndexConfig.from(settings);
            return context -> IndexService.start(config, context);
        }
    },
    RETENTION("retention", 7072) {
        @Override
        Ready read(Settings settings) {
            RetentionConfig config = RetentionConfig.from(settings);
            return context -> RetentionService.start(config, context);
        }
    },
    CONSOLE("console", 7080) {
        @Override
        Ready read(Settings settings) {
            ConsoleConfig config = ConsoleConfig.from(settings);
            return context -> ConsoleService.start(config, context);
        }
    };

    /** A stage whose settings are read and can be started. */
    @FunctionalInterface
    interface Ready {
        StageService start(StageContext context);
    }

    private final String label;
    private final int usualPort;

    Stage(String label, int usualPort) {
        this.label = label;
        this.usualPort = usualPort;
    }

    /** The name in commands and settings. */
    String label() {
        return label;
    }

    /** The HTTP port when nothing else is said. */
    int usualPort() {
        return usualPort;
    }

    String portKey() {
        return label + ".http.port";
    }

    /** Reads the stage's settings; problems are collected in them. */
    abstract Ready read(Settings settings);
}
