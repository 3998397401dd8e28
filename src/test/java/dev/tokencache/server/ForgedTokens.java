package dev.tokencache.server;

import static dev.tokencache.server.Forge.claims;
import static dev.tokencache.server.Forge.json;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.Key;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Tokens that are forged, expired, malformed or confused, by what is wrong with them. */
final class ForgedTokens {
    private final Forge forge;
    private final Map<String, String> tokens = new LinkedHashMap<>();

    private ForgedTokens(Forge forge) {
        this.forge = forge;
    }

    /** @param listening an address at which nobody may ever knock */
    static Map<String, String> of(Forge forge, URI listening) throws Exception {
        ForgedTokens forged = new ForgedTokens(forge);
        forged.unsigned();
        forged.confused();
        forged.wrongKeys();
        forged.headers(listening);
        forged.times();
        forged.parties();
        forged.spellings();
        return forged.tokens;
    }

    private void unsigned() throws Exception {
        String claims = json(claims());
        for (String alg : new String[] {"none", "None", "NONE", "nOnE", "none ", ""}) {
            String header = "{\"alg\":\"" + alg + "\",\"kid\":\"HS256\"}";
            tokens.put("alg '" + alg + "' unsigned", Forge.part(header) + "." + Forge.part(claims) + ".");
            tokens.put("alg '" + alg + "' with a mac", Forge.mac(header, claims, forge.secret));
        }
        tokens.put("two parts", Forge.part("{\"alg\":\"none\"}") + "." + Forge.part(claims));
        tokens.put("alg hs256", Forge.mac("{\"alg\":\"hs256\",\"kid\":\"HS256\"}", claims, forge.secret));
        tokens.put("alg missing", Forge.mac("{\"kid\":\"HS256\"}", claims, forge.secret));
        tokens.put(
                "alg twice", Forge.mac("{\"alg\":\"none\",\"alg\":\"HS256\",\"kid\":\"HS256\"}", claims, forge.secret));
    }

    private void confused() throws Exception {
        for (String algorithm : new String[] {"RS256", "ES256", "ES384", "EdDSA"}) {
            Key key = forge.publicKey(algorithm);
            for (String kid : new String[] {algorithm, "HS256"}) {
                String header = "{\"alg\":\"HS256\",\"kid\":\"" + kid + "\"}";
                String name = "HS256 with the public key of " + algorithm + " as " + kid;
                byte[] pem = Forge.pem(key).getBytes(StandardCharsets.US_ASCII);
                tokens.put(name + ", PEM", Forge.mac(header, json(claims()), pem));
                tokens.put(name + ", DER", Forge.mac(header, json(claims()), key.getEncoded()));
            }
        }
        tokens.put("HS256 with the published key set", set());
        tokens.put("RS256 for the PS256 key", signed("RS256", header -> header.keyID("PS256")));
        tokens.put("HS512 for the HS256 key", signed("HS512", header -> header.keyID("HS256")));
        tokens.put("ES384 for the ES256 key", signed("ES384", header -> header.keyID("ES256")));
    }

    private String set() throws Exception {
        byte[] set = Forge.jwks(forge.rsa).getBytes(StandardCharsets.UTF_8);
        return Forge.mac("{\"alg\":\"HS256\",\"kid\":\"set\"}", json(claims()), set);
    }

    private void wrongKeys() throws Exception {
        String claims = json(claims());
        UnaryOperator<JWSHeader.Builder> same = header -> header;
        tokens.put("HS256, another secret", Forge.token("HS256", new MACSigner(Forge.random()), same, claims));
        RSAKey rsa = new RSAKeyGenerator(2048).generate();
        tokens.put("RS256, another key", Forge.token("RS256", new RSASSASigner(rsa), same, claims));
        tokens.put("PS256, another key", Forge.token("PS256", new RSASSASigner(rsa), same, claims));
        ECDSASigner other = new ECDSASigner(new ECKeyGenerator(Curve.P_256).generate());
        tokens.put("ES256, another key", Forge.token("ES256", other, same, claims));
        tokens.put(
                "another key that the header brings along",
                Forge.token("RS256", new RSASSASigner(rsa), header -> header.jwk(rsa.toPublicJWK()), claims));
        String good = forge.token("HS256");
        String more = forge.token("HS256", same, json(with("scope", "\"tokens:read tokens:write\"")));
        tokens.put(
                "claims of one, signature of another",
                more.substring(0, more.lastIndexOf('.')) + good.substring(good.lastIndexOf('.')));
    }

