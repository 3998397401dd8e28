package dev.tokencache.history;

/**
 * What every answer is held against. The answers of one key are judged alone, and so are its names in lists. All rules use
 * one relation: an edit <em>a</em> lies <em>surely before</em> an edit <em>b</em> when a's interval ended before b's began.
 * Edits whose intervals overlap may have happened in either order, and either may have undone the other: an answer that any
 * such order explains is right. An edit whose outcome is not known may happen at any time after it began and undoes nothing
 * for certain.
 *
 * <p>An answer is explained by an edit that began before the answer was there: a version by the edit that wrote it, an
 * absence by a removal, a fault by an edit that shows parts while it writes. A list's "present" is explained by any edit that
 * leaves a file, its "absent" by a removal. Where several explain it, one that breaks no rule is enough.
 */
enum Rule {
    /**
     * C3: an answer is one whole version that somebody wrote to this key, with the right checksum; or an absence or a fault
     * that an edit explains. A mix of two versions is explained only by an edit that overwrites without truncating.
     */
    ONE_VERSION,
    /**
     * C1: no read that began after the reply to a write through the cache is explained by an edit that lies surely before
     * that write.
     */
    READ_YOUR_WRITES,
    /**
     * C2: no read that began later than the bound after the end of any edit is explained by an edit that lies surely before
     * it; and a fault or mix is gone when the bound has passed since the end of the edit that made it.
     */
    SEEN_IN_TIME,
    /**
     * C4: once an answer has ended, no read that begins later is explained by an edit that lies surely before every edit
     * that explains that answer. So the answers of one key, over all readers, never go back.
     */
    NOTHING_COMES_BACK
}
