package dev.tokencache.auth;

import static dev.tokencache.auth.GateFixture.HEADER;
import static dev.tokencache.auth.GateFixture.SIGNER;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;

/** Good tokens written differently, and tokens with wrong signatures. */
final class HostileSpellings {
    private HostileSpellings() {}

    static String bytes(byte[] header, byte[] claims) {
        String input = Base64Url.encode(header) + "." + Base64Url.encode(claims);
        try {
            return input + "." + Base64Url.encode(SIGNER.sign(input.getBytes(US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static void spelling(Map<String, String> hostile) {
        String good = HostileClaims.hs(HostileClaims.good(""));
        String signature = good.substring(good.lastIndexOf('.') + 1);
        String signed = good.substring(0, good.lastIndexOf('.'));
        hostile.put("trailing dot", good + ".");
        hostile.put("trailing dots", good + "...");
        hostile.put("leading dot", "." + good);
        hostile.put("empty header", good.substring(good.indexOf('.')));
        hostile.put("empty claims", TestKeys.part(HEADER) + ".." + signature);
        hostile.put("empty signature", signed + ".");
        hostile.put("no signature", signed);
        hostile.put("dots only", "..");
        hostile.put("one dot", ".");
        hostile.put("empty", "");
        hostile.put("five parts", good + "." + signature + "." + signature);
        hostile.put("padded signature", good + "=");
        hostile.put("doubly padded signature", good + "==");
        hostile.put("padded header", good.replaceFirst("\\.", "=."));
        hostile.put(
                "spare bit in the signature",
                good.substring(0, good.length() - 1) + next(good.charAt(good.length() - 1)));
        hostile.put("a character too many", good + "A");
        hostile.put("space before", " " + good);
        hostile.put("space after", good + " ");
        hostile.put("space within", signed + ". " + signature);
        hostile.put("tab before", "\t" + good);
        hostile.put("line end within", signed + ".\r\n" + signature);
        hostile.put("two tokens", good + " " + good);
        hostile.put("comma and another", good + "," + good);
        hostile.put("character beyond Latin", good + "\u0141");
        hostile.put(
                "standard base64",
                Base64.getEncoder().withoutPadding().encodeToString("{\"alg\":\"??>\"}".getBytes(US_ASCII))
                        + good.substring(good.indexOf('.')));
        hostile.put(
                "oversized by its claims", HostileClaims.hs(HostileClaims.good(",\"x\":\"" + "x".repeat(5000) + "\"")));
        hostile.put("oversized by far", "A".repeat(1_000_000));
        hostile.put("five parts of encryption", "eyJhbGciOiJkaXIifQ..AAAA.AAAA.AAAA");
        byte[] header = HEADER.getBytes(UTF_8);
        byte[] claims = HostileClaims.good("").getBytes(UTF_8);
        hostile.put("claims in UTF-16", bytes(header, HostileClaims.good("").getBytes(UTF_16BE)));
        hostile.put(
                "claims with a byte order mark", bytes(header, ("\ufeff" + HostileClaims.good("")).getBytes(UTF_8)));
        hostile.put("header with a byte order mark", bytes(("\ufeff" + HEADER).getBytes(UTF_8), claims));
        byte[] broken = HostileClaims.good("").replace("alice", "al\u00e9ce").getBytes(UTF_8);
        broken[indexOf(broken, (byte) 0xc3)] = (byte) 0xc0;
        hostile.put("claims with overlong UTF-8", bytes(header, broken));
    }

    static int indexOf(byte[] bytes, byte wanted) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        throw new AssertionError();
    }

    /** The neighbour in the alphabet: 32 bytes leave two spare bits, which are zero in a canonical last character. */
    static char next(char last) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return alphabet.charAt(alphabet.indexOf(last) + 1);
    }

    static void signatures(Map<String, String> hostile) {
        hostile.put(
                "another secret",
                TestKeys.token(HEADER, HostileClaims.good(""), TestKeys.hmac("HS256", TestKeys.secret(99))));
        hostile.put(
                "mac of nothing", TestKeys.token(HEADER, HostileClaims.good(""), input -> SIGNER.sign(new byte[0])));
        hostile.put(
                "shortened mac",
                TestKeys.token(HEADER, HostileClaims.good(""), input -> Arrays.copyOf(SIGNER.sign(input), 31)));
        hostile.put(
                "lengthened mac",
                TestKeys.token(HEADER, HostileClaims.good(""), input -> Arrays.copyOf(SIGNER.sign(input), 33)));
        String good = HostileClaims.hs(HostileClaims.good(""));
        String other = HostileClaims.hs(HostileClaims.good(",\"scope2\":1"));
        hostile.put(
                "claims of one, signature of another",
                good.substring(0, good.lastIndexOf('.')) + other.substring(other.lastIndexOf('.')));
        for (String algorithm : new String[] {"RS256", "PS256", "ES256", "ES384", "EdDSA"}) {
            String header = "{\"alg\":\"" + algorithm + "\"}";
            int length = switch (algorithm) {
                case "RS256", "PS256" -> 256;
                case "ES384" -> 96;
                default -> 64;
            };
            hostile.put(
                    algorithm + " zeros", TestKeys.token(header, HostileClaims.good(""), input -> new byte[length]));
            hostile.put(algorithm + " ones", TestKeys.token(header, HostileClaims.good(""), input -> {
                byte[] ones = new byte[length];
                Arrays.fill(ones, (byte) 0xff);
                return ones;
            }));
            hostile.put(algorithm + " one byte", TestKeys.token(header, HostileClaims.good(""), input -> new byte[1]));
            TestKeys.Signer signer = TestKeys.signer(algorithm, TestKeys.pairFor(algorithm));
            hostile.put(
                    algorithm + " with a byte more",
                    TestKeys.token(
                            header, HostileClaims.good(""), input -> Arrays.copyOf(signer.sign(input), length + 1)));
            hostile.put(
                    algorithm + " with a byte less",
                    TestKeys.token(
                            header, HostileClaims.good(""), input -> Arrays.copyOf(signer.sign(input), length - 1)));
        }
        hostile.put("ES256 in ASN.1", TestKeys.token("{\"alg\":\"ES256\"}", HostileClaims.good(""), input -> {
            var signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(TestKeys.P256.getPrivate());
            signature.update(input);
            return signature.sign();
        }));
    }
}
