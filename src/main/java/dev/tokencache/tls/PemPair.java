package dev.tokencache.tls;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;

/**
 * A certificate and its private key as PEM, read by the code that will serve them: the key is that of the first certificate, and
 * not encrypted. Failures name the setting, never what is in a file. Takes milliseconds: for no event loop.
 */
public final class PemPair {
    private static final int MIN_RSA_BITS = 2048;
    private static final Pattern CERTIFICATE =
            Pattern.compile("-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----");

    private final X509Certificate certificate;
    private final PemKeyCertOptions options;

    private PemPair(X509Certificate certificate, PemKeyCertOptions options) {
        this.certificate = certificate;
        this.options = options;
    }

    /**
     * Reads and checks both.
     *
     * @param certName the setting that names the certificate's file
     * @param keyName the setting that names the key's file
     * @throws TlsException when they can't be used, or not together
     */
    public static PemPair of(String certName, byte[] cert, String keyName, byte[] key) throws TlsException {
        X509Certificate certificate = certificates(certName, cert).get(0);
        PublicKey published = certificate.getPublicKey();
        if (published instanceof RSAKey rsa && rsa.getModulus().bitLength() < MIN_RSA_BITS) {
            throw new TlsException(certName + ": its RSA key has less than " + MIN_RSA_BITS + " bits");
        }
        if (new String(key, StandardCharsets.ISO_8859_1).contains("ENCRYPTED")) {
            throw new TlsException(
                    keyName + ": is encrypted; it must be a plain private key (PEM) in a file of its own");
        }
        PemKeyCertOptions options =
                new PemKeyCertOptions().addCertValue(Buffer.buffer(cert)).addKeyValue(Buffer.buffer(key));
        PrivateKey secret;
        try {
            secret = privateKey(options, published.getAlgorithm());
        } catch (Exception e) { // the loader declares no narrower one, and its message may quote what it read
            throw new TlsException(keyName + ": holds no usable private key (PEM, RSA or EC) for " + certName);
        }
        if (secret == null || !isPair(secret, published)) {
            throw new TlsException(keyName + ": is not the key of the first certificate in " + certName);
        }
        return new PemPair(certificate, options);
    }

    /**
     * Certificates in the order of the file, at least one; what else is in it is skipped.
     *
     * @param name the setting that names the file
     */
    public static List<X509Certificate> certificates(String name, byte[] pem) throws TlsException {
        List<X509Certificate> certificates = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            Matcher blocks = CERTIFICATE.matcher(new String(pem, StandardCharsets.ISO_8859_1));
            while (blocks.find()) {
                byte[] block = blocks.group().getBytes(StandardCharsets.ISO_8859_1);
                certificates.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block)));
            }
        } catch (CertificateException e) {
            // The parser's message may quote what it read.
            throw new TlsException(name + ": a certificate in it is broken");
        }
        if (certificates.isEmpty()) {
            throw new TlsException(name + ": holds no certificate (PEM)");
        }
        return certificates;
    }

    /** Null when it is a key of another algorithm. */
    private static PrivateKey privateKey(PemKeyCertOptions pair, String algorithm) throws Exception {
        for (KeyManager manager : pair.getKeyManagerFactory(null).getKeyManagers()) {
            if (manager instanceof X509KeyManager keys) {
                String[] aliases = keys.getServerAliases(algorithm, null);
                if (aliases != null && aliases.length > 0) {
                    return keys.getPrivateKey(aliases[0]);
                }
            }
        }
        return null;
    }

    /** The loader takes any two: what one signs the other must verify. */
    private static boolean isPair(PrivateKey secret, PublicKey published) {
        byte[] text = "pair".getBytes(StandardCharsets.US_ASCII);
        String algorithm = secret.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
        try {
            Signature signer = Signature.getInstance(algorithm);
            signer.initSign(secret);
            signer.update(text);
            byte[] signature = signer.sign();
            Signature verifier = Signature.getInstance(algorithm);
            verifier.initVerify(published);
            verifier.update(text);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** The first one: whoever shows it has the key. */
    public X509Certificate certificate() {
        return certificate;
    }

    /** Both, with the certificates behind the first one, as Vert.x takes them. */
    public PemKeyCertOptions options() {
        return options;
    }
}
