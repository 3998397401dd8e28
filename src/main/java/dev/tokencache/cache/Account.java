package dev.tokencache.cache;

import dev.tokencache.Failure;
import dev.tokencache.TokenKey;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;

/** An account to be added, checked: a session with its token, or a password account with its e-mail or mobile. */
final class Account {
    private static final String SESSION = "session";
    private static final String PASSWORD = "password";
    private static final Set<String> SESSION_MEMBERS = Set.of("token", "device_id");
    private static final Set<String> PASSWORD_MEMBERS = Set.of("token", "device_id", "email", "mobile", "password");

    private final String type;
    private final JsonObject data;

    private Account(String type, JsonObject data) {
        this.type = type;
        this.data = data;
    }

    /**
     * Checks the members of an add request.
     *
     * @throws dev.tokencache.TokenCacheException {@link Failure#BAD_REQUEST} when it is no account
     */
    static Account of(Object type, Object data) {
        if (!(data instanceof JsonObject members)) {
            throw Failure.BAD_REQUEST.exception();
        }
        boolean session = SESSION.equals(type);
        if (!session && !PASSWORD.equals(type)) {
            throw Failure.BAD_REQUEST.exception();
        }
        Set<String> known = session ? SESSION_MEMBERS : PASSWORD_MEMBERS;
        for (Map.Entry<String, Object> member : members) {
            if (!known.contains(member.getKey())
                    || !(member.getValue() instanceof String text)
                    || text.isEmpty()
                    || !StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
                throw Failure.BAD_REQUEST.exception();
            }
        }
        Account account = new Account((String) type, members);
        boolean whole = session
                ? members.containsKey("token")
                : members.containsKey("password")
                        && account.identity() != null
                        && TokenKey.isFilename(account.name(99_999));
        if (!whole) {
            throw Failure.BAD_REQUEST.exception();
        }
        return account;
    }

    boolean isSession() {
        return type.equals(SESSION);
    }

    private String identity() {
        return data.getString("email", data.getString("mobile"));
    }

    /** The account's file name, number 1 being the plain one. */
    private String name(int number) {
        String base = identity().replaceAll("[^A-Za-z0-9]", "_");
        return number == 1 ? base + ".json" : base + "_" + number + ".json";
    }

    /** Those of the names that could hold this account, lowest number first; the caller's to change. */
    List<String> candidatesAmong(List<String> names) {
        String base = name(1).substring(0, name(1).length() - ".json".length());
        List<String> candidates = new ArrayList<>();
        for (String name : names) {
            if (name.equals(name(1)) || (name.startsWith(base + "_") && numberOf(name, base) >= 2)) {
                candidates.add(name);
            }
        }
        candidates.sort((a, b) -> Integer.compare(numberOf(a, base), numberOf(b, base)));
        return candidates;
    }

    private static int numberOf(String name, String base) {
        if (name.length() == base.length() + ".json".length()) {
            return 1;
        }
        String digits = name.substring(base.length() + 1, name.length() - ".json".length());
        return digits.matches("[1-9][0-9]{0,8}") ? Integer.parseInt(digits) : 0;
    }

    /** The first name that none of the taken ones holds. */
    String freeName(List<String> taken) {
        int number = 1;
        while (taken.contains(name(number))) {
            number++;
        }
        return name(number);
    }

    /** Whether a stored file is this account's: equal e-mail or equal mobile. */
    boolean isSameAs(JsonObject stored) {
        return equal("email", stored) || equal("mobile", stored);
    }

    private boolean equal(String member, JsonObject stored) {
        return data.getString(member) != null && data.getString(member).equals(stored.getValue(member));
    }

    /** The file: the account's members, its type and when it was created (ISO 8601 UTC), with two-space indent. */
    Buffer render(long nowMillis) {
        Map<String, String> members = new LinkedHashMap<>();
        for (String name : List.of("email", "mobile", "password", "token", "device_id")) {
            if (data.getString(name) != null) {
                members.put(name, data.getString(name));
            }
        }
        members.put("type", type);
        members.put("created_at", Instant.ofEpochMilli(nowMillis).toString());
        StringJoiner lines = new StringJoiner(",\n", "{\n", "\n}\n");
        members.forEach((name, value) -> lines.add("  " + Json.encode(name) + ": " + Json.encode(value)));
        return Buffer.buffer(lines.toString());
    }
}
