package dev.tokencache.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Names that try to leave a project, as bytes; none of them keeps the rule for names of files. */
final class HostileNames {
    /** Those that are text. */
    private static final List<String> TEXTS = List.of(
            "..",
            ".",
            "...",
            "../sibling/secret.json",
            "../../outside.json",
            "../../../../../../../../etc/passwd",
            "../../../../../../../../etc/passwd\0.json",
            "./good.json",
            "good.json/",
            "good.json/.",
            "good.json/..",
            "good.json/../../sibling/secret.json",
            "nothing/../../sibling/secret.json",
            "....//sibling/secret.json",
            "..././sibling/secret.json",
            "..//sibling//secret.json",
            "/../sibling/secret.json",
            "/etc/passwd",
            "/etc/passwd.json",
            "//etc/passwd",
            "sibling/secret.json",
            "sibling\\secret.json",
            "..\\sibling\\secret.json",
            "..\\/sibling\\/secret.json",
            "..\\..\\outside.json",
            "\\sibling\\secret.json",
            "C:\\outside.json",
            "C:/outside.json",
            "C:outside.json",
            "\\\\localhost\\share\\outside.json",
            "//localhost/share/outside.json",
            "\\\\?\\C:\\outside.json",
            "\\\\.\\C:\\outside.json",
            "file:///etc/passwd",
            "file:outside.json",
            "..;/sibling/secret.json",
            "..;x=1/sibling/secret.json",
            "good.json;",
            "good.json;x=1",
            ";good.json",
            "good.json::$DATA",
            "good.json\0",
            "good.json\0.png",
            "\0good.json",
            "../sibling/secret.json\0.json",
            "good.json\r\nX-Injected: 1",
            "good.json\n",
            "\rgood.json",
            "good\t.json",
            "good.json\u001b[2J",
            "good.json\u007f",
            " good.json",
            "good.json ",
            ".good.json",
            ".json",
            "..json",
            "good..json",
            ".git/config",
            ".token-cache.lock",
            "-good.json",
            "~/outside.json",
            "~root/outside.json",
            "$HOME/outside.json",
            "${HOME}.json",
            "`id`.json",
            "$(id).json",
            "|id",
            "*.json",
            "*",
            "?.json",
            "[a-z].json",
            "{good,secret}.json",
            "%2e%2e%2fsibling%2fsecret.json",
            "..%2fsibling%2fsecret.json",
            "..%c0%afsibling%c0%afsecret.json",
            "%00.json",
            "good.json%00",
            "good.json.",
            "good.JSON",
            "good.json?x=1",
            "good.json#x",
            "good.json&x",
            "good,json",
            "good:json.json",
            "\uff0e\uff0e\uff0fsibling\uff0fsecret.json",
            "\uff0e\uff0e\uff3csibling\uff3csecret.json",
            "\u2025/sibling/secret.json",
            "..\u2215sibling\u2215secret.json",
            "..\u2044sibling\u2044secret.json",
            "good\uff0ejson",
            "good.json\u200b",
            "\ufeffgood.json",
            "good.\u202enosj.json",
            "good\u2028.json",
            "good\u0085.json",
            "go\u00adod.json",
            "good\u0301.json",
            "g\u043e\u043ed.json",
            "\ud83d\udd11.json",
            "g".repeat(300) + ".json",
            "../".repeat(100) + "etc/passwd");

    /** Those that are no UTF-8, each char a byte. */
    private static final List<String> BYTES = List.of(
            "\u00c0\u00ae\u00c0\u00ae\u00c0\u00afsibling\u00c0\u00afsecret.json",
            "..\u00c0\u00afsibling\u00c0\u00afsecret.json",
            "..\u00e0\u0080\u00afsibling\u00e0\u0080\u00afsecret.json",
            "..\u00f0\u0080\u0080\u00afsibling\u00f0\u0080\u0080\u00afsecret.json",
            "..\u00c1\u009csibling\u00c1\u009csecret.json",
            "good.json\u00c0\u0080",
            "good\u00ed\u00a0\u0080.json",
            "good\u00ff.json",
            "\u00fe\u00ffgood.json",
            "good.json\u00e2\u0080");

    private HostileNames() {}

    /** Each as the bytes it has where nothing is encoded. */
    static List<byte[]> all() {
        return Stream.concat(
                        TEXTS.stream().map(text -> text.getBytes(UTF_8)),
                        BYTES.stream().map(bytes -> bytes.getBytes(ISO_8859_1)))
                .toList();
    }

    /** Those that can stand in JSON, escaped where they need it. */
    static List<String> texts() {
        return TEXTS;
    }

    /** The forms that a name can have in a query: as it is, encoded once, encoded twice. */
    static List<String> inQueries(byte[] name) {
        List<String> forms = new ArrayList<>();
        forms.add(new String(name, ISO_8859_1));
        StringBuilder once = new StringBuilder();
        StringBuilder twice = new StringBuilder();
        for (byte b : name) {
            once.append(String.format("%%%02x", b & 0xff));
            twice.append(String.format("%%25%02X", b & 0xff));
        }
        forms.add(once.toString());
        if (twice.length() < 3_000) {
            forms.add(twice.toString());
        }
        return forms;
    }
}
