package dev.tokencache.server;

import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command line as a whole: the options of every command, and {@code serve} when no command is named. */
@Command(
        name = "token-cache",
        description = "Serves directories of JSON credential files from memory.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Without a command it serves. Each key of the configuration can be given with --set, such as",
            "--set http.port=0, or by the environment: http.port is TOKEN_CACHE_HTTP_PORT.",
            "Exit codes: 0 done, 1 failed, 2 usage."
        })
final class RootCommand implements Callable<Integer> {
    private final Map<String, String> environment;
    private final Clock clock;

    @Option(
            names = "--conf",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            description = "Configuration file. Default: conf/token-cache.yaml, if there is one.")
    Path conf;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            scope = ScopeType.INHERIT,
            parameterConsumer = SetConsumer.class,
            description = "Overrides a key of the configuration; repeatable.")
    final List<String> sets = new ArrayList<>();

    @Spec
    CommandSpec spec;

    RootCommand(Map<String, String> environment, Clock clock) {
        this.environment = environment;
        this.clock = clock;
    }

    /** The parser of all commands, with exit codes and messages as they are promised. */
    static CommandLine commandLine(Map<String, String> environment, Clock clock) {
        RootCommand root = new RootCommand(environment, clock);
        CommandLine line = new CommandLine(root)
                .addSubcommand(new ServeCommand(root))
                .addSubcommand(new IssueCommand(root))
                .addSubcommand(new CheckCommand(root))
                .addSubcommand(new KeygenCommand(root));
        line.setParameterExceptionHandler((e, args) -> {
            String name = e.getCommandLine().getCommandSpec().qualifiedName();
            String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("bad usage");
            line.getErr().println("token-cache: " + RawValue.withoutControls(message));
            line.getErr().println("Try '" + name + " --help'.");
            return CommandLine.ExitCode.USAGE;
        });
        line.setExecutionExceptionHandler((e, command, result) -> {
            report(e, line);
            return CommandLine.ExitCode.SOFTWARE;
        });
        return line;
    }

    private static void report(Exception failure, CommandLine line) {
        if (failure instanceof ConfigException wrong) {
            wrong.problems().forEach(problem -> line.getErr().println("token-cache: " + problem));
        } else if (failure instanceof StartException) {
            line.getErr().println("token-cache: " + failure.getMessage());
        } else {
            line.getErr().println("token-cache: failed: " + failure.getClass().getSimpleName());
        }
    }

    /** Without a command: serve. */
    @Override
    public Integer call() throws Exception {
        return new ServeCommand(this).serve(spec.commandLine());
    }

    /**
     * The configuration in force.
     *
     * @throws ConfigException with everything that is wrong with it
     */
    ServerConfig load() throws ConfigException {
        return loadAll().config();
    }

    private LoadedConfig loadAll() throws ConfigException {
        return ConfigLoader.loadAll(conf, environment, sets);
    }

    /** The file that it is read from; it need not be there. */
    Path configFile() {
        return conf == null ? ConfigLoader.DEFAULT_FILE : conf;
    }

    /**
     * Loads the configuration and follows it from now on.
     *
     * @throws ConfigException with everything that is wrong with it
     */
    ConfigWatch watch() throws ConfigException {
        return new ConfigWatch(configFile(), this::loadAll, loadAll());
    }

    Map<String, String> environment() {
        return environment;
    }

    Clock clock() {
        return clock;
    }
}
