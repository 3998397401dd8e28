package dev.tokencache.redis;

import dev.tokencache.TokenKey;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What has to be taken out of the tier. An invalidation that the server did not confirm is kept and sent again; beyond a small
 * number of them one new lineage stands for all. Until nothing is left this node says so ({@link Heartbeat}) by its silence.
 * Lives on the link's event loop.
 */
final class Drops {
    /** How many tokens may be under way or unconfirmed. */
    static final int MAX_TOKENS = 256;

    private static final int MAX_PROJECTS = 1_000;

    private final Tier tier;

    /** The last attempt for each token that is not confirmed. */
    private final Map<String, Future<Void>> open = new LinkedHashMap<>();

    /** Projects for which a lineage was begun, and of which nothing has been heard since. */
    private final Set<String> silent = new HashSet<>();

    private boolean renewal;

    Drops(Tier tier) {
        this.tier = tier;
    }

    /** Takes out {@code project/file}, {@code project/} or {@code *}; completes when that is done or has failed, never fails. */
    Future<Void> drop(String what) {
        if (what.equals("*")) {
            return renew().otherwiseEmpty();
        }
        String project = what.substring(0, what.indexOf('/') + 1);
        if (!what.equals(project)) {
            silent.remove(project);
            return dropToken(what).otherwiseEmpty();
        }
        // A project that can't be read is invalidated again with every look at it.
        if (silent.size() < MAX_PROJECTS && !silent.add(project)) {
            return Future.succeededFuture();
        }
        return renew().otherwiseEmpty();
    }

    /** Hears that a token of a project is being loaded: the project's next invalidation is none that was seen before. */
    void used(String project) {
        silent.remove(project + '/');
    }

    private Future<Void> dropToken(String token) {
        if (renewal || (open.size() >= MAX_TOKENS && !open.containsKey(token))) {
            return renew();
        }
        Future<Void> attempt = tier.drop(token);
        open.put(token, attempt);
        return attempt.onSuccess(done -> open.remove(token, attempt));
    }

    /** Whether a token is still to be taken out. */
    boolean isOpen(TokenKey key) {
        return renewal || open.containsKey(key.toString());
    }

    /** Begins a new lineage, now or as soon as that can be done. */
    Future<Void> renew() {
        renewal = true;
        Map<String, Future<Void>> covered = Map.copyOf(open);
        return tier.renew().onSuccess(done -> {
            renewal = false;
            covered.forEach(open::remove);
        });
    }

    /** Whether everything that was to be taken out by now is; sends again what was not confirmed. */
    Future<Boolean> settle() {
        List<Future<Void>> last = new ArrayList<>();
        if (renewal) {
            last.add(renew());
        } else {
            for (Map.Entry<String, Future<Void>> token : List.copyOf(open.entrySet())) {
                last.add(token.getValue().isComplete() ? dropToken(token.getKey()) : token.getValue());
            }
        }
        return Future.join(last).transform(done -> Future.succeededFuture(done.succeeded() && !renewal));
    }
}
