package dev.tokencache.history;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/** The values that are written: each carries its version and a checksum over all of it. */
final class Value {
    /** {@link #version} of a value that nobody made. */
    static final long NOBODYS = -1;

    private static final Pattern FORM = Pattern.compile("(made-up-([0-9a-f]{10})-[a-z]*-)([0-9a-f]{8})");

    private Value() {}

    /** The token of a version; all of a key are of one length, and differ in every character of their padding. */
    static String token(int key, long version) {
        String padding = String.valueOf((char) ('a' + version % 26)).repeat(Keys.padding(key));
        String checked = String.format("made-up-%010x-%s-", version, padding);
        return checked + checksum(checked);
    }

    /** The file of a version. */
    static String file(int key, long version) {
        return "{\"email\":\"" + Keys.email(key) + "\",\"token\":\"" + token(key, version) + "\"}";
    }

    /** The version of a token file's content, or {@link #NOBODYS} when the checksum is wrong. */
    static long version(JsonObject file) {
        if (!(file.getValue("token") instanceof String token)) {
            return NOBODYS;
        }
        Matcher form = FORM.matcher(token);
        boolean whole = form.matches() && checksum(form.group(1)).equals(form.group(3));
        return whole ? Long.parseLong(form.group(2), 16) : NOBODYS;
    }

    private static String checksum(String text) {
        CRC32 sum = new CRC32();
        sum.update(text.getBytes(StandardCharsets.US_ASCII));
        return String.format("%08x", sum.getValue());
    }
}
