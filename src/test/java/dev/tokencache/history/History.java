package dev.tokencache.history;

import java.util.List;

/**
 * Everything that was done and seen, in any order. An edit that a read saw is in it; reads may be missing.
 *
 * @param keys the keys are 0 to this, exclusive
 * @param boundNanos how long an edit may stay unseen
 */
record History(int keys, List<Edit> edits, List<Read> reads, List<Listing> listings, long boundNanos) {}
