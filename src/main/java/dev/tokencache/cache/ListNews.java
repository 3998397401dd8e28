package dev.tokencache.cache;

import dev.tokencache.TokenNames;
import io.vertx.core.Context;
import java.util.List;

/**
 * Compares the lists that readers are given with what is known of the project, and doubts every name in which they differ. In
 * slices: a list may hold 100,000 names. What changes between two slices is published then, so it needs no doubt.
 */
final class ListNews {
    private static final int SLICE = 4_096;

    private final Context context;
    private final FileIndex index;
    private final FileNews news;

    /** The list that was compared last: the readers of one load get the same. */
    private TokenNames compared;

    ListNews(Context context, FileIndex index, FileNews news) {
        this.context = context;
        this.index = index;
        this.news = news;
    }

    /** Takes in that a reader is given a list that was just read. */
    void told(TokenNames list) {
        if (list == null || list == compared || !news.isDoubting()) {
            return;
        }
        compared = list;
        ProjectState project = index.project(list.project());
        String[] known = project == null ? new String[0] : project.files.names();
        new Comparison(list, known).run();
    }

    private final class Comparison {
        private final TokenNames list;
        private final List<String> names;
        private final String[] known;
        private int next;

        Comparison(TokenNames list, String[] known) {
            this.list = list;
            this.names = list.names();
            this.known = known;
        }

        void run() {
            int end = Math.min(names.size() + known.length, next + SLICE);
            for (; next < end; next++) {
                boolean listed = next < names.size();
                String name = listed ? names.get(next) : known[next - names.size()];
                boolean isKnown = index.record(list.project(), name) != null;
                if (listed ? !isKnown : isKnown && !list.contains(name)) {
                    news.doubt(list.project(), name);
                }
            }
            if (next < names.size() + known.length) {
                context.runOnContext(ignored -> run());
            }
        }
    }
}
