package dev.tokencache.redis;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.embedded.RedisServer;

/** A real server on a port of its own, which can be frozen, killed and started again there. */
public final class RealRedis implements AutoCloseable {
    private static final int CLIENT_MILLIS = 20_000;
    private static final int START_SECONDS = 30;

    private final int port;
    private RedisServer server;
    private ProcessHandle process;

    /** Starts it. */
    public RealRedis() throws IOException {
        port = freePort();
        start();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    public String url() {
        return "redis://127.0.0.1:" + port;
    }

    int port() {
        return port;
    }

    /** Starts it, empty, at its port. */
    public void start() throws IOException {
        Set<Long> before = children();
        server = RedisServer.newRedisServer()
                .port(port)
                .setting("bind 127.0.0.1")
                .setting("save \"\"")
                .setting("appendonly no")
                .build();
        server.start();
        process = ProcessHandle.current()
                .children()
                .filter(child -> !before.contains(child.pid()))
                .filter(child -> child.info().command().orElse("").contains("redis"))
                .findFirst()
                .orElseThrow();
        awaitAccept();
    }

    private static Set<Long> children() {
        return ProcessHandle.current().children().map(ProcessHandle::pid).collect(Collectors.toSet());
    }

    private void awaitAccept() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (true) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw new UncheckedIOException(e);
                }
                Thread.onSpinWait();
            }
        }
    }

    /** Stops it where it stands: connections stay, nothing is answered. */
    public void freeze() throws Exception {
        signal("STOP");
    }

    /** Lets it go on. */
    public void thaw() throws Exception {
        signal("CONT");
    }

    private void signal(String name) throws Exception {
        int code = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (code != 0) {
            throw new AssertionError("kill -" + name);
        }
    }

    /** Kills it at once. */
    public void kill() {
        process.destroyForcibly();
        process.onExit().orTimeout(START_SECONDS, TimeUnit.SECONDS).join();
    }

    /** What another client finds or does. */
    public <T> T ask(Function<Jedis, T> question) {
        try (Jedis client = new Jedis("127.0.0.1", port, CLIENT_MILLIS)) {
            return question.apply(client);
        }
    }

    /** What another client does. */
    public void tell(Consumer<Jedis> order) {
        ask(client -> {
            order.accept(client);
            return null;
        });
    }

    /** Ends the connections that hear of invalidations. */
    public void cutPushes() {
        tell(client -> client.sendCommand(Protocol.Command.CLIENT, "KILL", "TYPE", "pubsub"));
    }

    /** Names of values or generations there. */
    public Set<String> names(String kind) {
        return ask(client -> client.keys("*:" + kind + ":*"));
    }

    @Override
    public void close() throws IOException {
        kill();
        server.stop();
    }
}
