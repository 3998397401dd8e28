package dev.tokencache.auth;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Keys for tests: made on the spot, good for nothing else. */
final class TestKeys {
    static final KeyPair RSA = pair("RSA", null);
    static final KeyPair OTHER_RSA = pair("RSA", null);
    static final KeyPair P256 = pair("EC", "secp256r1");
    static final KeyPair P384 = pair("EC", "secp384r1");
    static final KeyPair ED25519 = pair("Ed25519", null);

    private TestKeys() {}

    /** Signs the first two parts of a token. */
    @FunctionalInterface
    interface Signer {
        byte[] sign(byte[] input) throws GeneralSecurityException;
    }

    /** 32 bytes that are always the same for one seed. */
    static byte[] secret(long seed) {
        byte[] bytes = new byte[32];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static KeyPair pair(String algorithm, String curve) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            if (curve != null) {
                generator.initialize(new ECGenParameterSpec(curve));
            } else if (algorithm.equals("RSA")) {
                generator.initialize(2048);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static KeyPair pairFor(String algorithm) {
        return switch (algorithm) {
            case "ES256" -> P256;
            case "ES384" -> P384;
            case "EdDSA" -> ED25519;
            default -> RSA;
        };
    }

    static Signer hmac(String algorithm, byte[] secret) {
        return input -> {
            Mac mac = Mac.getInstance("HmacSHA" + algorithm.substring(2));
            mac.init(new SecretKeySpec(secret, mac.getAlgorithm()));
            return mac.doFinal(input);
        };
    }

    static Signer signer(String algorithm, KeyPair pair) {
        return input -> {
            Signature signature = Signature.getInstance(jdkName(algorithm));
            if (algorithm.startsWith("PS")) {
                int bits = Integer.parseInt(algorithm.substring(2));
                signature.setParameter(
                        new PSSParameterSpec("SHA-" + bits, "MGF1", new MGF1ParameterSpec("SHA-" + bits), bits / 8, 1));
            }
            signature.initSign(pair.getPrivate());
            signature.update(input);
            return signature.sign();
        };
    }

    private static String jdkName(String algorithm) {
        String hash = "SHA" + algorithm.substring(2);
        return switch (algorithm.substring(0, 2)) {
            case "RS" -> hash + "withRSA";
            case "PS" -> "RSASSA-PSS";
            case "ES" -> hash + "withECDSAinP1363Format";
            default -> "Ed25519";
        };
    }

    static String pem(PublicKey key) {
        return "-----BEGIN PUBLIC KEY-----\n" + Base64.getMimeEncoder().encodeToString(key.getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path writeSecret(Path file, byte[] secret) {
        return write(file, Base64Url.encode(secret) + "\n");
    }

    /** The members of a JWK that say the key, without braces. */
    static String jwkMembers(PublicKey key) {
        if (key instanceof RSAPublicKey rsa) {
            return "\"kty\":\"RSA\",\"n\":\"" + number(rsa.getModulus(), 256) + "\",\"e\":\"AQAB\"";
        }
        if (key instanceof ECPublicKey ec) {
            int length = (ec.getParams().getOrder().bitLength() + 7) / 8;
            return "\"kty\":\"EC\",\"crv\":\"P-" + length * 8 + "\",\"x\":\""
                    + number(ec.getW().getAffineX(), length) + "\",\"y\":\""
                    + number(ec.getW().getAffineY(), length) + "\"";
        }
        byte[] encoded = key.getEncoded();
        return "\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\""
                + Base64Url.encode(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length)) + "\"";
    }

    static String number(BigInteger number, int length) {
        byte[] bytes = number.toByteArray();
        byte[] fixed = new byte[length];
        int count = Math.min(length, bytes.length);
        System.arraycopy(bytes, bytes.length - count, fixed, length - count, count);
        return Base64Url.encode(fixed);
    }

    /** A token of exactly this header and these claims. */
    static String token(String header, String claims, Signer signer) {
        String input = part(header) + "." + part(claims);
        try {
            return input + "." + Base64Url.encode(signer.sign(input.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static String part(String json) {
        return Base64Url.encode(json.getBytes(StandardCharsets.UTF_8));
    }
}
