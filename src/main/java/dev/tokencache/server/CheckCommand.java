package dev.tokencache.server;

import dev.tokencache.auth.JwtGate;
import dev.tokencache.auth.KeyException;
import dev.tokencache.server.CheckReport.Status;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what a start would meet, without changing anything; beside a running server too. */
@Command(
        name = "check",
        description = "Checks configuration, directories, permissions, keys and token files; changes nothing.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
    private static final long KEYS_SECONDS = 30;
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rwx------");

    private final RootCommand root;
    private final CheckReport report = new CheckReport();

    @Option(names = "--json", description = "Prints the report as JSON.")
    boolean json;

    @Spec
    CommandSpec spec;

    CheckCommand(RootCommand root) {
        this.root = root;
    }

    @Override
    public Integer call() throws Exception {
        try {
            ServerConfig config = root.load();
            ServerLog.configure(config.logLevel(), config.logFormat(), System.err);
            report.add("configuration", Status.OK, "valid");
            stateDir(config);
            http(config);
            LooseFiles.named(config, root.configFile())
                    .forEach(warning -> report.add("permissions", Status.WARNING, warning));
            redis(config);
            keys(config);
            etagKey(config);
            auditLog(config);
            if (config.cluster().isPresent()) {
                cluster(config.cluster().get());
            }
            if (config.readsFiles()) {
                new RootCheck(report, config.cache().maxTokenBytes()).run(config.root());
            }
        } catch (ConfigException e) {
            e.problems().forEach(problem -> report.add("configuration", Status.ERROR, problem.toString()));
        }
        if (json) {
            spec.commandLine().getOut().println(report.toJson().encodePrettily());
        } else {
            report.print(spec.commandLine().getOut());
        }
        return report.isOk() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    private void stateDir(ServerConfig config) throws IOException {
        Path path = config.stateDir();
        try {
            Directories.requireApart(config.root(), path);
        } catch (StartException e) {
            report.add("directories", Status.ERROR, e.getMessage());
        }
        if (!Files.exists(path)) {
            report.addAbsent("stateDir", path, Status.OK);
        } else if (!Files.isDirectory(path)) {
            report.add("stateDir", Status.ERROR, "no directory");
        } else if (!Files.isWritable(path) || !Files.isReadable(path) || !Files.isExecutable(path)) {
            report.add("stateDir", Status.ERROR, "can't be read and written");
        } else if (!OWNER.containsAll(Files.getPosixFilePermissions(path))) {
            report.add("stateDir", Status.WARNING, "group or others have permissions on it");
        } else {
            report.add("stateDir", Status.OK, "readable, writable");
        }
        if (isInTheWay(path.resolve(StateDir.LOCK))) {
            report.add("stateDir", Status.ERROR, "the lock file can't be written");
        }
        if (!config.auth().hasKeys()
                && Files.isDirectory(path.resolve(StateDir.ADMIN_TOKEN), LinkOption.NOFOLLOW_LINKS)) {
            report.add("stateDir", Status.ERROR, "the signing key or the admin token can't be written");
        }
    }

    /** Whether there is something else than a regular file. */
    private static boolean isInTheWay(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    private void http(ServerConfig config) {
        try {
            HttpSafety.requireProtected(config);
            HttpSafety.requireOwnAddress(config);
        } catch (StartException e) {
            report.add("http", Status.ERROR, e.getMessage());
        }
        try {
            HttpSafety.tls(config).ifPresent(tls -> {
                report.add("tls", Status.OK, "usable");
                tls.warnings().forEach(warning -> report.add("tls", Status.WARNING, warning));
            });
        } catch (StartException e) {
            report.add("tls", Status.ERROR, e.getMessage());
        }
    }

    /** Whether Redis answers is not asked: a server starts without it too. */
    private void redis(ServerConfig config) {
        try {
            RedisSetup.prepare(config).ifPresent(options -> report.add("redis", Status.OK, "key usable"));
        } catch (StartException e) {
            report.add("redis", Status.ERROR, e.getMessage());
        }
    }

    private void keys(ServerConfig config) throws InterruptedException {
        Path generated = config.stateDir().resolve(StateDir.SIGNING_KEY);
        if (!config.auth().hasKeys() && !Files.exists(generated)) {
            report.add("keys", Status.OK, "none configured; the server makes one at the start");
            return;
        }
        Vertx vertx = Vertx.vertx();
        try {
            JwtGate.create(vertx, AuthMapping.options(config.auth(), generated))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(KEYS_SECONDS, TimeUnit.SECONDS);
            report.add("keys", Status.OK, "usable");
        } catch (ExecutionException e) {
            String reason = e.getCause() instanceof KeyException known ? known.getMessage() : "not usable";
            report.add("keys", Status.ERROR, reason);
        } catch (TimeoutException e) {
            report.add("keys", Status.ERROR, "not read within " + KEYS_SECONDS + " s");
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private void auditLog(ServerConfig config) {
        Path file = config.stateDir().resolve(StateDir.AUDIT_LOG);
        if (!config.audit().enabled()) {
            report.add("audit log", Status.WARNING, "off: nobody will know who read or changed a token");
        } else if (isInTheWay(file) || (Files.exists(file) && !Files.isWritable(file))) {
            report.add("audit log", Status.ERROR, "can't be written, or is no regular file");
        } else {
            report.add("audit log", Status.OK, "on");
        }
    }

    private void cluster(ServerConfig.Cluster cluster) {
        try {
            ClusterMember.verify(cluster);
            boolean insecure = cluster.insecure();
            report.add(
                    "cluster",
                    insecure ? Status.WARNING : Status.OK,
                    insecure ? "insecure: any program of this machine can join and read tokens" : "usable");
        } catch (StartException e) {
            report.add("cluster", Status.ERROR, e.getMessage());
        }
    }

    private void etagKey(ServerConfig config) {
        Path file = config.cache().etagKeyFile().orElse(config.stateDir().resolve(StateDir.ETAG_KEY));
        if (config.cache().etagKeyFile().isEmpty() && !Files.exists(file)) {
            return;
        }
        try {
            StateDir.readEtagKey(file);
            report.add("etag key", Status.OK, "usable");
        } catch (StartException e) {
            report.add("etag key", Status.ERROR, e.getMessage());
        }
    }
}