    private void headers(URI listening) throws Exception {
        for (String kid : new String[] {
            "unknown",
            "",
            "hs256",
            "HS256\u0000",
            "../../HS256.key",
            "/dev/null",
            "' OR '1'='1",
            "*",
            "HS256 ",
            "x".repeat(900)
        }) {
            String shown = kid.length() > 20 ? "long" : kid.replace('\u0000', '0');
            tokens.put("kid '" + shown + "'", signed("HS256", header -> header.keyID(kid)));
        }
        tokens.put("kid a number", Forge.mac("{\"alg\":\"HS256\",\"kid\":1}", json(claims()), forge.secret));
        tokens.put("kid null", Forge.mac("{\"alg\":\"HS256\",\"kid\":null}", json(claims()), forge.secret));
        tokens.put(
                "crit",
                signed("HS256", header -> header.criticalParams(Set.of("exp")).customParam("exp", 1)));
        tokens.put("crit b64", signed("HS256", header -> header.criticalParams(Set.of("b64"))));
        RSASSASigner other = new RSASSASigner(new RSAKeyGenerator(2048).generate());
        for (String kid : new String[] {"RS256", "elsewhere"}) {
            tokens.put(
                    "jku, kid " + kid,
                    Forge.token("RS256", other, header -> header.keyID(kid).jwkURL(listening), json(claims())));
            tokens.put(
                    "x5u, kid " + kid,
                    Forge.token("RS256", other, header -> header.keyID(kid).x509CertURL(listening), json(claims())));
        }
    }

    private void times() throws Exception {
        long now = System.currentTimeMillis() / 1000;
        for (String exp : new String[] {
            String.valueOf(now - 1),
            "0",
            "-1",
            String.valueOf(now + 86_400 * 40),
            String.valueOf((now + 600) * 1_000),
            "1e308",
            "1e400",
            "9223372036854775807",
            "18446744073709551615",
            (now + 600) + ".5",
            (now + 600) + ".0",
            "\"" + (now + 600) + "\"",
            "\"\"",
            "null",
            "true",
            "{}",
            "[" + (now + 600) + "]"
        }) {
            tokens.put("exp " + exp, claiming(with("exp", exp)));
        }
        Map<String, String> endless = claims();
        endless.remove("exp");
        tokens.put("exp missing", claiming(endless));
        String twice = json(claims()).replace("{", "{\"exp\":" + (now + 900) + ",");
        tokens.put("exp twice", forge.token("HS256", header -> header, twice));
        tokens.put("nbf in the future", claiming(with("nbf", String.valueOf(now + 120))));
        tokens.put("nbf a text", claiming(with("nbf", "\"" + now + "\"")));
        tokens.put("iat in the future", claiming(with("iat", String.valueOf(now + 120))));
    }

    private void parties() throws Exception {
        for (String claim : new String[] {"iss", "aud"}) {
            for (String value : new String[] {"\"you\"", "\"\"", "null", "1", "{}", "[]", "[1]", "[\"you\"]", "true"}) {
                tokens.put(claim + " " + value, claiming(with(claim, value)));
            }
            Map<String, String> without = claims();
            without.remove(claim);
            tokens.put(claim + " missing", claiming(without));
        }
        tokens.put("projects a text", claiming(with("projects", "\"demo\"")));
        tokens.put("scope a list", claiming(with("scope", "[\"tokens:read\"]")));
        tokens.put("sub a number", claiming(with("sub", "1")));
    }

    private void spellings() throws Exception {
        String good = forge.token("HS256");
        tokens.put("trailing dot", good + ".");
        tokens.put("trailing dots", good + "..");
        tokens.put("padded", good + "=");
        char last = good.charAt(good.length() - 1);
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        tokens.put(
                "spare bits of the signature",
                good.substring(0, good.length() - 1) + alphabet.charAt(alphabet.indexOf(last) + 1));
        tokens.put("a signature too short", good.substring(0, good.length() - 4));
        tokens.put("a signature too long", good + "AAAA");
        tokens.put("no signature", good.substring(0, good.lastIndexOf('.') + 1));
        tokens.put("five parts", "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..AAAA.AAAA.AAAA");
        tokens.put("no JSON", Forge.part("alg=HS256") + "." + Forge.part(json(claims())) + ".AAAA");
        tokens.put("dots", "..");
        tokens.put("7 KiB", claiming(with("x", "\"" + "x".repeat(5_000) + "\"")));
    }

    private static Map<String, String> with(String claim, String value) {
        Map<String, String> claims = claims();
        claims.put(claim, value);
        return claims;
    }

    private String claiming(Map<String, String> claims) throws Exception {
        return forge.token("HS256", header -> header, json(claims));
    }

    private String signed(String algorithm, UnaryOperator<JWSHeader.Builder> header) throws Exception {
        return forge.token(algorithm, header, json(claims()));
    }
}
