package dev.tokencache.server;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Serves until SIGTERM or SIGINT. */
@Command(
        name = "serve",
        description = "Serves until it is told to stop (SIGTERM, SIGINT). The default.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
    private static final System.Logger LOG = System.getLogger(ServeCommand.class.getName());

    private final RootCommand root;

    @Option(
            names = "--until-ready",
            description = "Stops as soon as it is ready: tries a configuration, and makes a class-data archive.")
    boolean untilReady;

    @Spec
    CommandSpec spec;

    ServeCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws Exception {
        return serve(spec.commandLine());
    }

    int serve(CommandLine commandLine) throws Exception {
        ConfigWatch watch = root.watch();
        ServerConfig config = watch.last().config();
        ServerLog.configure(config.logLevel(), config.logFormat(), System.err);
        Thread.setDefaultUncaughtExceptionHandler((thread, failure) ->
                LOG.log(System.Logger.Level.ERROR, "uncaught on thread " + thread.getName(), failure));
        AtomicReference<RunningServer> running = new AtomicReference<>();
        Thread hook = new Thread(() -> stopAndHalt(running.get(), commandLine.getOut()), "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        boolean served = false;
        try {
            ServerSetup setup = ServerSetup.prepare(watch, root.clock());
            RunningServer server = ServerLauncher.start(setup);
            running.set(server);
            setup.firstStart().ifPresent(first -> banner(config, commandLine.getErr()));
            commandLine.getOut().println(ready(config, server.port()));
            commandLine.getOut().flush();
            if (untilReady) {
                server.stop();
                return CommandLine.ExitCode.OK;
            }
            served = true;
            warnOfPermissions(config, setup);
            server.awaitStop();
            return CommandLine.ExitCode.OK;
        } finally {
            if (!served) {
                remove(hook);
            }
        }
    }

    /** After the start, which the look at all files would delay. */
    private void warnOfPermissions(ServerConfig config, ServerSetup setup) {
        setup.tls().ifPresent(tls -> tls.warnings().forEach(ServeCommand::warn));
        LooseFiles.named(config, root.configFile()).forEach(ServeCommand::warn);
        int loose = config.readsFiles() ? LooseFiles.countBelow(setup.root()) : 0;
        if (loose > 0) {
            warn("root: group or others can write " + loose + " files or directories");
        }
    }

    private static void warn(String message) {
        LOG.log(System.Logger.Level.WARNING, message);
    }

    /** The line that tells whoever waits for it that requests are accepted, and where. */
    static String ready(ServerConfig config, int port) {
        if (!config.roles().contains(ServerConfig.Role.HTTP)) {
            return "ready";
        }
        String host = config.http().host();
        String scheme = config.http().tls().isPresent() ? "https" : "http";
        return "ready on " + scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }

    /** With JSON nothing but JSON goes to standard error. */
    private static void banner(ServerConfig config, PrintWriter err) {
        if (config.logFormat() == LogFormat.JSON) {
            LOG.log(
                    System.Logger.Level.INFO,
                    "first_start key=generated token=" + StateDir.ADMIN_TOKEN + " in=stateDir");
            return;
        }
        err.println("No key is configured under auth: the one in the state directory is used. A token for everything,");
        err.println("good for a day and renewed while the server runs, is in "
                + config.stateDir().resolve(StateDir.ADMIN_TOKEN));
        err.flush();
    }

    /** The JVM's own code after a signal would be 143: so the hook ends the process itself. */
    private static void stopAndHalt(RunningServer server, PrintWriter out) {
        if (server != null) {
            server.stop();
        }
        out.flush();
        System.out.flush();
        System.err.flush();
        Runtime.getRuntime().halt(CommandLine.ExitCode.OK);
    }

    private static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.log(System.Logger.Level.DEBUG, "stopped while starting");
        }
    }
}
