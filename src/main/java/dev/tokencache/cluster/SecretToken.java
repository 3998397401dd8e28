package dev.tokencache.cluster;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jgroups.Message;
import org.jgroups.auth.AuthToken;

/**
 * Shows at a join that a node knows the cluster's secret, without telling it: a nonce and its HMAC-SHA-256. It says nothing of
 * when: who can read the traffic can show it once more, so TLS below it is what keeps strangers out of the network's way.
 */
public final class SecretToken extends AuthToken {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int NONCE = 16;
    private static final int MAC = 32;

    private final byte[] nonce = new byte[NONCE];
    private final byte[] secret;
    private byte[] mac = new byte[MAC];

    /** What a received token is read into; it can't check others. JGroups makes it. */
    public SecretToken() {
        secret = null;
    }

    /** A node's own. Filled at once: a merge leader hands it to itself without writing it. */
    SecretToken(byte[] secret) {
        this.secret = secret.clone();
        new SecureRandom().nextBytes(nonce);
        mac = mac(nonce);
    }

    private byte[] mac(byte[] text) {
        try {
            Mac hmac = Mac.getInstance(ALGORITHM);
            hmac.init(new SecretKeySpec(secret, ALGORITHM));
            return hmac.doFinal(text);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    @Override
    public String getName() {
        return SecretToken.class.getName();
    }

    @Override
    public int size() {
        return NONCE + MAC;
    }

    @Override
    public boolean authenticate(AuthToken token, Message message) {
        return secret != null
                && token instanceof SecretToken other
                && MessageDigest.isEqual(mac(other.nonce), other.mac);
    }

    @Override
    public void writeTo(DataOutput out) throws IOException {
        out.write(nonce);
        out.write(mac);
    }

    @Override
    public void readFrom(DataInput in) throws IOException {
        in.readFully(nonce);
        in.readFully(mac);
    }
}
