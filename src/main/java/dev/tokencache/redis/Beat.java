package dev.tokencache.redis;

import io.vertx.redis.client.Response;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A word of a node with files: everything that its watcher has found up to now is invalidated in the tier. Numbered, so that
 * nobody can say it again later.
 *
 * @param node who says it, a mark that each start of a node makes for itself
 * @param number from 1, one more each time
 * @param text the word sealed, as it lies in Redis
 */
record Beat(String node, long number, String text) {
    private static final String PURPOSE = "beat";

    /**
     * A word that opened.
     *
     * @param intervalMillis how often the node's watcher looks now
     */
    record Said(String node, long number, long intervalMillis) {}

    static Beat of(Seal seal, String node, long number, long intervalMillis) {
        byte[] text = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(number)
                .putLong(intervalMillis)
                .array();
        return new Beat(node, number, Base64.getEncoder().encodeToString(seal.seal(PURPOSE, node, "", text)));
    }

    /** The words among what the server has, node, word, node, word …; others are counted and left out. */
    static List<Said> all(Seal seal, Response words, TierCounters counters) {
        List<Said> said = new ArrayList<>();
        for (int i = 0; words != null && i + 1 < words.size(); i += 2) {
            Said one = open(seal, words.get(i).toString(), words.get(i + 1).toString());
            if (one == null) {
                counters.unopened.increment();
            } else {
                said.add(one);
            }
        }
        return said;
    }

    private static Said open(Seal seal, String node, String text) {
        byte[] box;
        try {
            box = Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
        byte[] opened = node.indexOf('\0') >= 0 ? null : seal.open(PURPOSE, node, 0, box);
        if (opened == null || opened.length != 2 * Long.BYTES) {
            return null;
        }
        ByteBuffer numbers = ByteBuffer.wrap(opened);
        return new Said(node, numbers.getLong(), numbers.getLong());
    }
}
