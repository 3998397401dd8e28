package dev.tokencache.server;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.util.Base64URL;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Keys of every kind, configured for a server under the names of their algorithms, and tokens that another library makes. */
final class Forge {
    static final List<String> ALGORITHMS = List.of(
            "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA");

    final byte[] secret = random();
    final RSAKey rsa;
    final ECKey p256;
    final ECKey p384;
    final KeyPair ed25519;

    Forge() throws JOSEException, GeneralSecurityException {
        rsa = new RSAKeyGenerator(2048).keyID("set").generate();
        p256 = new ECKeyGenerator(Curve.P_256).generate();
        p384 = new ECKeyGenerator(Curve.P_384).generate();
        ed25519 = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    }

    static byte[] random() {
        byte[] bytes = new byte[64];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    /** Writes all keys into a directory; the value of {@code auth.keys} that names them from there. */
    String configure(Path directory) throws IOException, JOSEException {
        List<String> keys = new ArrayList<>();
        for (String algorithm : ALGORITHMS) {
            boolean shared = algorithm.startsWith("HS");
            Path file = directory.resolve(algorithm + ".key");
            Files.writeString(file, shared ? Base64URL.encode(secret).toString() : pem(publicKey(algorithm)));
            keys.add("{id: " + algorithm + ", algorithm: " + algorithm + ", "
                    + (shared ? "secretFile" : "publicKeyFile") + ": " + algorithm + ".key}");
        }
        return "[" + String.join(", ", keys) + "]";
    }

    Key publicKey(String algorithm) throws JOSEException {
        return switch (algorithm) {
            case "ES256" -> p256.toECPublicKey();
            case "ES384" -> p384.toECPublicKey();
            case "EdDSA" -> ed25519.getPublic();
            default -> rsa.toRSAPublicKey();
        };
    }

    static String pem(Key key) {
        return "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    /** A key set as a server publishes it. */
    static String jwks(JWK... keys) {
        return new JWKSet(List.of(keys)).toPublicJWKSet().toString();
    }

    /** Claims that are good now; the values are JSON. */
    static Map<String, String> claims() {
        long now = System.currentTimeMillis() / 1000;
        Map<String, String> claims = new TreeMap<>();
        claims.put("sub", "\"forger\"");
        claims.put("iss", "\"us\"");
        claims.put("aud", "\"me\"");
        claims.put("iat", String.valueOf(now - 5));
        claims.put("exp", String.valueOf(now + 3_600));
        claims.put("scope", "\"tokens:read\"");
        claims.put("projects", "[\"demo\"]");
        return claims;
    }

    static String json(Map<String, String> members) {
        return "{"
                + String.join(
                        ",",
                        members.entrySet().stream()
                                .map(member -> "\"" + member.getKey() + "\":" + member.getValue())
                                .toList())
                + "}";
    }

    /** A token with one algorithm's own key. */
    String token(String algorithm, UnaryOperator<JWSHeader.Builder> header, String claims) throws Exception {
        if (algorithm.equals("EdDSA")) {
            String input = part("{\"alg\":\"EdDSA\",\"kid\":\"EdDSA\"}") + "." + part(claims);
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(ed25519.getPrivate());
            signature.update(input.getBytes(StandardCharsets.US_ASCII));
            return input + "." + Base64URL.encode(signature.sign());
        }
        return token(algorithm, signer(algorithm), header, claims);
    }

    /** A token with another key. */
    static String token(String algorithm, JWSSigner signer, UnaryOperator<JWSHeader.Builder> header, String claims)
            throws JOSEException {
        JWSHeader.Builder builder = new JWSHeader.Builder(JWSAlgorithm.parse(algorithm)).keyID(algorithm);
        JWSObject token = new JWSObject(header.apply(builder).build(), new Payload(claims));
        token.sign(signer);
        return token.serialize();
    }

    /** A good token. */
    String token(String algorithm) throws Exception {
        return token(algorithm, header -> header, json(claims()));
    }

    JWSSigner signer(String algorithm) throws JOSEException {
        return switch (algorithm.substring(0, 2)) {
            case "HS" -> new MACSigner(secret);
            case "ES" -> new ECDSASigner(algorithm.equals("ES256") ? p256 : p384);
            default -> new RSASSASigner(rsa);
        };
    }

    static String part(String json) {
        return Base64URL.encode(json).toString();
    }

    /** A mac by hand, where the library refuses to help. */
    static String mac(String header, String claims, byte[] secret) throws GeneralSecurityException {
        String input = part(header) + "." + part(claims);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        return input + "." + Base64URL.encode(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
    }
}
