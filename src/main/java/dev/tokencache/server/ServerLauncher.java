package dev.tokencache.server;

import dev.tokencache.auth.KeyException;
import dev.tokencache.http.ConnectionLimit;
import dev.tokencache.tracing.Traces;
import dev.tokencache.tracing.TracingOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.transport.Transport;
import java.io.IOException;
import java.net.BindException;
import java.net.UnknownHostException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Starts the server's own Vert.x and deploys the server on it. Blocking; not for event loops. */
final class ServerLauncher {
    private static final System.Logger LOG = System.getLogger(ServerLauncher.class.getName());
    private static final long START_MINUTES = 5;
    private static final long CLOSE_SECONDS = 5;

    private ServerLauncher() {}

    /**
     * Starts the server.
     *
     * @return the server once it accepts requests; it closes the state directory when it stops
     * @throws StartException with one line for the operator; everything is closed then, the state directory too
     */
    static RunningServer start(ServerSetup setup) throws StartException {
        ConnectionLimit connections = new ConnectionLimit(setup.config().http().maxConnections());
        Transport transport = transport();
        ClusterMember member = join(setup);
        Traces traces = setup.config().tracing().map(ServerLauncher::traces).orElse(null);
        VertxBuilder builder = Vertx.builder().with(options()).withTransport(connections.countingTransport(transport));
        if (traces != null) {
            builder.withTracer(traces.factory());
        }
        Vertx vertx = build(setup, member, builder);
        LOG.log(
                System.Logger.Level.INFO,
                "transport " + transport.name() + ", Java "
                        + Runtime.version().feature() + ", "
                        + Runtime.getRuntime().availableProcessors() + " cores");
        boolean started = false;
        try {
            ServerVerticle verticle = new ServerVerticle(setup, connections, member, traces);
            String deployment = vertx.deployVerticle(verticle)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(START_MINUTES, TimeUnit.MINUTES);
            setup.firstStart().ifPresent(first -> scheduleRenewal(vertx, first));
            started = true;
            return new RunningServer(
                    vertx, verticle::end, deployment, setup.state(), verticle.port(), () -> leave(member));
        } catch (ExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "start failed", e.getCause());
            throw new StartException(explain(e.getCause(), setup.config().http()));
        } catch (TimeoutException e) {
            throw new StartException("the start took longer than " + START_MINUTES + " minutes");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("the start was interrupted");
        } finally {
            if (!started) {
                close(vertx);
                leave(member);
                setup.state().close();
            }
        }
    }

    /** Null for a server on its own. */
    private static ClusterMember join(ServerSetup setup) throws StartException {
        if (setup.config().cluster().isEmpty()) {
            return null;
        }
        boolean joined = false;
        try {
            ClusterMember member = ClusterMember.join(setup.config().cluster().get());
            joined = true;
            return member;
        } finally {
            if (!joined) {
                setup.state().close();
            }
        }
    }

    private static Vertx build(ServerSetup setup, ClusterMember member, VertxBuilder builder) throws StartException {
        if (member == null) {
            return builder.build();
        }
        boolean built = false;
        try {
            Vertx vertx = member.build(builder, options())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(START_MINUTES, TimeUnit.MINUTES);
            built = true;
            return vertx;
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(System.Logger.Level.DEBUG, "clustered start failed", e);
            throw new StartException("cluster: the event bus can't start on cluster.host with cluster.tls");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartException("the start was interrupted");
        } finally {
            if (!built) {
                member.close();
                setup.state().close();
            }
        }
    }

    private static void leave(ClusterMember member) {
        if (member != null) {
            member.close();
        }
    }

    /** Vert.x resolves no files from the class path here: it would make a directory for them that a kill leaves behind. */
    private static VertxOptions options() {
        FileSystemOptions files =
                new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);
        return new VertxOptions().setFileSystemOptions(files);
    }

    private static Traces traces(ServerConfig.Tracing tracing) {
        return new Traces(new TracingOptions()
                .setEndpoint(tracing.endpoint())
                .setSampleRatio(tracing.sampleRatio())
                .setServiceName(tracing.serviceName())
                .setVersion(Version.current()));
    }

    private static Transport transport() {
        Transport system = Transport.nativeTransport();
        return system != null && system.available() ? system : Transport.NIO;
    }

    private static void scheduleRenewal(Vertx vertx, FirstStart first) {
        vertx.setPeriodic(
                first.renewalInterval().toMillis(),
                timer -> vertx.executeBlocking(
                                () -> {
                                    first.renewAdminToken();
                                    return null;
                                },
                                false)
                        .onFailure(e -> LOG.log(System.Logger.Level.WARNING, "admin token not renewed", e)));
    }

    private static void close(Vertx vertx) {
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(System.Logger.Level.DEBUG, "close after a failed start", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One line for a failed start. Netty's native transport has no BindException, only the system's words. */
    static String explain(Throwable failure, ServerConfig.Http http) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            String text = String.valueOf(t.getMessage());
            if (t instanceof StartException || t instanceof KeyException) {
                return text;
            }
            if (t instanceof UnknownHostException) {
                return "http.host: the name " + http.host() + " is not known";
            }
            if (t instanceof IOException && text.contains("Address already in use")) {
                return "port " + http.port() + " on " + http.host() + " is in use";
            }
            if (t instanceof IOException && text.contains("Cannot assign requested address")) {
                return "http.host: " + http.host() + " is no address of this machine";
            }
            if (t instanceof IOException && text.contains("Permission denied") && http.port() < 1024) {
                return "no permission to listen on port " + http.port();
            }
            if (t instanceof BindException) {
                return "can't listen on port " + http.port() + " of " + http.host();
            }
        }
        return "start failed: " + failure.getClass().getSimpleName();
    }
}
