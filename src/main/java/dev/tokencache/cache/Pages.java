package dev.tokencache.cache;

import dev.tokencache.TokenFile;
import dev.tokencache.TokenKey;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Pages of a project's tokens. The cursor stands for the last name looked at, so that files which come and go meanwhile neither
 * repeat nor hide another. A page is filled a slice of names at a time, other work of the event loop in between, and ends
 * when it has looked at enough, whatever it has found.
 */
final class Pages {
    /** The most names that one page looks at. */
    static final int MAX_NAMES = 10_000;

    /** The most files that one page loads. */
    static final int MAX_LOADS = 2_000;

    private static final int SLICE_NAMES = 256;
    /** Also when few load at once: all that a slice loads is in memory until the page has taken it. */
    private static final int SLICE_LOADS = 32;

    private static final int MAX_PAGE_BYTES = 8 << 20;
    private static final int ITEM_OVERHEAD = 300;

    /** Behind every character of a name, so that prefix and this is behind every name with the prefix. */
    private static final char BEHIND_ALL = '\uffff';

    private final Context context;
    private final Lists lists;
    private final KnownFiles known;
    private final Preloader preloader;
    private final LongSupplier currentMillis;

    Pages(Context context, Lists lists, KnownFiles known, Preloader preloader, LongSupplier currentMillis) {
        this.context = context;
        this.lists = lists;
        this.known = known;
        this.preloader = preloader;
        this.currentMillis = currentMillis;
    }

    /** A page in byte order of the names, from the first name behind the cursor's. */
    Future<JsonObject> page(PageRequest request) {
        return lists.get(request.project()).compose(names -> {
            Page page = new Page(request, names.names());
            page.fill();
            return page.promise.future();
        });
    }

    /** A name that is looked at, and what of it is told; null while that isn't known, and when the file is gone. */
    private static final class Look {
        final String name;
        FileFacts facts;

        Look(String name, FileFacts facts) {
            this.name = name;
            this.facts = facts;
        }
    }

    /** A page being filled. */
    private final class Page {
        final Promise<JsonObject> promise = Promise.promise();
        private final PageRequest request;
        private final List<String> names;
        private final int end;
        private final long nowMillis = currentMillis.getAsLong();
        private final PageTag tag;
        private final JsonArray items = new JsonArray();
        private int next;
        private int looked;
        private int loaded;
        private int unknown;
        private long bytes;
        private String last;

        Page(PageRequest request, List<String> names) {
            this.request = request;
            this.names = names;
            this.tag = new PageTag(request);
            String prefix = request.prefix();
            next = Math.max(firstFrom(names, prefix), firstFrom(names, request.after() + '\0'));
            end = prefix.isEmpty() ? names.size() : firstFrom(names, prefix + BEHIND_ALL);
        }

        /** One slice, and the next one in a turn of its own. */
        void fill() {
            try {
                if (isDone()) {
                    promise.complete(toJson());
                    return;
                }
                List<Look> missing = new ArrayList<>();
                List<Look> slice = look(missing);
                if (missing.isEmpty()) {
                    take(slice);
                } else {
                    Windowed.forEach(missing, preloader.width(), this::load).onComplete(done -> take(slice));
                }
            } catch (RuntimeException e) {
                promise.tryFail(e);
            }
        }

        private boolean isFull() {
            return items.size() >= request.limit() || bytes >= MAX_PAGE_BYTES;
        }

        private boolean isDone() {
            return isFull() || next >= end || looked >= MAX_NAMES || loaded >= MAX_LOADS;
        }

        /**
         * Looks up the next names, no more than can be taken.
         *
         * @param missing takes those that are to be loaded
         */
        private List<Look> look(List<Look> missing) {
            int most = Math.min(SLICE_NAMES, Math.min(end - next, MAX_NAMES - looked));
            if (!request.isFiltering()) {
                most = Math.min(most, request.limit() - items.size());
            }
            int loads = Math.min(SLICE_LOADS, MAX_LOADS - loaded);
            List<Look> slice = new ArrayList<>(most);
            while (slice.size() < most && missing.size() < loads) {
                String name = names.get(next + slice.size());
                Look look = new Look(name, known.find(request.project(), name));
                slice.add(look);
                if (isMissing(look.facts)) {
                    missing.add(look);
                }
            }
            return slice;
        }

        private boolean isMissing(FileFacts facts) {
            if (facts == null) {
                return true;
            }
            return request.values() && facts.value() == null && !facts.isInvalid() && request.matches(facts, nowMillis);
        }

        private Future<TokenFile> load(Look look) {
            loaded++;
            look.facts = null;
            if (!TokenKey.isFilename(look.name)) {
                return Future.succeededFuture(); // a list of a source that keeps no rule
            }
            Future<TokenFile> load = preloader.load(new TokenKey(request.project(), look.name));
            return load.onComplete(result -> {
                if (result.failed()) {
                    look.facts = known.failed(request.project(), look.name, result.cause());
                } else if (result.result() != null) {
                    look.facts = FileFacts.of(result.result());
                }
            });
        }

        private void take(List<Look> slice) {
            try {
                for (Look look : slice) {
                    if (isFull()) {
                        break;
                    }
                    next++;
                    looked++;
                    last = look.name;
                    if (look.facts != null) {
                        take(look.name, look.facts);
                    }
                }
                context.runOnContext(ignored -> fill());
            } catch (RuntimeException e) {
                promise.tryFail(e);
            }
        }

        private void take(String name, FileFacts facts) {
            if (!request.matches(facts, nowMillis)) {
                unknown += facts.isUnknown() ? 1 : 0;
                return;
            }
            JsonObject item = request.values()
                    ? facts.toValue(name)
                    : facts.toMetadata(name, known.ageSeconds(request.project(), name));
            items.add(item);
            tag.add(name, facts);
            bytes += item.getString("json", "").getBytes(StandardCharsets.UTF_8).length + ITEM_OVERHEAD;
        }

        private JsonObject toJson() {
            String behind = next >= end ? null : last;
            return new JsonObject()
                    .put("project", request.project())
                    .put("tokens", items)
                    .put("cursor", behind == null ? null : PageRequest.cursor(behind))
                    .put("unknown", unknown)
                    .put("etag", tag.end(behind, unknown));
        }
    }

    /** Place of the first name that is not before a text. */
    private static int firstFrom(List<String> sorted, String text) {
        int place = Collections.binarySearch(sorted, text);
        return place >= 0 ? place : -place - 1;
    }
}
