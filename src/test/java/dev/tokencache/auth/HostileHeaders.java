package dev.tokencache.auth;

import static dev.tokencache.auth.GateFixture.HEADER;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Map;

/** Tokens with headers that mean harm, all signed so that only the header is wrong with them. */
final class HostileHeaders {
    private HostileHeaders() {}

    static void algorithms(Map<String, String> hostile) {
        for (String alg :
                new String[] {"none", "None", "NONE", "nOnE", "none ", "", "hs256", "HS256 ", "HS1", "ES256K"}) {
            String header = "{\"alg\":\"" + alg + "\",\"kid\":\"main\"}";
            hostile.put("alg '" + alg + "' with a mac", HostileClaims.hsHeader(header));
            String unsigned = TestKeys.part(header) + "." + TestKeys.part(HostileClaims.good(""));
            hostile.put("alg '" + alg + "' with an empty signature", unsigned + ".");
            hostile.put("alg '" + alg + "' in two parts", unsigned);
        }
        for (String alg : new String[] {"null", "1", "true", "[]", "[\"HS256\"]", "{}"}) {
            hostile.put("alg " + alg, HostileClaims.hsHeader("{\"alg\":" + alg + ",\"kid\":\"main\"}"));
        }
        hostile.put("alg absent", HostileClaims.hsHeader("{\"kid\":\"main\"}"));
        hostile.put("alg twice", HostileClaims.hsHeader("{\"alg\":\"none\",\"alg\":\"HS256\",\"kid\":\"main\"}"));
        hostile.put(
                "alg twice, escaped",
                HostileClaims.hsHeader("{\"alg\":\"none\",\"\\u0061lg\":\"HS256\",\"kid\":\"main\"}"));
        for (String algorithm : new String[] {"RS256", "ES256", "EdDSA"}) {
            byte[] encoded = TestKeys.pairFor(algorithm).getPublic().getEncoded();
            String pem = TestKeys.pem(TestKeys.pairFor(algorithm).getPublic());
            String[] kids = {"\"" + algorithm + "\"", "\"main\"", null};
            for (String kid : kids) {
                String header = "{\"alg\":\"HS256\"" + (kid == null ? "" : ",\"kid\":" + kid) + "}";
                for (byte[] secret : new byte[][] {
                    encoded, pem.getBytes(US_ASCII), pem.strip().getBytes(US_ASCII)
                }) {
                    hostile.put(
                            "HS256 with the public key " + algorithm + " of " + secret.length + " bytes, kid " + kid,
                            TestKeys.token(header, HostileClaims.good(""), TestKeys.hmac("HS256", secret)));
                }
            }
        }
        hostile.put("RS256 token for the PS256 key", HostileClaims.signed("RS256", "PS256"));
        hostile.put("PS256 token for the RS256 key", HostileClaims.signed("PS256", "RS256"));
        hostile.put("ES256 token for the ES384 key", HostileClaims.signed("ES256", "ES384"));
        hostile.put("RS384, which no key allows", HostileClaims.signed("RS384", "RS256"));
        hostile.put(
                "HS512, which no key allows",
                TestKeys.token(
                        "{\"alg\":\"HS512\",\"kid\":\"main\"}",
                        HostileClaims.good(""),
                        TestKeys.hmac("HS512", GateFixture.SECRET)));
    }

    static void headers(Map<String, String> hostile) {
        for (String kid : new String[] {
            "\"\"",
            "\"Main\"",
            "\"main \"",
            "\"../../etc/passwd\"",
            "\"main' OR '1'='1\"",
            "\"main\\u0000\"",
            "null",
            "7",
            "[\"main\"]",
            "{\"main\":1}",
            "\"RS256\"",
            "\"" + "k".repeat(3000) + "\""
        }) {
            String name = kid.length() > 40 ? "long" : kid;
            hostile.put("kid " + name, HostileClaims.hsHeader("{\"alg\":\"HS256\",\"kid\":" + kid + "}"));
        }
        for (String crit : new String[] {"[]", "[\"exp\"]", "[\"b64\"]", "null", "\"x\""}) {
            hostile.put(
                    "crit " + crit,
                    HostileClaims.hsHeader("{\"alg\":\"HS256\",\"kid\":\"main\",\"b64\":true,\"crit\":" + crit + "}"));
        }
        for (String typ : new String[] {"null", "1", "[\"JWT\"]", "{}"}) {
            hostile.put(
                    "typ " + typ, HostileClaims.hsHeader("{\"alg\":\"HS256\",\"kid\":\"main\",\"typ\":" + typ + "}"));
        }
        String jwk = "{" + TestKeys.jwkMembers(TestKeys.OTHER_RSA.getPublic()) + "}";
        hostile.put(
                "a key of its own in jwk",
                TestKeys.token(
                        "{\"alg\":\"RS256\",\"kid\":\"RS256\",\"jwk\":" + jwk + "}",
                        HostileClaims.good(""),
                        TestKeys.signer("RS256", TestKeys.OTHER_RSA)));
        hostile.put(
                "x5c",
                TestKeys.token(
                        "{\"alg\":\"RS256\",\"kid\":\"RS256\",\"x5c\":[\"AAAA\"]}",
                        HostileClaims.good(""),
                        TestKeys.signer("RS256", TestKeys.OTHER_RSA)));
        hostile.put(
                "header duplicate deep down",
                HostileClaims.hsHeader("{\"alg\":\"HS256\",\"kid\":\"main\",\"x\":{\"a\":1,\"a\":1}}"));
        hostile.put("header an array", HostileClaims.hsHeader("[\"HS256\"]"));
        hostile.put("header a string", HostileClaims.hsHeader("\"HS256\""));
        hostile.put("header with more after it", HostileClaims.hsHeader(HEADER + "{}"));
        hostile.put("header with a comment", HostileClaims.hsHeader("/**/" + HEADER));
        hostile.put("header cut off", HostileClaims.hsHeader("{\"alg\":\"HS256\",\"kid\":\"main\""));
        hostile.put("header not JSON", HostileClaims.hsHeader("alg=HS256"));
    }
}
