package dev.tokencache.cache;

import dev.tokencache.Failure;
import dev.tokencache.Precondition;
import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import dev.tokencache.WriteResult;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Adds accounts under names made from them. A session takes the next free millisecond; a password account the name of its
 * e-mail or mobile, where the same account replaces its file and another one takes the next free number. The source's
 * conditional writes decide every race, so no account is ever lost to another.
 */
final class AccountWriter {
    private static final int MAX_TRIES = 1_000;

    private final Tokens tokens;
    private final Lists lists;
    private final Writes writes;
    private final LongSupplier currentMillis;

    AccountWriter(Tokens tokens, Lists lists, Writes writes, LongSupplier currentMillis) {
        this.tokens = tokens;
        this.lists = lists;
        this.writes = writes;
        this.currentMillis = currentMillis;
    }

    /** What was written, and where. */
    record Added(String filename, WriteResult result) {}

    Future<Added> add(String project, Account account) {
        TokenKey.requireProject(project);
        long now = currentMillis.getAsLong();
        Buffer content = account.render(now);
        return account.isSession()
                ? addSession(project, content, now, MAX_TRIES)
                : lists.reload(project)
                        .compose(names -> addPassword(project, account, content, names.names(), MAX_TRIES));
    }

    private Future<Added> addSession(String project, Buffer content, long millis, int tries) {
        String filename = "session-" + millis + ".json";
        return create(project, filename, content)
                .recover(cause -> Failure.of(cause) == Failure.PRECONDITION_FAILED && tries > 1
                        ? addSession(project, content, millis + 1, tries - 1)
                        : Future.failedFuture(cause));
    }

    private Future<Added> addPassword(String project, Account account, Buffer content, List<String> names, int tries) {
        if (tries == 0) {
            return Future.failedFuture(Failure.STORAGE_BUSY.exception());
        }
        List<String> taken = account.candidatesAmong(names);
        return findSame(project, account, taken, 0)
                .compose(same -> same == null
                        ? create(project, account.freeName(taken), content)
                        : writes.put(TokenKey.parse(same.key()), content, Precondition.match(same.etag()))
                                .map(result -> new Added(same.filename(), result)))
                .recover(cause -> Failure.of(cause) == Failure.PRECONDITION_FAILED
                        ? lists.reload(project)
                                .compose(now -> addPassword(project, account, content, now.names(), tries - 1))
                        : Future.failedFuture(cause));
    }

    /**
     * The first of the names that holds the same account, or null. An unreadable file is nobody's account; a name whose
     * file has gone since it was listed is taken out.
     */
    private Future<TokenFile> findSame(String project, Account account, List<String> names, int index) {
        if (index == names.size()) {
            return Future.succeededFuture();
        }
        return tokens.load(new TokenKey(project, names.get(index))).transform(loaded -> {
            if (loaded.failed() && Failure.of(loaded.cause()) != Failure.INVALID_TOKEN_FILE) {
                return Future.failedFuture(loaded.cause());
            }
            TokenFile file = loaded.result();
            if (file != null && account.isSameAs(file.json())) {
                return Future.succeededFuture(file);
            }
            if (file == null && loaded.succeeded()) {
                names.remove(index);
                return findSame(project, account, names, index);
            }
            return findSame(project, account, names, index + 1);
        });
    }

    private Future<Added> create(String project, String filename, Buffer content) {
        return writes.put(new TokenKey(project, filename), content, Precondition.ABSENT)
                .map(result -> new Added(filename, result));
    }

    /** The reply of {@link dev.tokencache.Operation#ADD}. */
    static JsonObject toJson(Added added) {
        return new JsonObject()
                .put("filename", added.filename())
                .put("etag", added.result().etag())
                .put("replaced", !added.result().created());
    }
}
