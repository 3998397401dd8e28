package dev.tokencache.cache;

import dev.tokencache.ChangeFeed;
import dev.tokencache.EventId;
import dev.tokencache.Failure;
import dev.tokencache.TokenCache;
import dev.tokencache.TokenEvents;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** A copy of projects that is kept as the documentation says. Used from a test's thread, kept on a loop of its own. */
final class Copy {
    private final TokenCache cache;
    private final Set<String> projects;
    private final Map<String, String> files = new TreeMap<>();
    private final ChangeFeed feed;
    private EventId position;
    private boolean working;
    private int resets;

    Copy(TokenCache cache, Set<String> projects) {
        this.cache = cache;
        this.projects = projects;
        feed = cache.follow(null, null, this::apply);
    }

    ChangeFeed feed() {
        return feed;
    }

    private synchronized Future<Void> apply(TokenEvents piece) {
        working = true;
        Future<Void> applied;
        if (piece.reset()) {
            resets++;
            files.clear();
            applied = Future.all(projects.stream().map(this::readAll).toList()).mapEmpty();
        } else {
            applied = Future.all(piece.events().stream()
                            .map(event -> read(event.change().project()
                                    + '/'
                                    + event.change().filename()))
                            .toList())
                    .mapEmpty();
        }
        return applied.onComplete(done -> applied(piece.last()));
    }

    private synchronized void applied(EventId last) {
        working = false;
        position = last;
    }

    private Future<Void> readAll(String project) {
        return cache.list(project).compose(names -> {
            List<Future<Void>> reads = names.names().stream()
                    .map(name -> read(project + '/' + name))
                    .toList();
            return Future.all(reads).mapEmpty();
        });
    }

    private Future<Void> read(String key) {
        return cache.get(dev.tokencache.TokenKey.parse(key)).transform(file -> {
            if (file.succeeded()) {
                set(key, file.result() == null ? null : new String(file.result().bytes(), StandardCharsets.UTF_8));
            } else {
                set(key, Failure.of(file.cause()).machineName());
            }
            return Future.succeededFuture();
        });
    }

    private synchronized void set(String key, String content) {
        if (content == null) {
            files.remove(key);
        } else {
            files.put(key, content);
        }
    }

    /** Whether all that has happened until a place has been applied. */
    synchronized boolean isAt(EventId place) {
        return !working && place.equals(position);
    }

    synchronized Map<String, String> files() {
        return new TreeMap<>(files);
    }

    synchronized int resets() {
        return resets;
    }
}
