/**
 * The cache verticle and the service behind it. Everything here but the options lives on one event loop: no locks, no
 * volatile fields, no concurrent maps. It is handed a {@link dev.tokencache.TokenSource} and knows no file.
 *
 * <h2>Why nothing comes back</h2>
 *
 * <p>The promise: nothing that was read before an invalidation is served to a request that started after it. An invalidation
 * is a write that ended, an explicit one, or a watcher's word. Being on one event loop, requests and invalidations have an
 * order, so it is enough to walk every way by which bytes come into memory, and every way by which they leave.
 *
 * <p><b>Into memory</b> there is one way for values, {@link dev.tokencache.cache.Tokens}' {@code settle}, one for lists,
 * {@link dev.tokencache.cache.Lists}' {@code store}, and one for names known to be absent, which is {@code settle} again. {@link
 * dev.tokencache.cache.Loads} calls them, for a load that is still the key's current one. Every invalidation takes away both
 * the entry and the current load of the key, the project or everything, in one turn of the loop; so does a time-out with the
 * load. A load that was started before therefore ends without being stored, whenever its source answers. This covers:
 * <ul>
 *   <li><i>A get that misses, a preload, the warm-up, a page, {@code add}'s look for the same account</i>: all go through
 *       {@code Tokens.load}.
 *   <li><i>A revalidation</i>: a load like any other. It restarts the life of the entry in memory only if that is the very
 *       entry it began with and its fingerprint can't stand for two versions; else it reads the file within the same load. An
 *       invalidation in between takes the load away as above.
 *   <li><i>A write</i>: its bytes are never put into memory, the next get reads them from the disk. It invalidates when the
 *       source has ended it, well or not, and before its reply; a get that was started earlier, and may have read the old
 *       file, is no longer current then.
 *   <li><i>The watcher</i>: its messages carry names, fingerprints and keyed tags, never contents or lists. They take
 *       away, unless what is in memory is exactly what was seen.
 *   <li><i>The list of the last run's most-read names</i>: names only.
 * </ul>
 *
 * <p>What records tell of the contents goes the same ways: a load's comes in with its value, and a write's, which isn't read
 * again, after the write's own invalidation. What takes a value away ends it ({@link dev.tokencache.cache.FileContents}).
 *
 * <p><b>Out of memory</b> a request gets an entry of the store, a list, a name known to be absent, what a record tells (pages
 * only, {@link dev.tokencache.cache.KnownFiles}), or the future of the key's current load. All but the last were put there by a
 * load or write that no invalidation has overtaken, and would have been taken away by a later one. The current load was started
 * after the key's last invalidation, for that took away the one before. Those
 * who waited for a load that was overtaken get its value all the same: they started before. It may be newer than what is in
 * memory or being loaded by then, since of two loads the first can look at the disk last: so what says otherwise is dropped, or
 * loaded once more, and answers never go back either.
 *
 * <p><b>Past the cache</b>, while it can't be reached, clients read the source themselves: each request reads the disk after
 * it started, and what it read is kept nowhere.
 *
 * <p>The clients and the HTTP side keep no value between two requests. What a client batches it has not sent yet.
 *
 * <p>Age and time-to-live count from the time the source stamps on a value before it reads, through every step: no bound adds
 * up. The proofs are {@code LoadOrderTest} (every order of loads, invalidations, writes and looks), {@code ModelTest} (random
 * sequences against a map) and {@code HistoryIT} (real files, real concurrency).
 */
package dev.tokencache.cache;
