package dev.tokencache;

/** Where a reply's bytes came from; REST says it as {@code X-Cache}. */
public enum CacheStatus {
    /** From memory. */
    HIT,
    /** Loaded for this request, or for one it joined. */
    MISS,
    /** Read directly from the source, because the cache did not answer. */
    BYPASS
}
