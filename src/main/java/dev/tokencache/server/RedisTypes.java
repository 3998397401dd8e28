package dev.tokencache.server;

import java.net.URI;
import java.util.regex.Pattern;

/** Types of settings that only the second tier has. */
final class RedisTypes {
    private RedisTypes() {}

    /** Where a Redis is. Credentials are never written in the configuration. */
    static ValueType<URI> url() {
        return ValueType.scalar(
                "rediss://host:port/database or redis://host:port/database, without user and password", true, text -> {
                    URI url = URI.create(text);
                    boolean isRedis = "redis".equals(url.getScheme()) || "rediss".equals(url.getScheme());
                    boolean isPlain =
                            url.getRawUserInfo() == null && url.getRawQuery() == null && url.getRawFragment() == null;
                    boolean isPlace = url.getHost() != null && url.getPath().matches("|/|/[0-9]{1,3}");
                    return isRedis && isPlain && isPlace ? url : null;
                });
    }

    /** What names in Redis begin with. */
    static ValueType<String> prefix() {
        Pattern prefix = Pattern.compile("[A-Za-z0-9._-]{1,64}");
        return ValueType.scalar(
                "1 to 64 letters, digits, dots, dashes and underscores",
                true,
                text -> prefix.matcher(text).matches() ? text : null);
    }
}
