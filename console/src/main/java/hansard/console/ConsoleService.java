package hansard.console;

import hansard.runtime.Health;
import hansard.runtime.HttpApi;
import hansard.runtime.StageContext;
import hansard.runtime.StageService;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The console: one address for people and programs. */
public final class ConsoleService implements StageService {
    private static final Logger log = LoggerFactory.getLogger(ConsoleService.class);

    private final Health health;
    private final FrontDoor door;
    private final HttpApi api;

    private ConsoleService(Health health, FrontDoor door, HttpApi api) {
        this.health = health;
        this.door = door;
        this.api = api;
    }

    /** Starts listening. Needs none of the stages behind to be up. @throws hansard.runtime.HansardException PORT_IN_USE */
    public static ConsoleService start(ConsoleConfig config, StageContext context) {
        Health health = new Health();
        PageFiles page = PageFiles.open();
        FrontDoor door = new FrontDoor(Routes.of(config), context.meters());
        HttpApi api =
                HttpApi.start("console", config.host(), config.port(), health, context.meters(), routing -> routing.any(
                                "/v1", door::describe)
                        .any("/v1/*", door)
                        .get("/console.json", (req, res) -> {
                            page.secure(res);
                            HttpApi.json(res, Map.of("demoLogins", config.demoLogins()));
                        })
                        .get("/*", page));
        log.info("console listens on http://{}:{}/", config.host(), api.port());
        return new ConsoleService(health, door, api);
    }

    /** The port it listens on. */
    public int port() {
        return api.port();
    }

    @Override
    public String name() {
        return "console";
    }

    @Override
    public Health health() {
        return health;
    }

    @Override
    public void close() {
        door.close();
        api.close();
    }
}
