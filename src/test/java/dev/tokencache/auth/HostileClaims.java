package dev.tokencache.auth;

import static dev.tokencache.auth.GateFixture.CLAIMS;
import static dev.tokencache.auth.GateFixture.HEADER;
import static dev.tokencache.auth.GateFixture.SIGNER;

import java.util.Map;

/** Good tokens, and tokens whose only fault is in their claims. */
final class HostileClaims {
    private HostileClaims() {}

    static String good(String more) {
        return CLAIMS.replace("}", ",\"iss\":\"us\",\"aud\":\"me\"" + more + "}");
    }

    static String hs(String claims) {
        return TestKeys.token(HEADER, claims, SIGNER);
    }

    static String hsHeader(String header) {
        return TestKeys.token(header, good(""), SIGNER);
    }

    static String without(String member) {
        return good("").replaceAll(",?\"" + member + "\":(\"[^\"]*\"|[0-9]+)", "")
                .replace("{,", "{");
    }

    static String withExp(String value) {
        return good("").replace("1800000600", value);
    }

    static String signed(String algorithm, String kid) {
        return TestKeys.token(
                "{\"alg\":\"" + algorithm + "\",\"kid\":\"" + kid + "\"}",
                good(""),
                TestKeys.signer(algorithm, TestKeys.pairFor(algorithm)));
    }

    static void times(Map<String, String> hostile) {
        hostile.put("exp absent", hs(without("exp")));
        for (String exp : new String[] {
            "1800000000",
            "1799999999",
            "0",
            "-1",
            "1802592001",
            "1800000600000",
            "1e308",
            "1.8e9",
            "1800000600.5",
            "1800000600.0",
            "1e400",
            "\"1800000600\"",
            "\"\"",
            "null",
            "true",
            "{}",
            "[1800000600]",
            "NaN",
            "Infinity",
            "9223372036854775807",
            "9223372036854775808",
            "18446744075509552216",
            "1" + "0".repeat(400),
            "01800000600",
            "+1800000600",
            "0x6B49D458"
        }) {
            String name = exp.length() > 30 ? "huge" : exp;
            hostile.put("exp " + name, hs(withExp(exp)));
        }
        hostile.put("exp twice", hs(good(",\"exp\":1800000600")));
        hostile.put("exp twice, escaped", hs(good(",\"e\\u0078p\":1800000601")));
        for (String claim : new String[] {"nbf", "iat"}) {
            for (String value : new String[] {
                "1800000031", "1900000000", "9223372036854775807", "1799999990.5", "\"1799999990\"", "null", "{}", "1e3"
            }) {
                hostile.put(claim + " " + value, hs(without("iat").replace("}", ",\"" + claim + "\":" + value + "}")));
            }
        }
    }

    static void otherClaims(Map<String, String> hostile) {
        hostile.put("iss absent", hs(without("iss")));
        hostile.put("aud absent", hs(without("aud")));
        for (String iss : new String[] {"\"US\"", "\"us \"", "\"\"", "null", "1", "[\"us\"]", "{}"}) {
            hostile.put("iss " + iss, hs(good("").replace("\"us\"", iss)));
        }
        for (String aud : new String[] {
            "\"you\"",
            "\"\"",
            "\"me me\"",
            "null",
            "1",
            "[]",
            "[\"you\"]",
            "[\"me\",1]",
            "[[\"me\"]]",
            "{\"me\":1}",
            "true"
        }) {
            hostile.put("aud " + aud, hs(good("").replace("\"aud\":\"me\"", "\"aud\":" + aud)));
        }
        for (String scope : new String[] {"null", "1", "[\"tokens:read\"]", "{}", "true"}) {
            hostile.put("scope " + scope, hs(good("").replace("\"tokens:read stats:read\"", scope)));
        }
        for (String projects :
                new String[] {"null", "\"alpha\"", "\"*\"", "{\"alpha\":1}", "[1]", "[null]", "[[\"*\"]]"}) {
            hostile.put("projects " + projects, hs(good("").replace("[\"alpha\",\"beta\"]", projects)));
        }
        for (String value : new String[] {"null", "1", "[]", "{}"}) {
            hostile.put("sub " + value, hs(good("").replace("\"alice\"", value)));
            hostile.put("jti " + value, hs(good("").replace("\"id-1\"", value)));
        }
        for (int i = 1; i <= 3; i++) {
            hostile.put("jti revoked " + i, hs(good("").replace("id-1", "gone-" + i)));
        }
        hostile.put("claims an array", hs("[" + good("") + "]"));
        hostile.put("claims null", hs("null"));
        hostile.put("claims with more after them", hs(good("") + " 1"));
        hostile.put("claims duplicate deep down", hs(good(",\"x\":[{\"a\":1,\"a\":1}]")));
        hostile.put("claims nested without end", hs(good(",\"x\":" + "[".repeat(1500) + "]".repeat(1500))));
        hostile.put("claims with half a surrogate pair", hs(good("").replace("alice", "\\ud83d")));
        hostile.put("claims with the halves swapped", hs(good("").replace("alice", "\\ude00\\ud83d")));
        hostile.put("claims with a raw control character", hs(good("").replace("alice", "a\u0001")));
        hostile.put("claims with single quotes", hs(good("").replace("\"alice\"", "'alice'")));
        hostile.put("claims with a trailing comma", hs(good(",")));
    }
}
