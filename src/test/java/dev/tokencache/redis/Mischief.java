package dev.tokencache.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.exceptions.JedisDataException;

/** What somebody who can write to a Redis can do to what lies there. */
final class Mischief {
    private static final long LIFE_MILLIS = 300_000;

    private final RealRedis redis;
    private final Random random;
    private final Map<String, byte[]> kept = new HashMap<>();
    private final Map<String, byte[]> lineage = new HashMap<>();

    Mischief(RealRedis redis, Random random) {
        this.redis = redis;
        this.random = random;
    }

    private static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    void flush() {
        redis.tell(Jedis::flushAll);
    }

    /** Puts garbage in the place of everything, of any type and length. */
    void garble() {
        redis.tell(client -> client.keys("*").forEach(name -> {
            byte[] garbage = new byte[random.nextInt(400)];
            random.nextBytes(garbage);
            switch (random.nextInt(4)) {
                case 0 -> {
                    Transaction whole = client.multi();
                    whole.del(name);
                    whole.lpush(bytes(name), garbage);
                    whole.exec();
                }
                case 1 -> flip(client, name);
                default -> client.set(bytes(name), garbage);
            }
        }));
    }

    /** Changes one bit of a value. */
    private void flip(Jedis client, String name) {
        byte[] value;
        try {
            value = client.get(bytes(name));
        } catch (JedisDataException e) {
            return; // of another type
        }
        if (value != null && value.length > 0) {
            value[random.nextInt(value.length)] ^= (byte) (1 << random.nextInt(8));
            client.set(bytes(name), value);
        }
    }

    /** Sets a bit that no text has in the marks of all tokens and of everything. */
    void blur() {
        redis.tell(client -> {
            for (String kind : List.of("g:*", "lineage", "moves")) {
                for (String name : client.keys("*:" + kind)) {
                    byte[] mark = client.get(bytes(name));
                    if (mark != null) {
                        mark[random.nextInt(mark.length)] |= (byte) 0x80;
                        client.set(bytes(name), mark);
                    }
                }
            }
        });
    }

    /** Remembers values, with their generations. */
    void keep() {
        redis.tell(client -> {
            for (String kind : List.of("v", "g")) {
                for (String name : client.keys("*:" + kind + ":*")) {
                    byte[] value = client.get(bytes(name));
                    if (value != null) {
                        kept.put(name, value);
                    }
                }
            }
            client.keys("*:lineage").forEach(name -> lineage.put(name, client.get(bytes(name))));
        });
    }

    /** Does what a failover to a replica without the last writes does: all that was remembered is there, and nothing else. */
    void fallBack() {
        redis.tell(client -> {
            Transaction whole = client.multi();
            whole.flushAll();
            lineage.forEach((name, value) -> whole.set(bytes(name), value));
            kept.forEach((name, value) -> whole.psetex(bytes(name), LIFE_MILLIS, value));
            whole.exec();
        });
    }

    int kept() {
        return kept.size();
    }

    /** Puts back what was remembered, values alone or with their generations. */
    void replay(boolean generationsToo) {
        redis.tell(client -> kept.forEach((name, value) -> {
            if (generationsToo || name.contains(":v:")) {
                client.psetex(bytes(name), LIFE_MILLIS, value);
            }
        }));
    }

    /** Gives every token the value of another one, with its generation. */
    void swap() {
        Set<String> names = redis.names("v");
        redis.tell(client -> {
            List<String> from = new ArrayList<>(names);
            List<byte[]> values = new ArrayList<>();
            List<byte[]> generations = new ArrayList<>();
            from.forEach(name -> values.add(client.get(bytes(name))));
            from.forEach(name -> generations.add(client.get(bytes(name.replace(":v:", ":g:")))));
            for (int i = 0; i < from.size(); i++) {
                int other = (i + 1) % from.size();
                if (values.get(other) != null && generations.get(other) != null) {
                    client.psetex(bytes(from.get(i)), LIFE_MILLIS, values.get(other));
                    client.psetex(bytes(from.get(i).replace(":v:", ":g:")), LIFE_MILLIS, generations.get(other));
                }
            }
        });
    }
}
