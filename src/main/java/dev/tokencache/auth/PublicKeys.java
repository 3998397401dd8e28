package dev.tokencache.auth;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.EllipticCurve;
import java.security.spec.NamedParameterSpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;

/** Makes public keys of their written forms, and refuses those that protect nothing. */
final class PublicKeys {
    private static final int MIN_RSA_BITS = 2048;
    private static final int MAX_RSA_BITS = 8192;
    private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
    private static final String END = "-----END PUBLIC KEY-----";

    /** RFC 8410: the SubjectPublicKeyInfo of an Ed25519 key up to its 32 bytes. */
    private static final byte[] ED25519_PREFIX = {0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0};

    private PublicKeys() {}

    /**
     * The key in a PEM text with one {@code PUBLIC KEY} block.
     *
     * @param name what to call it in a failure
     * @throws KeyException when it is malformed, of another kind than the algorithm needs, weak or a sample
     */
    static PublicKey ofPem(String name, byte[] pem, JwsAlgorithm algorithm) {
        String text = new String(pem, StandardCharsets.ISO_8859_1);
        if (text.contains("PRIVATE KEY-----")) {
            throw new KeyException(name + ": a private key where the public one belongs");
        }
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin || text.indexOf("-----BEGIN", begin + 1) >= 0) {
            throw new KeyException(name + ": not one PEM block with BEGIN PUBLIC KEY");
        }
        String body = text.substring(begin + BEGIN.length(), end).replaceAll("[ \\t\\r\\n]", "");
        try {
            return of(name, Base64.getDecoder().decode(body), algorithm);
        } catch (IllegalArgumentException e) {
            throw new KeyException(name + ": malformed base64 in the PEM block");
        }
    }

    /** An RSA key of its modulus and exponent. */
    static PublicKey ofRsa(String name, byte[] modulus, byte[] exponent, JwsAlgorithm algorithm) {
        return checked(
                name,
                algorithm,
                () -> KeyFactory.getInstance("RSA")
                        .generatePublic(new RSAPublicKeySpec(new BigInteger(1, modulus), new BigInteger(1, exponent))));
    }

    /** A point of the curve that the algorithm uses. */
    static PublicKey ofPoint(String name, byte[] x, byte[] y, JwsAlgorithm algorithm) {
        return checked(name, algorithm, () -> {
            ECPoint point = new ECPoint(new BigInteger(1, x), new BigInteger(1, y));
            return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, curve(algorithm)));
        });
    }

    /** An Ed25519 key of its 32 bytes. */
    static PublicKey ofEd25519(String name, byte[] key) {
        byte[] info = Arrays.copyOf(ED25519_PREFIX, ED25519_PREFIX.length + key.length);
        System.arraycopy(key, 0, info, ED25519_PREFIX.length, key.length);
        return of(name, info, JwsAlgorithm.EDDSA);
    }

    private static PublicKey of(String name, byte[] subjectPublicKeyInfo, JwsAlgorithm algorithm) {
        return checked(
                name,
                algorithm,
                () -> KeyFactory.getInstance(
                                switch (algorithm.family()) {
                                    case RSA -> "RSA";
                                    case EC -> "EC";
                                    case OKP -> "Ed25519";
                                    case HMAC -> throw new IllegalArgumentException("no public key");
                                })
                        .generatePublic(new X509EncodedKeySpec(subjectPublicKeyInfo)));
    }

    private static PublicKey checked(String name, JwsAlgorithm algorithm, Maker maker) {
        try {
            PublicKey key = maker.make();
            if (key instanceof RSAPublicKey rsa) {
                check(name, rsa);
            } else if (key instanceof ECPublicKey ec) {
                check(name, ec, curve(algorithm));
            } else if (key instanceof EdECPublicKey ed) {
                check(name, ed);
            }
            return key;
        } catch (KeyException e) {
            throw e;
        } catch (GeneralSecurityException | RuntimeException e) {
            throw new KeyException(name + ": malformed, or not a public key for " + algorithm.wireName());
        }
    }

    private static void check(String name, RSAPublicKey key) {
        int bits = key.getModulus().bitLength();
        if (bits < MIN_RSA_BITS || bits > MAX_RSA_BITS) {
            throw new KeyException(
                    name + ": RSA modulus of " + bits + " bits, not " + MIN_RSA_BITS + " to " + MAX_RSA_BITS);
        }
        // With the exponent 1 everybody can sign.
        BigInteger exponent = key.getPublicExponent();
        if (exponent.bitLength() < 2
                || !exponent.testBit(0)
                || !key.getModulus().testBit(0)) {
            throw new KeyException(name + ": not an RSA key");
        }
        refuseSample(name, key.getModulus(), (bits + 7) / 8);
    }

    private static void check(String name, ECPublicKey key, ECParameterSpec expected) {
        EllipticCurve curve = key.getParams().getCurve();
        if (!curve.equals(expected.getCurve()) || !key.getParams().getOrder().equals(expected.getOrder())) {
            throw new KeyException(name + ": a key on another curve than its algorithm's");
        }
        BigInteger prime = ((ECFieldFp) curve.getField()).getP();
        BigInteger x = key.getW().getAffineX();
        BigInteger y = key.getW().getAffineY();
        BigInteger right = x.pow(3).add(curve.getA().multiply(x)).add(curve.getB());
        if (x.compareTo(prime) >= 0
                || y.compareTo(prime) >= 0
                || !y.pow(2).subtract(right).mod(prime).equals(BigInteger.ZERO)) {
            throw new KeyException(name + ": a point that is not on its curve");
        }
        refuseSample(name, x, (prime.bitLength() + 7) / 8);
    }

    private static void check(String name, EdECPublicKey key) {
        if (!key.getParams().getName().equals(NamedParameterSpec.ED25519.getName())) {
            throw new KeyException(name + ": not an Ed25519 key");
        }
        byte[] encoded = key.getEncoded();
        if (SampleKeys.isSample(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length))) {
            throw sample(name);
        }
    }

    private static void refuseSample(String name, BigInteger number, int length) {
        byte[] bytes = number.toByteArray();
        byte[] unsigned = new byte[length];
        int count = Math.min(length, bytes.length);
        System.arraycopy(bytes, bytes.length - count, unsigned, length - count, count);
        if (SampleKeys.isSample(unsigned)) {
            throw sample(name);
        }
    }

    private static KeyException sample(String name) {
        return new KeyException(name + ": a published sample, whose private key everybody has");
    }

    private static ECParameterSpec curve(JwsAlgorithm algorithm) throws GeneralSecurityException {
        AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
        parameters.init(new ECGenParameterSpec(algorithm == JwsAlgorithm.ES384 ? "secp384r1" : "secp256r1"));
        return parameters.getParameterSpec(ECParameterSpec.class);
    }

    @FunctionalInterface
    private interface Maker {
        PublicKey make() throws GeneralSecurityException;
    }
}
