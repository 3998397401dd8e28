package dev.tokencache.auth;

/** An address, or all that begin with the same bits ({@code 10.0.0.0/8}, {@code 2001:db8::/32}). Immutable. */
public final class AddressRange {
    private final PeerAddress first;
    private final int prefixBits;

    private AddressRange(PeerAddress first, int prefixBits) {
        this.first = first;
        this.prefixBits = prefixBits;
    }

    /** The range that the text spells: an address with or without a prefix length. Null for anything else, names included. */
    public static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        PeerAddress first = PeerAddress.parse(slash < 0 ? text : text.substring(0, slash));
        if (first == null || text.indexOf('%') >= 0) {
            return null;
        }
        if (slash < 0) {
            return new AddressRange(first, first.bits());
        }
        String length = text.substring(slash + 1);
        if (!length.matches("0|[1-9][0-9]{0,2}") || Integer.parseInt(length) > first.bits()) {
            return null;
        }
        return new AddressRange(first, Integer.parseInt(length));
    }

    /** Whether the address is in it; IPv4 and IPv6 are never in each other's. */
    public boolean contains(PeerAddress address) {
        return first.startsLike(address, prefixBits);
    }

    /** Whether it holds all addresses of its kind. */
    public boolean isEverything() {
        return prefixBits == 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AddressRange range && range.first.equals(first) && range.prefixBits == prefixBits;
    }

    @Override
    public int hashCode() {
        return 31 * first.hashCode() + prefixBits;
    }

    @Override
    public String toString() {
        return first + "/" + prefixBits;
    }
}
