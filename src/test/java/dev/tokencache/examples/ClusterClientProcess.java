package dev.tokencache.examples;

import dev.tokencache.ChangeFeed;
import dev.tokencache.Failure;
import dev.tokencache.TokenFile;
import dev.tokencache.cluster.ClusterOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonObject;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A JVM that uses {@link ClusterClient}, prints what it has seen, and ends when it has closed it. */
final class ClusterClientProcess {
    private ClusterClientProcess() {}

    /** Arguments: the port of a node, the directory of certificate, key, CA and secret, the file with the JWT. */
    public static void main(String[] args) throws Exception {
        Path files = Path.of(args[1]);
        String jwt = Files.readString(Path.of(args[2]));
        ClusterOptions options = new ClusterOptions()
                .setName("test")
                .setNode("client")
                .setPort(0)
                .setHosts(List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]))))
                .setTls(files.resolve("node.pem"), files.resolve("node.key"), files.resolve("ca.pem"))
                .setSecretFile(files.resolve("secret"));
        try (ClusterClient client = new ClusterClient(options, () -> jwt)) {
            use(client);
        }
        System.out.println("closed");
    }

    private static void use(ClusterClient client) {
        TokenFile file = first(client).await();
        System.out.println("read " + file.json().getString("token"));

        Promise<Void> following = Promise.promise();
        Promise<String> changed = Promise.promise();
        ChangeFeed feed = client.follow("demo", piece -> {
            if (piece.reset()) {
                following.tryComplete();
            }
            piece.events()
                    .forEach(event -> changed.tryComplete(
                            event.change().kind() + " " + event.change().filename()));
            return Future.succeededFuture();
        });
        following.future().await();
        JsonObject token = new JsonObject().put("token", "not-a-real-token-either");
        System.out.println(
                "added " + client.add("demo", "b.json", token).await().created());
        System.out.println("heard " + changed.future().await());
        feed.close().await();

        System.out.println("again " + failure(client.add("demo", "b.json", token)));
        System.out.println("other " + failure(client.get("other", "a.json")));
    }

    /** A JVM that has just joined connects, and loads classes, for longer than a busy machine's node is waited for. */
    private static Future<TokenFile> first(ClusterClient client) {
        return client.get("demo", "a.json")
                .recover(cause ->
                        Failure.of(cause) == Failure.CACHE_UNREACHABLE ? first(client) : Future.failedFuture(cause));
    }

    private static String failure(Future<?> future) {
        return future.map("none")
                .otherwise(cause -> Failure.of(cause).machineName())
                .await();
    }
}
