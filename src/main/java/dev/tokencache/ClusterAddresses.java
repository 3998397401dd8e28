package dev.tokencache;

/**
 * The addresses at which a cache answers other nodes of a cluster. They differ from those for its own process: an address with
 * consumers of both kinds on one node would be served by them in turn. A node's name has no dot.
 */
public final class ClusterAddresses {
    /** The header of a message that holds {@code Bearer <JWT>}. */
    public static final String AUTHORIZATION = "authorization";

    private final String base;

    /** Those of a base address. */
    public ClusterAddresses(String baseAddress) {
        base = baseAddress + ".cluster";
    }

    /** An operation of any node, chosen in turn: for single requests, not for what must agree with one another. */
    public String any(Operation operation) {
        return operation.address(base);
    }

    /** An operation of one node. */
    public String of(String node, Operation operation) {
        return operation.address(base + '.' + node);
    }

    /** Any node's name: null to JsonObject {node}. */
    public String locate() {
        return base + ".locate";
    }

    /** Whether a node answers: null to JsonObject {node}. */
    public String locate(String node) {
        return base + '.' + node + ".locate";
    }

    /** Published from cache nodes to cache nodes: JsonObject {node, changes}, which files to look at. */
    public String changed() {
        return base + ".changed";
    }

    /** Published to clients: JsonObject {node}, which has events to be asked for. */
    public String news() {
        return base + ".news";
    }
}
