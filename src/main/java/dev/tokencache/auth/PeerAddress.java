package dev.tokencache.auth;

import io.netty.util.NetUtil;
import java.util.Arrays;

/** A numeric IP address. An IPv4 address in IPv6's clothes ({@code ::ffff:192.0.2.1}) is the IPv4 address. Immutable. */
public final class PeerAddress {
    private static final int V4_BYTES = 4;
    private static final int V6_NETWORK_BYTES = 8;
    private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

    private final byte[] bytes;

    private PeerAddress(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The address that the text spells; null for anything else, a host's name included: nothing is looked up. */
    public static PeerAddress parse(String text) {
        byte[] bytes = text == null ? null : NetUtil.createByteArrayFromIpAddressString(text);
        if (bytes == null) {
            return null;
        }
        boolean mapped = bytes.length > V4_BYTES && Arrays.equals(bytes, 0, MAPPED.length, MAPPED, 0, MAPPED.length);
        return new PeerAddress(mapped ? Arrays.copyOfRange(bytes, MAPPED.length, bytes.length) : bytes);
    }

    /** How many bits it has: 32 or 128. */
    int bits() {
        return bytes.length * Byte.SIZE;
    }

    /** Whether its first bits are those of the other address, which is of the same kind. */
    boolean startsLike(PeerAddress other, int prefixBits) {
        if (other.bytes.length != bytes.length) {
            return false;
        }
        int whole = prefixBits / Byte.SIZE;
        if (!Arrays.equals(bytes, 0, whole, other.bytes, 0, whole)) {
            return false;
        }
        int rest = prefixBits % Byte.SIZE;
        return rest == 0 || (bytes[whole] ^ other.bytes[whole]) >> (Byte.SIZE - rest) == 0;
    }

    /**
     * Whom failures are counted for: the address itself, of IPv6 its first 64 bits. A single host is commonly given a whole
     * /64 and may take another of its 2^64 addresses for each try.
     */
    public PeerAddress network() {
        return bytes.length == V4_BYTES ? this : new PeerAddress(Arrays.copyOf(bytes, V6_NETWORK_BYTES));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PeerAddress address && Arrays.equals(bytes, address.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** The address as one writes it. */
    @Override
    public String toString() {
        return bytes.length == V6_NETWORK_BYTES
                ? NetUtil.bytesToIpAddress(Arrays.copyOf(bytes, 2 * V6_NETWORK_BYTES)) + "/64"
                : NetUtil.bytesToIpAddress(bytes);
    }
}
