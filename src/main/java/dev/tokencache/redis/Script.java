package dev.tokencache.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;

/**
 * What runs on the server, whole or not at all, with the arguments named here and one more, the mark of the call. Whatever others
 * have put under our names is taken for nothing, of the wrong type too, and replaced.
 */
enum Script {
    /**
     * Reads what there is of a token. Keys: lineage, generation, value. Arguments: a new lineage and a new generation for
     * those that are missing, how long a new generation lives in ms. Returns lineage, generation, value, ms the value has left.
     */
    BEGIN("""
            local l = mark(KEYS[1])
            if not l then l = ARGV[1]; redis.call('SET', KEYS[1], l) end
            local g = mark(KEYS[2])
            if not g then g = ARGV[2]; redis.call('SET', KEYS[2], g, 'PX', ARGV[3]) end
            local v = redis.pcall('GET', KEYS[3])
            if type(v) ~= 'string' then v = false end
            return {l, g, v, redis.call('PTTL', KEYS[3])}
            """),

    /**
     * Stores a value unless its token was invalidated since {@link #BEGIN}. Keys as there. Arguments: the lineage and the
     * generation it returned, the value, how long the value lives, how long at least its generation. Returns whether it did.
     */
    STORE("""
            if mark(KEYS[1]) ~= ARGV[1] or mark(KEYS[2]) ~= ARGV[2] then return 0 end
            redis.call('SET', KEYS[3], ARGV[3], 'PX', ARGV[4])
            if redis.call('PTTL', KEYS[2]) < tonumber(ARGV[5]) then redis.call('PEXPIRE', KEYS[2], ARGV[5]) end
            return 1
            """),

    /**
     * Invalidates a token and tells of it. Keys: generation, value, the mark of the last move. Arguments: channel, the token's
     * name, a new mark.
     */
    DROP("""
            redis.call('DEL', KEYS[1], KEYS[2])
            redis.call('SET', KEYS[3], ARGV[3])
            redis.call('PUBLISH', ARGV[1], ARGV[2])
            return 1
            """),

    /** Begins a new lineage and tells of it. Key: lineage. Arguments: the new one, channel. */
    RENEW("""
            redis.call('SET', KEYS[1], ARGV[1])
            redis.call('PUBLISH', ARGV[2], '*')
            return 1
            """),

    /**
     * Says that a node has nothing left to invalidate, if what it said last is still there. Key: the words of all nodes.
     * Arguments: node, its last word or an empty text, its new word, how long they are kept, how many nodes there may be.
     * Returns whether it did.
     */
    BEAT("""
            local t = redis.call('TYPE', KEYS[1]).ok
            if t ~= 'hash' and t ~= 'none' then redis.call('DEL', KEYS[1]) end
            if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then
              redis.call('HDEL', KEYS[1], ARGV[1])
              return 0
            end
            if redis.call('HLEN', KEYS[1]) > tonumber(ARGV[5]) then redis.call('DEL', KEYS[1]) end
            redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
            redis.call('PEXPIRE', KEYS[1], ARGV[4])
            return 1
            """),

    /**
     * Compares what a node without files holds with what holds. Keys: lineage, the words of the nodes, the mark of the last
     * move, then generations. Argument: how long generations that are held live at least. Returns lineage, words by node, mark,
     * generations.
     */
    CHECK("""
            local out = {mark(KEYS[1]), {}, mark(KEYS[3])}
            local words = redis.pcall('HGETALL', KEYS[2])
            if type(words) == 'table' and not words.err then out[2] = words end
            for i = 4, #KEYS do
              local g = mark(KEYS[i])
              if g and redis.call('PTTL', KEYS[i]) < tonumber(ARGV[1]) then redis.call('PEXPIRE', KEYS[i], ARGV[1]) end
              out[i] = g
            end
            return out
            """);

    private final String text;
    private final String hash;

    Script(String body) {
        text = prefix() + "local function run()\n" + body + "end\nreturn {ARGV[#ARGV], run()}";
        hash = sha1(text);
    }

    /**
     * Defines what reads a nonce, or false for anything else, of the right length too: what isn't text would come back as other
     * bytes than it was, so never match again. A method: constants are made before an enum's fields.
     */
    private static String prefix() {
        return """
                local function mark(key)
                  local m = redis.pcall('GET', key)
                  if type(m) ~= 'string' or #m ~= %s or m:find('[^A-Za-z0-9_-]') then return false end
                  return m
                end
                """.formatted(Integer.toString(Nonces.LENGTH));
    }

    private static String sha1(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has SHA-1", e);
        }
    }

    /** Runs it by its hash, or by its text where the server doesn't know it yet. */
    Future<Response> run(RedisLink link, List<String> keys, Object... arguments) {
        String mark = RedisLink.nextMark();
        return link.send(command(Command.EVALSHA, hash, mark, keys, arguments), mark)
                .recover(cause -> isUnknown(cause)
                        ? link.send(command(Command.EVAL, text, mark, keys, arguments), mark)
                        : Future.failedFuture(cause))
                .map(reply -> reply.get(1));
    }

    /** Whether the server doesn't know a script by its hash. */
    static boolean isUnknown(Throwable cause) {
        return String.valueOf(cause.getMessage()).startsWith("NOSCRIPT");
    }

    private static Request command(
            Command command, String script, String mark, List<String> keys, Object... arguments) {
        Request request = Request.cmd(command).arg(script).arg(keys.size());
        keys.forEach(request::arg);
        for (Object argument : arguments) {
            if (argument instanceof byte[] bytes) {
                request.arg(bytes);
            } else {
                request.arg(String.valueOf(argument));
            }
        }
        return request.arg(mark);
    }
}
